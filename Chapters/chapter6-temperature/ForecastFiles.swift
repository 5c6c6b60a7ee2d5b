import Datasets
import DeepLearning
import Foundation
import Gallery

/// The files of a network. While it is trained they have other names, so that a training of hours that was whole
/// stays until the next one is.
struct ForecastFiles {
  /// What the network is called.
  let name: String
  /// The weights of the best epoch.
  let best: URL
  /// What is needed to go on.
  let state: URL
  /// The same of a training that is not over.
  let unfinished: TrainingFiles

  init(_ network: ForecastNetwork, in folder: URL) {
    name = network.name
    best = folder.appending(path: "\(name).safetensors")
    state = folder.appending(path: "\(name)-training.safetensors")
    unfinished = TrainingFiles(of: name, in: folder)
  }

  /// What the network is called while it is trained.
  var unfinishedName: String { "unfinished \(name)" }

  /// Whether there is a training that is not over.
  ///
  /// Its best weights may have got their place already, if the program was killed just then.
  var isUnfinished: Bool { Self.exists(unfinished.state) }

  /// Under which name there is something to go on from.
  var nameOfResumable: String? {
    isUnfinished ? unfinishedName : Self.exists(state) && Self.exists(best) ? name : nil
  }

  /// Puts a model back to where the latest training came to.
  ///
  /// - Returns: the history up to then; empty if there is nothing to go on from.
  /// - Throws: `WeightsError`.
  func restore(_ model: Model) throws -> History {
    guard nameOfResumable != nil else { return History() }
    return try model.restoreTraining(from: isUnfinished ? unfinished.state : state)
  }

  /// Makes the best weights so far those of the training that goes on.
  func copyBest() throws {
    // Without a state they are of a training that was killed before it had kept one.
    if isUnfinished && Self.exists(unfinished.best) || !Self.exists(best) { return }
    try Data(contentsOf: best).write(atomicallyTo: unfinished.best)
  }

  /// Puts the files of the training that is now over in the place of those of the one before.
  ///
  /// - Throws: `FileError`.
  func replace() throws {
    // The state last: as long as it is there, it is what --resume goes on from.
    for (new, old) in [(unfinished.best, best), (unfinished.state, state)] where Self.exists(new) {
      guard rename(new.path, old.path) == 0 else {
        throw FileError(old, reason: String(cString: strerror(errno)) + ".")
      }
    }
  }

  private static func exists(_ file: URL) -> Bool {
    FileManager.default.fileExists(atPath: file.path)
  }
}

/// Says in a file of the folder under what circumstances each network was trained.
struct Circumstances {
  private let these: String
  private let file: URL

  init(_ these: String, in folder: URL) {
    self.these = these
    file = folder.appending(path: "trained-on.txt")
  }

  /// A line for each network: its name, a colon, and the circumstances.
  private var lines: [Substring]? {
    guard let bytes = try? InputFile(path: file.path).readAll(limit: 1 << 16) else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// Makes sure that a network was trained under the same circumstances.
  ///
  /// - Throws: `DataError` if they were others.
  func check(_ name: String) throws {
    guard let lines else { return }
    let line = lines.first { $0.hasPrefix(name + ": ") }
    guard line != "\(name): \(these)" else { return }
    throw DataError(
      "\(file.path) says that the networks there were trained under other circumstances "
        + "(\((line ?? "nothing about \(name)").prefix(200))): repeat the flags of that run, or leave out "
        + "--resume to start anew.")
  }

  /// Writes down that a network is trained under these circumstances.
  func note(_ name: String) throws {
    let others = (lines ?? []).filter { !$0.hasPrefix(name + ": ") }
    let all = (others + ["\(name): \(these)"]).sorted().joined(separator: "\n") + "\n"
    try Data(all.utf8).write(atomicallyTo: file)
  }
}
