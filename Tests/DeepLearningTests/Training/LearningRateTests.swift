import Foundation
import TestSupport
import Testing

@testable import DeepLearning

/// Learning rates that change while training goes on.
@Suite struct LearningRateTests {
  /// Sets what was measured in each epoch, whatever the model does.
  private final class Measured: Callback {
    let values: [Float]
    let name: String
    private(set) var rates: [Float] = []

    init(_ values: [Float], as name: String = "val_loss") {
      (self.values, self.name) = (values, name)
    }

    func epochWillBegin(_ run: TrainingRun) { rates.append(run.learningRate) }
    func epochDidEnd(_ run: TrainingRun) { run.logs[name] = values[run.epoch - 1] }
  }

  private static func model(_ optimizer: Optimizer = SGD(learningRate: 1)) -> Sequential {
    let model = Sequential(input: [1]) { Dense(1, usesBias: false) }
    model.compile(optimizer: optimizer, loss: .meanSquaredError)
    return model
  }

  private static let x = Tensor.ones([1, 1])

  /// The learning rate of each epoch, and that after the last.
  private func rates(
    _ values: [Float], as name: String = "val_loss", _ callback: ReduceLROnPlateau
  ) throws -> [Float] {
    let measured = Measured(values, as: name)
    let optimizer = SGD(learningRate: 1)
    try Self.model(optimizer).fit(
      Self.x, Self.x, epochs: values.count, callbacks: [measured, callback])
    return measured.rates + [optimizer.learningRate]
  }

