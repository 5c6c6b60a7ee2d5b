import Foundation

/// A file of weights or a checkpoint cannot be used: which, and why, in a sentence.
public struct WeightsError: Error, CustomStringConvertible {
  /// The file.
  public let url: URL
  /// Why it cannot be used, a sentence.
  public let reason: String

  /// Creates an error.
  public init(_ url: URL, reason: String) { (self.url, self.reason) = (url, reason) }

  /// What happened.
  public var description: String { "Cannot use the weights in \(url.path): \(reason)" }
}
