import Foundation

/// A file could not be written: which, why, and what to do next, in a sentence.
public struct FileError: Error, CustomStringConvertible {
  /// The file, or the folder that it was to lie in.
  public let url: URL
  /// The system's reason, a sentence.
  public let reason: String
  private let advice: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - url: the file, or the folder that it was to lie in.
  ///   - reason: why it cannot be written, a sentence.
  ///   - advice: what to do next, a sentence.
  public init(
    _ url: URL, reason: String, advice: String = "Choose another place, or make room."
  ) {
    (self.url, self.reason, self.advice) = (url, reason, advice)
  }

  /// What happened and what to do next.
  public var description: String { "Cannot write \(url.path): \(reason) \(advice)" }
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
  /// - Throws: `FileError` with the system's reason.
  public func write(atomicallyTo url: URL) throws {
    try WholeFile.write(to: url) { write in withUnsafeBytes { write($0) } }
  }
}

/// Files that are there whole or not at all.
enum WholeFile {
  /// Writes a file piece by piece, so that no memory has to hold it, and replaces an older one only when complete.
  ///
  /// - Parameters:
  ///   - url: the file; its folder is made.
  ///   - body: writes the pieces in their order; false as soon as one could not be written.
  /// - Throws: `FileError` with the system's reason.
  static func write(
    to url: URL, _ body: (_ write: (UnsafeRawBufferPointer) -> Bool) -> Bool
  ) throws {
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch { throw FileError(url, reason: systemReason(error)) }
    let partial = url.path + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
    guard writePieces(to: partial, body), rename(partial, url.path) == 0 else {
      let reason = String(cString: strerror(errno)) + "."
      unlink(partial)
      throw FileError(url, reason: reason)
    }
  }

  /// Whether all pieces reached the file; if not, `errno` says why.
  private static func writePieces(
    to path: String, _ body: (_ write: (UnsafeRawBufferPointer) -> Bool) -> Bool
  ) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    guard file >= 0 else { return false }
    let isWhole = body { append($0, to: file) }
    // Some file systems report a full disk only now.
    let failure = errno
    let isClosed = close(file) == 0
    if !isWhole { errno = failure }
    return isWhole && isClosed
  }

  /// Whether all bytes reached the file; if not, `errno` says why.
  private static func append(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
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
}
