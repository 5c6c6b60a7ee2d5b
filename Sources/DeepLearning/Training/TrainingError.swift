import Foundation

/// Why training or a file of weights failed, in a sentence.
public enum TrainingError: Error, CustomStringConvertible {
  /// The loss is no longer a number.
  case notFinite(epoch: Int, step: Int)
  /// A callback watches something that is not measured.
  case noMeasurement(String, Logs)
  /// A file could not be written.
  case notWritten(URL, reason: String)
  /// A file of weights could not be used.
  case badWeights(URL, reason: String)

  /// What happened and what to do next.
  public var description: String {
    switch self {
    case .notFinite(let epoch, let step):
      "The loss stopped being a number in epoch \(epoch), step \(step): the steps are too large or the data contains NaN. Try a smaller learning rate, and check the data."
    case .noMeasurement(let name, let logs):
      "There is no measurement \(name) to watch; this run has \(logs.entries.map(\.name).joined(separator: ", ")). Names starting with val_ need validation data."
    case .notWritten(let url, let reason):
      "Cannot write \(url.path): \(reason) Choose another place with --output, or make room."
    case .badWeights(let url, let reason):
      "Cannot use the weights in \(url.path): \(reason)"
    }
  }
}
