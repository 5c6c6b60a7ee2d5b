import Foundation

extension URL {
  /// Removes from a folder, and from that of the samples in it, what programs have left that were killed while they wrote a file:
  /// `weights.safetensors.4711.tmp`, where no process 4711 runs any more.
  func removeLeftovers() {
    let files = FileManager.default
    let folders = [self, appending(path: "samples")]
    for name in folders.flatMap({ folder in
      ((try? files.contentsOfDirectory(atPath: folder.path)) ?? []).map {
        folder.appending(path: $0)
      }
    }) {
      let parts = name.lastPathComponent.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 3, parts.last == "tmp",
        let process = Int32(parts[parts.count - 2]), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      // Only files: a folder of that name is somebody's.
      unlink(name.path)
    }
  }
}

extension URL {
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
