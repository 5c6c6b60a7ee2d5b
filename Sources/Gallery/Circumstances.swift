import DataFiles
import DeepLearning
import Foundation

/// Says in a file of the folder of results with which data and flags each training began: a line for each of them, its
/// name, a colon, and the circumstances.
struct Circumstances {
  private let these: String
  private let file: URL

  init(_ these: String, in folder: URL) {
    self.these = String(these.map { $0.isNewline ? " " : $0 })
    file = folder.appending(path: "trained-on.txt")
  }

  private var lines: [Substring] {
    guard let bytes = try? InputFile(path: file.path).readAll(limit: 1 << 16) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter {
      $0.contains(": ")
    }
  }

  /// Makes sure that a training began under the same circumstances.
  ///
  /// - Throws: `DataError` if they were others, or the file does not say.
  func check(_ name: String, state: URL) throws {
    guard let line = lines.first(where: { $0.hasPrefix(name + ": ") }) else {
      throw DataError(
        "\(file.path) does not say what \(state.lastPathComponent) is about: start over without --resume, "
          + "which replaces it when the first epoch is whole.")
    }
    if line != "\(name): \(these)" {
      throw DataError.otherTraining(file, about: String(line))
    }
  }

  /// Writes down that a training began under these circumstances.
  func add(_ name: String) throws { try replace(name, with: ["\(name): \(these)"]) }

  /// Forgets a training; without any the file goes.
  func remove(_ name: String) throws { try replace(name, with: []) }

  private func replace(_ name: String, with new: [Substring]) throws {
    let old = lines
    let all = (old.filter { !$0.hasPrefix(name + ": ") } + new).sorted()
    if all.isEmpty {
      try? FileManager.default.removeItem(at: file)
    } else if all != old {
      try Data((all.joined(separator: "\n") + "\n").utf8).write(atomicallyTo: file)
    }
  }
}
