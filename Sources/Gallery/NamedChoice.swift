import ArgumentParser

/// The items that `--only` asks for, in their own order; all of them without the flag.
///
/// - Parameters:
///   - only: what was given with the flag, once or several times: names with commas between, such as `gru,dense`.
///   - items: what there is to choose from.
///   - name: what an item is called on the command line.
/// - Throws: `ValidationError` if a name is not known.
public func chosen<Item>(
  _ only: [String], from items: [Item], name: (Item) -> String
) throws -> [Item] {
  if only.isEmpty { return items }
  let wanted = only.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
    .map { String($0.drop { $0 == " " }) }
  let names = items.map(name)
  for unknown in wanted where !names.contains(unknown) {
    throw ValidationError(
      "--only knows \(names.joined(separator: ", ")), but not \"\(unknown)\".")
  }
  return items.filter { wanted.contains(name($0)) }
}
