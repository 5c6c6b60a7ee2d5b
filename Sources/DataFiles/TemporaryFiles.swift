import Foundation

/// Files that are written under another name until they are whole: `NAME.PID.tmp`, with the number of the process.
public enum TemporaryFiles {
  /// The name under which this process writes a file.
  package static func path(for path: String) -> String { path + ".\(getpid()).tmp" }

  /// Removes from a folder what processes left behind that were killed while they wrote.
  ///
  /// Files of processes that are still there stay, and so does everything of another name. Failure is not an error.
  public static func sweep(_ folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false).suffix(2)
      guard parts.count == 2, parts.last == "tmp", let first = parts.first,
        let process = pid_t(first), process > 0, name.utf8.count > first.utf8.count + 5,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      // `unlink` removes no folder, and of a link only the link.
      unlink(folder + "/" + name)
    }
  }
}