  /// Counted by hand along Keras 2.2's `on_epoch_end`.
  @Test("A plateau as long as patience is followed by a smaller rate")
  func plateau() throws {
    // Best 4; three epochs without progress; then again three.
    #expect(
      try rates(
        [5, 4, 4, 4, 4, 4, 4, 4], ReduceLROnPlateau(factor: 0.5, patience: 3))
        == [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25])
    // Progress in between starts the count anew.
    #expect(
      try rates([5, 5, 4, 5, 5, 5], ReduceLROnPlateau(factor: 0.5, patience: 2))
        == [1, 1, 1, 1, 1, 0.5, 0.5])
  }

  @Test("After a reduction nothing is counted while it cools down")
  func cooldown() throws {
    // Reduced after epoch 2; epochs 3 and 4 cool (the second of them is counted again).
    #expect(
      try rates([4, 4, 4, 4, 4, 4], ReduceLROnPlateau(factor: 0.5, patience: 1, cooldown: 2))
        == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125])
  }

  @Test("Less progress than minDelta is none")
  func minDelta() throws {
    let values: [Float] = [1, 0.95, 0.9, 0.85]
    #expect(
      try rates(values, ReduceLROnPlateau(factor: 0.5, patience: 1, minDelta: 0.2))
        == [1, 1, 0.5, 0.25, 0.125])
    #expect(
      try rates(values, ReduceLROnPlateau(factor: 0.5, patience: 1)) == [1, 1, 1, 1, 1])
  }

  @Test("The rate does not fall below its least")
  func least() throws {
    #expect(
      try rates(
        [1, 1, 1, 1], ReduceLROnPlateau(factor: 0.5, patience: 1, minLearningRate: 0.3))
        == [1, 1, 0.5, 0.3, 0.3])
  }

  @Test("Accuracies should rise: a plateau of one lowers the rate")
  func accuracies() throws {
    #expect(
      try rates(
        [0.5, 0.6, 0.6, 0.7], as: "val_acc",
        ReduceLROnPlateau(monitor: "val_acc", factor: 0.5, patience: 1)) == [1, 1, 1, 0.5, 0.5])
  }

  @Test("The defaults are Keras'")
  func defaults() throws {
    let flat = try rates([Float](repeating: 1, count: 12), ReduceLROnPlateau())
    #expect(flat == [Float](repeating: 1, count: 11) + [0.1, 0.1])
  }

  @Test("A metric that is not measured is named")
  func missing() {
    let error = #expect(throws: TrainingError.self) {
      try Self.model().fit(Self.x, Self.x, callbacks: [ReduceLROnPlateau()])
    }
    #expect(error?.description.hasPrefix("There is no measurement val_loss") == true)
  }

  @Test("A schedule sets each epoch's rate, counted from one, and history holds it")
  func schedule() throws {
    let optimizer = SGD(learningRate: 1)
    let history = try Self.model(optimizer).fit(
      Self.x, Self.x, epochs: 3,
      callbacks: [LearningRateScheduler { epoch, rate in rate / Float(epoch) }])
    #expect(history["lr"] == [1, 0.5, 0.5 / 3] && optimizer.learningRate == 0.5 / 3)
    #expect(history.names == ["loss", "lr"])
    let plain = try Self.model().fit(Self.x, Self.x)
    #expect(plain["lr"].isEmpty)
  }

  @Test("Steps have the size that the rate says")
  func steps() throws {
    // The gradient of |w - 100| is -1.
    let model = Self.model()
    model.weights[0].value = .zeros([1, 1])
    model.compile(optimizer: SGD(learningRate: 8), loss: .meanAbsoluteError)
    try model.fit(
      Self.x, Self.x * 100, epochs: 3,
      callbacks: [LearningRateScheduler { epoch, rate in epoch > 1 ? rate / 2 : rate }])
    #expect(model.weights[0].value.item == 8 + 4 + 2)
  }

  /// In one go and in two: the plateau's count and the rate come out of history and checkpoint.
  @Test("The rate survives a checkpoint", arguments: [3, 4, 5, 6])
  func checkpoint(cut: Int) throws {
    let folder = try TemporaryFolder()
    let state = folder.file("state")
    let values: [Float] = [4, 3, 3, 3, 3, 3, 3, 3, 3]
    /// As in ``Measured``, but in time for the history.
    func parts(_ model: Sequential, until epochs: Int, _ past: History) throws -> History {
      let x = Self.x
      return try model.fit(
        x, x * 100, epochs: epochs, validation: (x, x * 100), resuming: past,
        callbacks: [
          Overwriting(values),
          ReduceLROnPlateau(monitor: "penalty", factor: 0.5, patience: 2, cooldown: 1),
          TrainingCheckpoint(state),
        ])
    }
    let whole = Self.model()
    let history = try parts(whole, until: 9, History())
    #expect(Set(history["lr"]).count > 2)

    try _ = parts(Self.model(), until: cut, History())
    let second = Self.model(SGD(learningRate: 77))
    let rest = try parts(second, until: 9, try second.restoreTraining(from: state))
    #expect(rest["lr"] == history["lr"] && rest["loss"] == history["loss"])
    #expect(haveEqualBits(whole.weights[0].value, second.weights[0].value))
  }

  /// Writes measurements into logs and history alike.
  private final class Overwriting: Callback {
    let values: [Float]
    init(_ values: [Float]) { self.values = values }
    func epochDidEnd(_ run: TrainingRun) {
      run.logs["penalty"] = values[run.epoch - 1]
      var history = History()
      for (index, epoch) in run.history.epochs.enumerated() {
        history.append(
          index == run.epoch - 1 ? run.logs : epoch, seconds: run.history.seconds[index])
      }
      run.history = history
    }
  }

  @Test("A learning rate in a damaged checkpoint is refused")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let state = folder.file("state")
    try Self.model(SGD(learningRate: 16)).fit(
      Self.x, Self.x, callbacks: [TrainingCheckpoint(state)])
    var bytes = try Data(contentsOf: state)
    let rate = try #require(bytes.range(of: Data(#"learningRate\":16"#.utf8)))
    bytes.replaceSubrange(rate, with: Data(#"learningRate\":-1"#.utf8))
    try bytes.write(to: state)
    let model = Self.model(SGD(learningRate: 3))
    let error = #expect(throws: (any Error).self) { try model.restoreTraining(from: state) }
    #expect("\(error as Any)".contains("its learning rate is not a step size"))
  }

  @Test("Rates that lead nowhere are refused", .ahead)
  func refused() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = Sequential(input: [1]) { Dense(1) }
      model.compile(optimizer: SGD(), loss: .meanSquaredError)
      try model.fit(
        Tensor.ones([1, 1]), Tensor.ones([1, 1]),
        callbacks: [LearningRateScheduler { _, _ in -.infinity }])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("A learning rate of -inf leads nowhere"))
  }

  /// Begin and end of training, epochs and steps, with the model and the validation data at hand.
  @Test("Every hook is called in its time")
  func hooks() throws {
    final class Log: Callback {
      var calls: [String] = []
      func trainingWillBegin(_ run: TrainingRun) {
        calls.append("training \(run.validation?.x.first?.count ?? 0)")
      }
      func epochWillBegin(_ run: TrainingRun) { calls.append("epoch \(run.epoch)") }
      func stepWillBegin(_ run: TrainingRun) { calls.append("step \(run.step)") }
      func stepDidEnd(_ run: TrainingRun) { calls.append("step \(run.step) done") }
      func epochDidEnd(_ run: TrainingRun) { calls.append("epoch done") }
      func trainingDidEnd(_ run: TrainingRun) {
        calls.append("\(run.model.layers[0].name) done")
      }
    }
    let log = Log()
    let x = Tensor.ones([3, 1])
    try Self.model().fit(x, x, batchSize: 2, validation: (x, x), callbacks: [log])
    #expect(
      log.calls == [
        "training 3", "epoch 1", "step 0", "step 1 done", "step 1", "step 2 done", "epoch done",
        "dense_1 done",
      ])
  }

  @Test("A callback can end training before a step")
  func endsEarly() throws {
    final class Stopper: Callback {
      func stepWillBegin(_ run: TrainingRun) { run.shouldStop = run.step == 1 }
    }
    let model = Self.model()
    model.weights[0].value = .zeros([1, 1])
    model.compile(optimizer: SGD(learningRate: 1), loss: .meanAbsoluteError)
    let x = Tensor.ones([3, 1])
    let history = try model.fit(x, x * 100, batchSize: 1, callbacks: [Stopper()])
    #expect(history.epochs.isEmpty && model.weights[0].value.item == 1)
  }
}
