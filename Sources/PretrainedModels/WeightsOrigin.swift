import DataFiles

/// Where the weights of a network come from; stands in every output that they lead to.
public struct WeightsOrigin: Equatable, Sendable {
  /// The name of the network.
  public let name: String
  /// Whether they are the book's weights, others that were really trained, or random numbers.
  public let kind: DataOrigin.Kind
  /// One or two sentences: what was trained on what, and which file it was read from.
  public let detail: String

  /// The sentence for the person at the terminal.
  var line: String { "\(name) weights (\(kind.rawValue)): \(detail)" }
}
