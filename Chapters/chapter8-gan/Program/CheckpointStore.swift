import DataFiles
import DeepLearning
import Foundation
import Gallery
import Images

/// The folder in which a training leaves sheets of samples, and a checkpoint to go on from.
final class CheckpointStore {
  /// How the images of a sheet stand: each pixel becomes a sharp square.
  static let grid = SampleGrid(columns: 10, scale: 4, gap: 4)
  /// How many images stand on a sheet.
  static let sheetSize = 40

  /// After how many steps a sheet and a checkpoint are saved, again and again.
  let interval: Int
  private let folder: URL
  private let file: URL
  /// Whether the checkpoint that is there, if any, is this training's.
  private var isOwn = false

  init(in folder: URL, every interval: Int) {
    (self.folder, self.interval) = (folder, interval)
    file = Self.checkpoint(in: folder)
  }

  /// Where the checkpoint lies.
  static func checkpoint(in folder: URL) -> URL { folder.appending(path: "checkpoint.safetensors") }

  /// Where the sheet after a step lies.
  static func sheet(_ step: Int, in folder: URL) -> URL {
    let number = String(step)
    let name = "samples-" + String(repeating: "0", count: max(0, 5 - number.count)) + number
    return folder.appending(path: "samples/\(name).png")
  }

  /// The points that all sheets of a training show, so that one sees the same images grow.
  static func points(seed: UInt64) -> Tensor {
    var random = RandomGenerator(seed: seed ^ 0x5EED << 32)
    return .normal([sheetSize, GAN.latentSize], using: &random)
  }

  /// Takes up an earlier training. Without one nothing is changed until there is something new.
  ///
  /// - Throws: `DataError` if it was another training.
  func resume(_ training: GANTraining, _ run: ChapterRun) throws {
    if FileManager.default.fileExists(atPath: file.path) {
      guard try GANTraining.state(in: file).plan == training.plan else {
        throw DataError.otherTraining(file)
      }
      try training.restore(from: file)
      isOwn = true
    }
    run.noteResuming(after: training.steps, unit: "step")
  }

  /// Draws a sheet, measures it, and writes a checkpoint.
  ///
  /// - Throws: `NotFinite` before anything is overwritten.
  func saveSamples(of training: GANTraining) throws {
    let images = training.images(at: Self.points(seed: training.plan.seed))
    let record = try training.measured(images)
    let sheet = Self.sheet(training.steps, in: folder)
    try FileManager.default.createDirectory(
      at: sheet.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Image(Self.grid.sheet(images)).write(to: sheet.path)
    training.add(record)
    try save(training)
  }

  /// Writes a checkpoint. That of another training may hold the work of hours: it gets a name of its own.
  func save(_ training: GANTraining) throws {
    if !isOwn, FileManager.default.fileExists(atPath: file.path) {
      let names = [""] + (2...1_000).map { "-\($0)" }
      let free = names.map { folder.appending(path: "checkpoint-before\($0).safetensors") }
        .first { !FileManager.default.fileExists(atPath: $0.path) }
      guard let free, rename(file.path, free.path) == 0 else {
        throw FileError(
          file, reason: "The checkpoint of an earlier training is there and cannot be renamed.")
      }
    }
    isOwn = true
    try training.save(to: file)
  }

  /// Removes the sheets of an earlier training, now that this one's are whole.
  func finish(_ training: GANTraining) {
    let own = training.state.sheets.map { Self.sheet($0.step, in: folder).lastPathComponent }
    folder.appending(path: "samples").removeFiles(except: Set(own)) {
      $0.wholeMatch(of: /samples-\d+\.png/) != nil
    }
  }

  /// Goes back to the last checkpoint after the networks broke down.
  ///
  /// - Returns: what to tell the user.
  func recover(
    _ training: GANTraining, from breakdown: GANTraining.NotFinite
  ) throws -> DataError {
    let what = "In step \(breakdown.step) the networks broke down: a loss or an image became NaN."
    guard isOwn else {
      return DataError(what + " Nothing had been saved before; try another --seed.")
    }
    try training.restore(from: file)
    return DataError(
      what + " What is kept and shown is step \(training.steps); start over with another --seed.")
  }
}
