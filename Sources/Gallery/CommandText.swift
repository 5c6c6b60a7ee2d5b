import DeepLearning
import Foundation

/// Writes a command line down.
enum CommandText {
  /// What to type to start the program again: its name and arguments, quoted where the shell needs it.
  static func shell(_ arguments: [String]) -> String {
    let name = arguments.first.map { ($0 as NSString).lastPathComponent } ?? ""
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,@%+")
    let words = ([name] + arguments.dropFirst()).map { word in
      !word.isEmpty && word.allSatisfy(plain.contains)
        ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
    return "swift run " + words.joined(separator: " ")
  }
}

extension URL {
  /// Makes sure that files can be written into a folder that need not exist yet, and makes nothing:
  /// better to fail now than after an hour of training.
  ///
  /// - Throws: `FileError`.
  func checkWritable() throws {
    let advice = "Choose another place with --output, or make room."
    var place = standardizedFileURL
    var isFolder: ObjCBool = false
    while !FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) {
      let parent = place.deletingLastPathComponent()
      if parent.path == place.path { break }
      place = parent
    }
    guard isFolder.boolValue else {
      throw FileError(self, reason: "\(place.path) is not a folder.", advice: advice)
    }
    guard access(place.path, W_OK | X_OK) == 0 else {
      throw FileError(
        self, reason: "\(place.path) cannot be written to (\(String(cString: strerror(errno)))).",
        advice: advice)
    }
  }
}
