import Datasets
import DeepLearning
import Foundation
import Gallery
import Images

/// Keeps what a training has come to: sheets of samples, and a checkpoint to go on from.
final class Keeping {
  /// After how many steps, again and again.
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

  /// Takes up an earlier training if that is wanted. Else what is there stays until there is something new.
  ///
  /// - Throws: `DataError` if it was another training.
  func begin(_ training: AdversarialTraining, resume: Bool, _ run: ChapterRun) throws {
    guard resume else { return }
    guard FileManager.default.fileExists(atPath: file.path) else {
      run.note("There is nothing to go on from: training starts anew.")
      return
    }
    guard try AdversarialTraining.state(in: file).plan == training.plan else {
      throw DataError(
        "\(file.path) is of a training with other pictures or flags: give the same ones, or start anew "
          + "without --resume.")
    }
    try training.restore(from: file)
    isOwn = true
    run.note("Training goes on after step \(training.steps).")
  }

  /// Draws a sheet, measures it, and writes a checkpoint.
  ///
  /// - Throws: `NotFinite` before anything is overwritten.
  func keepSheet(of training: AdversarialTraining) throws {
    let pictures = training.pictures(at: SampleSheet.points(seed: training.plan.seed))
    let record = try training.measured(pictures)
    let place = SampleSheet.file(training.steps, in: folder)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try SampleSheet.image(pictures).write(to: place.path)
    training.add(record)
    try keep(training)
  }

  /// Writes a checkpoint. That of another training may hold the work of hours: it gets a name of its own.
  func keep(_ training: AdversarialTraining) throws {
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
  func finish(_ training: AdversarialTraining) {
    let made = training.state.sheets.map {
      SampleSheet.file($0.step, in: folder).lastPathComponent
    }
    folder.appending(path: "samples").removeFiles(except: Set(made)) {
      $0.wholeMatch(of: /samples-\d+\.png/) != nil
    }
  }

  /// Goes back to the last checkpoint after the networks broke down.
  ///
  /// - Returns: what to tell the user.
  func recover(
    _ training: AdversarialTraining, from breakdown: AdversarialTraining.NotFinite
  ) throws -> DataError {
    let what = "In step \(breakdown.step) the networks broke down: what they compute is no number."
    guard isOwn else {
      return DataError(what + " Nothing had been kept before; try another --seed.")
    }
    try training.restore(from: file)
    return DataError(
      what + " What is kept and shown is step \(training.steps); start anew with another --seed.")
  }
}

extension AdversarialTraining.Plan {
  /// The plan to learn from pictures.
  init(_ recipe: Recipe, _ pictures: ClassPictures, seed: UInt64) {
    self.init(
      recipe: recipe, seed: seed, className: pictures.className, pictureCount: pictures.count,
      pictureHash: pictures.pixels.bytes.reduce(0xcbf2_9ce4_8422_2325) {
        ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
      })
  }
}
