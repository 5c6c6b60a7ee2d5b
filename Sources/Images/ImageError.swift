/// Why a picture could not be read or written: one sentence for the person at the terminal.
///
/// The sentence names the file and the way out.
public struct ImageError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The sentence.
  public let description: String

  /// Makes an error from its sentence.
  public init(_ description: String) { self.description = description }

  /// The picture's bytes end too early or contradict each other.
  static func damaged(_ name: String, _ detail: String) -> ImageError {
    ImageError(
      "\(name) is cut off or damaged (\(detail)): replace it by a whole copy, or remove it.")
  }
}
