/// Why a figure could not be written.
public enum FigureError: Error, CustomStringConvertible, Equatable {
  /// The file could not be written; nothing was left behind, and an earlier file is untouched.
  case writing(path: String, reason: String)
  /// The picture could not be made at all, for lack of memory.
  case drawing(String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .writing(let path, let reason): "Cannot write the figure \(path): \(reason)."
    case .drawing(let reason):
      "Cannot draw the figure (\(reason)): free some memory and run again."
    }
  }
}
