import DataFiles
import DeepLearning
import Foundation
import Testing

@testable import Gallery

@Suite final class ResumableTrainingTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "resumable-\(UUID().uuidString)")
  private var place: URL { folder.appending(path: "chapter0-example") }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func training(
    _ arguments: [String] = [], resume: Bool = false, keepsFinished: Bool = false,
    batchSize: Int = 10
  ) throws -> ResumableTraining {
    let run = try ChapterRun(
      "chapter0-example", section: "0.1", title: "An example",
      RunOptions.parse(["--no-progress", "--output", folder.path] + arguments))
    return try ResumableTraining(
      "a", titled: "Run a", monitor: "acc", keepsFinished: keepsFinished, batchSize: batchSize,
      resume: resume, in: run)
  }

  /// Trains up to a number of epochs, and returns the weights that are best.
  @discardableResult
  private func train(_ training: ResumableTraining, epochs: Int) throws -> [[Float]] {
    let (model, x, y) = smallTask()
    let past = try training.restore(model, epochs: epochs)
    try model.fit(
      x, y, epochs: epochs, batchSize: 10, resuming: past, callbacks: training.callbacks())
    try training.loadBest(into: model)
    return model.weights.map(\.value.scalars)
  }

  private func names() throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: place.path))
  }

  private static let unfinished: Set = [
    "unfinished-a.safetensors", "unfinished-a-best.safetensors", "trained-on.txt",
  ]

  @Test("Resumed training ends with the same bits and tidies up")
  func resumedTrainingEndsWithTheSameBitsAndTidiesUp() throws {
    try train(training(), epochs: 2)
    #expect(try names() == Self.unfinished)
    let resumed = try training(resume: true)
    #expect(resumed.canResume)
    let weights = try train(resumed, epochs: 5)
    #expect(resumed.past.epochs.count == 2)
    try resumed.finish()
    #expect(try names().isEmpty)
    #expect(try train(training(), epochs: 5) == weights)
  }

  @Test("Without the flag it starts over")
  func withoutTheFlagItStartsAnew() throws {
    try train(training(), epochs: 2)
    let anew = try training()
    #expect(!anew.canResume)
    try train(anew, epochs: 1)
    #expect(anew.past.epochs.isEmpty)
    #expect(try !training(resume: true).restore(smallTask().model, epochs: 5).epochs.isEmpty)
  }

  @Test("Other flags are refused", arguments: [["--seed", "3"], ["--quick"], []])
  func otherFlagsAreRefused(_ arguments: [String]) throws {
    try train(training(), epochs: 1)
    let error = #expect(throws: DataError.self) {
      try self.training(arguments, resume: true, batchSize: arguments.isEmpty ? 11 : 10)
    }
    let text = error.map(String.init(describing:)) ?? ""
    #expect(text.contains("trained-on.txt") && text.contains("seed 42; batches of 10"))
    #expect(text.hasSuffix("start over without --resume."))
    #expect(try names() == Self.unfinished)
  }

  @Test("A state of which nothing is said is refused and stays")
  func aStateOfWhichNothingIsSaidIsRefusedAndStays() throws {
    try train(training(), epochs: 1)
    let list = place.appending(path: "trained-on.txt")
    for text in ["", "unfinished b: seed 42\n", "\u{0}\u{FFFD}"] {
      try Data(text.utf8).write(to: list)
      let error = #expect(throws: DataError.self) { try self.training(resume: true) }
      let message = error.map(String.init(describing:)) ?? ""
      #expect(
        message.contains("trained-on.txt") && message.contains("unfinished-a.safetensors"))
    }
    #expect(try names() == Self.unfinished)
  }

  @Test("A finished training stays until the next is finished")
  func aFinishedTrainingStaysUntilTheNextIsFinished() throws {
    let first = try training(keepsFinished: true)
    try train(first, epochs: 2)
    try first.finish()
    let whole: Set = ["a.safetensors", "a-training.safetensors", "trained-on.txt"]
    #expect(try names() == whole)
    let weights = try Data(contentsOf: place.appending(path: "a.safetensors"))
    // Another one begins and is given up.
    try train(training(["--seed", "3"], keepsFinished: true), epochs: 1)
    #expect(try names() == whole.union(Self.unfinished))
    #expect(try Data(contentsOf: place.appending(path: "a.safetensors")) == weights)
    try Data().write(to: place.appending(path: "other"))
    let second = try training(["--seed", "3"], resume: true, keepsFinished: true)
    try train(second, epochs: 2)
    try second.finish()
    #expect(try names() == whole.union(["other"]))
    // What is finished can be gone on with too.
    let third = try training(["--seed", "3"], resume: true, keepsFinished: true)
    try train(third, epochs: 4)
    #expect(third.past.epochs.count == 2)
  }
}
