import Foundation
import Testing

@testable import DeepLearning

/// Callbacks that come with the engine.
@Suite struct CallbackTests {
  /// Trains a weight that walks straight past its target: val_loss falls, then rises.
  ///
  /// The weight starts at 0 and each epoch, one step, adds 1; validation wants 3.
  private func run(
    epochs: Int = 8, _ callbacks: [any Callback]
  ) throws -> (history: History, weight: Float) {
    let model = Self.model()
    let history = try Self.fit(model, epochs: epochs, callbacks)
    return (history, model.weights[0].value.item)
  }

  private static func model() -> Sequential {
    let model = Sequential(input: [1]) { Dense(1, usesBias: false) }
    model.weights[0].value = .zeros([1, 1])
    // The gradient of |w - 100| is -1.
    model.compile(optimizer: SGD(learningRate: 1), loss: .meanAbsoluteError)
    return model
  }

  @discardableResult
  private static func fit(
    _ model: Sequential, epochs: Int, _ callbacks: [any Callback]
  ) throws -> History {
    let x = Tensor.ones([1, 1])
    return try model.fit(
      x, x * 100, epochs: epochs, validation: (x, x * 3), callbacks: callbacks)
  }

  @Test("Without callbacks every epoch runs, and history has each")
  func walk() throws {
    let (history, weight) = try run([])
    #expect(history["val_loss"] == [2, 1, 0, 1, 2, 3, 4, 5] && weight == 8)
    #expect(history.epochOfMinimum("val_loss") == 3)
    #expect(history.epochOfMinimum("val_acc") == nil)
    #expect(history.seconds.count == 8 && history.seconds.allSatisfy { $0 > 0 })
  }

  @Test("Early stopping waits as long as it is told", arguments: [(0, 4), (1, 5), (3, 7), (20, 8)])
  func patience(patience: Int, epochs: Int) throws {
    let (history, weight) = try run([EarlyStopping(patience: patience)])
    #expect(history.epochs.count == epochs && weight == Float(epochs))
  }

  @Test("Early stopping puts the best weights back")
  func bestWeights() throws {
    let stopping = EarlyStopping(patience: 2, restoresBestWeights: true)
    #expect(try run([stopping]).weight == 3)
    // The same object, used again, knows nothing of the first run.
    let second = try run([stopping])
    #expect(second.weight == 3 && second.history.epochs.count == 6)
    let short = try run(epochs: 2, [stopping])
    #expect(short.weight == 2)
  }

  /// Even a run that fails keeps the best weights, and its error is the one that is heard of.
  @Test("A failed run puts the best weights back")
  func failedRun() throws {
    /// Makes the loss infinite in epoch 6.
    final class Saboteur: Callback {
      func epochWillBegin(_ run: TrainingRun) {
        if run.epoch == 6 { run.model.weights[0].value = Tensor([.infinity], shape: [1, 1]) }
      }
    }
    let model = Self.model()
    let error = #expect(throws: TrainingError.self) {
      try Self.fit(
        model, epochs: 9,
        [EarlyStopping(patience: 5, restoresBestWeights: true), Saboteur()])
    }
    #expect(error?.description.hasPrefix("The loss stopped being a number in epoch 6") == true)
    #expect(model.weights[0].value.item == 3)
  }

  @Test("Accuracies should rise: early stopping knows")
  func accuracies() throws {
    let model = Sequential(input: [1]) { Dense(1, usesBias: false) }
    model.weights[0].value = .zeros([1, 1])
    model.compile(optimizer: SGD(learningRate: 1), loss: .meanAbsoluteError, metrics: [.accuracy])
    let x = Tensor.ones([1, 1])
    // Right from epoch 3 to epoch 3: accuracy 0, 0, 1, 0, ...
    let history = try model.fit(
      x, x * 100, epochs: 8, validation: (x, x * 3),
      callbacks: [EarlyStopping(monitor: "val_acc", patience: 2, restoresBestWeights: true)])
    #expect(history["val_acc"] == [0, 0, 1, 0, 0, 0])
    #expect(model.weights[0].value.item == 3)
  }

  @Test("What is not measured cannot be watched")
  func unmeasured() throws {
    let error = #expect(throws: TrainingError.self) {
      _ = try run([EarlyStopping(monitor: "val_acc")])
    }
    let expected = """
      There is no measurement val_acc to watch; this run has loss, val_loss. Names starting with \
      val_ need validation data.
      """
    #expect(error?.description == expected)
  }

  @Test("Checkpoints keep the best, or the last")
  func checkpoints() throws {
    let folder = try TemporaryFolder()
    let (best, last) = (folder.file("best.safetensors"), folder.file("new/last.safetensors"))
    _ = try run([Checkpoint(best, keepingBest: "val_loss"), Checkpoint(last)])
    let model = Self.model()
    try model.loadWeights(from: best)
    #expect(model.weights[0].value.item == 3)
    try model.loadWeights(from: last)
    #expect(model.weights[0].value.item == 8)
    #expect(try folder.names() == ["best.safetensors", "new"], "no temporary file is left")
  }

  @Test("The log grows with each epoch")
  func csvLog() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("history.csv")
    /// Reads the file after each epoch.
    final class Reader: Callback {
      private let url: URL
      private(set) var lines: [Int] = []
      init(_ url: URL) { self.url = url }
      func epochDidEnd(_ run: TrainingRun) throws {
        lines.append(try String(contentsOf: url, encoding: .utf8).split(separator: "\n").count)
      }
    }
    let reader = Reader(url)
    let (history, _) = try run(epochs: 3, [CSVLogger(url), reader])
    #expect(reader.lines == [2, 3, 4])
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text == "epoch,loss,val_loss\n1,100.0,2.0\n2,99.0,1.0\n3,98.0,0.0\n")
    #expect(text == history.csv)
  }

  @Test("A checkpoint that cannot be written ends training with the path")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("file")
    try Data("not a folder".utf8).write(to: file)
    let target = file.appendingPathComponent("history.csv")
    for callback in [CSVLogger(target), Checkpoint(target)] as [any Callback] {
      let error = #expect(throws: FileError.self) { _ = try run([callback]) }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("Cannot write \(target.path): "))
      #expect(text.hasSuffix(" Choose another place, or make room."))
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == "not a folder")
  }
}
