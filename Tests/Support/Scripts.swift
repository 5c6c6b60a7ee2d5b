import Foundation
import Testing

/// Writes a script that can be started.
///
/// A shell writes it: what another test starts at this moment holds on to the files that this process has open, and the
/// system starts nothing that somebody may still write to ("Text file busy").
///
/// - Throws: if it cannot be written.
public func writeScript(_ text: String, to file: URL) throws {
  try FileManager.default.createDirectory(
    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  let shell = Process()
  shell.executableURL = URL(filePath: "/bin/sh")
  shell.arguments = ["-c", "printf '%s' \"$1\" > \"$2\" && chmod +x \"$2\"", "--", text, file.path]
  try shell.run()
  shell.waitUntilExit()
  try #require(shell.terminationStatus == 0, "The script \(file.path) could not be written.")
}
