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

/// The operating system's words for what Foundation only numbers, such as "Not a directory."
func systemReason(_ error: any Error) -> String {
  var cause = error
  while let next = (cause as NSError).userInfo[NSUnderlyingErrorKey] as? any Error { cause = next }
  if let system = cause as? POSIXError {
    return String(cString: strerror(system.code.rawValue)) + "."
  }
  return error.localizedDescription
}

extension Data {
  /// Writes the file whole or not at all, replacing an older one only when complete.
  ///
  /// - Throws: `TrainingError.notWritten` with the system's reason.
  public func write(atomicallyTo url: URL) throws {
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch { throw TrainingError.notWritten(url, reason: systemReason(error)) }
    let partial = url.path + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
    guard writeWhole(to: partial), rename(partial, url.path) == 0 else {
      let reason = String(cString: strerror(errno)) + "."
      unlink(partial)
      throw TrainingError.notWritten(url, reason: reason)
    }
  }

  /// Whether all bytes reached the file; if not, `errno` says why.
  private func writeWhole(to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    guard file >= 0 else { return false }
    let isWhole = withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
    // Some file systems report a full disk only now.
    let failure = errno
    let isClosed = close(file) == 0
    if !isWhole { errno = failure }
    return isWhole && isClosed
  }
}
