import ArgumentParser

/// The flag with which all experiments are told to do only some of what they could.
///
/// ```swift
/// @OptionGroup var variantOptions: VariantOptions
/// let variants = try variantOptions.chosen(from: Variant.all, name: \.name)
/// ```
public struct VariantOptions: ParsableArguments, Sendable {
  /// The names of what is wanted; everything if there are none.
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Do only the part or variant of this name; may be repeated. Default: all.",
      valueName: "name"))
  public var only: [String] = []

  /// The flag's default.
  public init() {}

  /// The items that are wanted, in their own order.
  ///
  /// - Parameters:
  ///   - items: what there is to choose from.
  ///   - name: what an item is called on the command line.
  /// - Throws: `ValidationError` if a name is not known.
  public func chosen<Item>(from items: [Item], name: (Item) -> String) throws -> [Item] {
    let names = items.map(name)
    for unknown in only where !names.contains(unknown) {
      let known = names.map { "\"\($0)\"" }.joined(separator: ", ")
      throw ValidationError("--only knows \(known), but not \"\(unknown)\".")
    }
    return only.isEmpty ? items : items.filter { only.contains(name($0)) }
  }
}
