/// Why data could not be found, read or fetched: one sentence for the person at the terminal.
///
/// The sentence names the file and, where there is one, the way out.
public struct DataError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The sentence.
  public let description: String

  /// Makes an error from its sentence.
  public init(_ description: String) { self.description = description }
}
