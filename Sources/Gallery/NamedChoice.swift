import ArgumentParser

/// The items of a list such as `gru,dense`, in their own order; all of them if there is no list.
///
/// - Parameters:
///   - list: names with commas between, as given with a flag.
///   - items: what there is to choose from.
///   - name: what an item is called on the command line.
///   - flag: the flag, for the message.
/// - Throws: `ValidationError` if a name is not known.
public func chosen<Item>(
  _ list: String?, from items: [Item], name: (Item) -> String, flag: String
) throws -> [Item] {
  guard let list else { return items }
  let wanted = list.split(separator: ",", omittingEmptySubsequences: false).map {
    String($0.drop { $0 == " " })
  }
  let names = items.map(name)
  for unknown in wanted where !names.contains(unknown) {
    throw ValidationError(
      "\(flag) knows \(names.joined(separator: ", ")), but not \"\(unknown)\".")
  }
  return items.filter { wanted.contains(name($0)) }
}
