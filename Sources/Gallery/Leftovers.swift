import DataFiles
import Foundation

extension URL {
  /// Removes from a folder, and from that of the samples in it, what programs have left that were killed while they wrote a file.
  func removeLeftovers() {
    for folder in [self, appending(path: "samples")] { TemporaryFiles.sweep(folder.path) }
  }

  /// Removes from a folder the files that an earlier run has made and this one has not: to be called when this one
  /// is whole, never before.
  ///
  /// - Parameters:
  ///   - made: the names of this run's files.
  ///   - isOurs: whether a name is one that the program gives to such files.
  public func removeFiles(except made: Set<String>, where isOurs: (String) -> Bool) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where isOurs(name) && !made.contains(name) {
      unlink(appending(path: name).path)
    }
  }
}
