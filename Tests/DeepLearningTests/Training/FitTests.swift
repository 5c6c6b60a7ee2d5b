import Testing

@testable import DeepLearning

/// The training loop.
@Suite struct FitTests {
  /// A linear model without bias whose weights do not move, so that losses can be told beforehand.
  private func frozenModel(weight: Float = 1, regularizer: Regularizer? = nil) -> Sequential {
    let model = Sequential(input: [1]) {
      Dense(1, usesBias: false, kernelRegularizer: regularizer)
    }
    model.weights[0].value = Tensor([weight], shape: [1, 1])
    model.compile(
      optimizer: SGD(learningRate: 0), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    return model
  }

  /// Writes down what each step saw.
  private final class Recorder: Callback {
    private(set) var events: [String] = []
    private(set) var losses: [Float] = []
    var stopAt: (epoch: Int, step: Int)?

    func trainingWillBegin(_ run: TrainingRun) { events.append("begin \(run.epochs)x\(run.steps)") }
    func epochWillBegin(_ run: TrainingRun) { events.append("epoch \(run.epoch)") }
    func stepDidEnd(_ run: TrainingRun) {
      events.append("step \(run.step)")
      losses.append(run.logs["loss"] ?? .nan)
      if let stopAt, stopAt == (run.epoch, run.step) { run.shouldStop = true }
    }
    func epochDidEnd(_ run: TrainingRun) { events.append("end \(run.epoch)") }
    func trainingDidEnd(_ run: TrainingRun) { events.append("done") }
  }

  @Test("Callbacks are told in order")
  func order() throws {
    let recorder = Recorder()
    try frozenModel().fit(
      Tensor.ones([5, 1]), Tensor.ones([5, 1]), epochs: 2, batchSize: 2, callbacks: [recorder])
    let epoch = ["step 1", "step 2", "step 3"]
    #expect(
      recorder.events == ["begin 2x3", "epoch 1"] + epoch + ["end 1", "epoch 2"] + epoch
        + ["end 2", "done"])
  }

  @Test("A batch may be larger than any number of samples")
  func largeBatch() throws {
    let recorder = Recorder()
    let (x, y) = (Tensor([1, 2, 3], shape: [3, 1]), Tensor.zeros([3, 1]))
    let model = frozenModel()
    try model.fit(x, y, batchSize: .max, callbacks: [recorder])
    #expect(recorder.events.prefix(3) == ["begin 1x1", "epoch 1", "step 1"])
    expectClose(model.evaluate(x, y, batchSize: .max).loss, 14 / 3, "loss")
    #expect(model.predict(x, batchSize: .max) == x)
    let empty = Tensor.zeros([0, 1])
    #expect(model.predict(empty, batchSize: .max).shape == [0, 1])
  }

  /// Ends after a step, however many epochs are left.
  @Test("The number of epochs may be very large")
  func manyEpochs() throws {
    let recorder = Recorder()
    recorder.stopAt = (2, 1)
    try frozenModel().fit(
      Tensor.ones([5, 1]), Tensor.ones([5, 1]), epochs: .max, batchSize: 2, callbacks: [recorder])
    #expect(recorder.events.suffix(3) == ["epoch 2", "step 1", "done"])

    final class Ones: BatchStream {
      func nextBatch() -> Batch { Batch(x: Tensor.ones([1, 1]), y: Tensor.ones([1, 1])) }
    }
    let streamed = Recorder()
    streamed.stopAt = (1, 3)
    try frozenModel().fit(
      Ones(), stepsPerEpoch: .max, epochs: .max, callbacks: [streamed])
    #expect(streamed.events.suffix(2) == ["step 3", "done"])
  }

  @Test("Training can stop in the middle of an epoch")
  func stopping() throws {
    let recorder = Recorder()
    recorder.stopAt = (2, 1)
    let history = try frozenModel().fit(
      Tensor.ones([5, 1]), Tensor.ones([5, 1]), epochs: 9, batchSize: 2, callbacks: [recorder])
    #expect(recorder.events.suffix(3) == ["epoch 2", "step 1", "done"])
    #expect(history.epochs.count == 1, "A broken epoch is no measurement.")
  }

  @Test("The last partial batch is used, and means weigh samples")
  func lastBatch() throws {
    // Predictions are x, targets 0: the squared errors of batches of 2 are 1 and 4, then 9.
    let x = Tensor([1, 1, 2, 2, 3], shape: [5, 1])
    let recorder = Recorder()
    let history = try frozenModel().fit(
      x, Tensor.zeros([5, 1]), batchSize: 2, shuffle: false, callbacks: [recorder])
    #expect(recorder.losses == [1, 2.5, 3.8], "Running means over samples.")
    #expect(history["loss"] == [3.8])
    expectClose(history["mae"][0], 9.0 / 5, "mean absolute error")
    let evaluation = frozenModel().evaluate(x, Tensor.zeros([5, 1]), batchSize: 2)
    expectClose(evaluation.loss, 3.8, "evaluated loss")
    expectClose(evaluation.meanAbsoluteError, 1.8, "evaluated mean absolute error")
    #expect(evaluation.accuracy.isNaN, "It was not asked for.")
  }

  @Test("The reported loss is the mean while weights move")
  func meanLoss() throws {
    let model = frozenModel(weight: 0)
    model.compile(optimizer: SGD(learningRate: 0.25), loss: .meanSquaredError)
    let history = try model.fit(
      Tensor.ones([2, 1]), Tensor.ones([2, 1]), epochs: 2, batchSize: 1, shuffle: false)
    // w: 0 -> 0.5 -> 0.75 -> 0.875; losses 1, 0.25, then 0.0625, 0.015625.
    #expect(history["loss"] == [0.625, 0.0390625])
    #expect(model.weights[0].value.item == 0.9375)
  }

  @Test("The validation split holds out the last samples")
  func validationSplit() throws {
    let x = Tensor((1...10).map { Float($0) }, shape: [10, 1])
    let history = try frozenModel().fit(x, Tensor.zeros([10, 1]), validationSplit: 0.3)
    expectClose(history["loss"][0], 140.0 / 7, "loss of the first seven")
    expectClose(history["val_loss"][0], 245.0 / 3, "loss of the last three")
    #expect(history.names == ["loss", "mae", "val_loss", "val_mae"])
    let given = try frozenModel().fit(
      x[0..<7], Tensor.zeros([7, 1]), validation: (x[7..<10], Tensor.zeros([3, 1])))
    #expect(given["val_loss"] == history["val_loss"])
  }

  @Test("Shuffling sees every sample once, in another order each time")
  func shuffling() throws {
    /// Remembers which samples went through it.
    final class Spy: Layer {
      private(set) var seen: [[Float]] = []
      override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
        let x = inputs[0].tensor(for: name)
        if context.training { seen.append(x.scalars) }
        return x
      }
    }
    let spy = Spy()
    let model = Sequential(input: [1]) {
      spy
      Dense(1)
    }
    model.compile(optimizer: SGD(), loss: .meanSquaredError)
    let x = Tensor((0..<50).map { Float($0) / 50 }, shape: [50, 1])
    try model.fit(x, x, epochs: 2, batchSize: 50)
    #expect(spy.seen.map { $0.sorted() } == [x.scalars, x.scalars])
    #expect(spy.seen[0] != spy.seen[1] && spy.seen[0] != x.scalars)
    try model.fit(x, x, batchSize: 50, shuffle: false)
    #expect(spy.seen[2] == x.scalars)
    #expect(spy.name == "spy_1")
  }

  @Test("Accuracy beside the binary loss is that of rounded outputs")
  func accuracy() throws {
    let model = Sequential(input: [1]) { Dense(1, activation: .sigmoid) }
    model.weights[0].value = Tensor([4], shape: [1, 1])
    model.compile(optimizer: SGD(learningRate: 0), loss: .binaryCrossEntropy, metrics: [.accuracy])
    let x = Tensor([1, -1, 2, -2], shape: [4, 1])
    let y = Tensor([1, 0, 0, 0], shape: [4, 1])
    #expect(model.evaluate(x, y).accuracy == 0.75)
    #expect(try model.fit(x, y)["acc"] == [0.75])
  }

  @Test("A loss that is not a number is an error")
  func notANumber() throws {
    let model = frozenModel()
    let x = Tensor([1, 1, 1, .nan], shape: [4, 1])
    let before = model.weights[0].value
    let error = #expect(throws: TrainingError.self) {
      try model.fit(x, Tensor.zeros([4, 1]), batchSize: 2, shuffle: false)
    }
    let expected = """
      The loss stopped being a number in epoch 1, step 2: the steps are too large or the data \
      contains NaN. Try a smaller learning rate, and check the data.
      """
    #expect(error?.description == expected)
    #expect(model.weights[0].value == before, "The weights are not spoiled.")
  }

  @Test(
    "Penalties count in training and evaluation",
    arguments: [Regularizer.l1(0.5), .l2(0.5), .l1l2(0.2, 0.3)])
  func penalties(_ regularizer: Regularizer) throws {
    let model = frozenModel(weight: -2, regularizer: regularizer)
    let (x, y) = (Tensor.ones([4, 1]), Tensor.zeros([4, 1]))
    let penalty = Double(regularizer.l1) * 2 + Double(regularizer.l2) * 4
    let evaluation = model.evaluate(x, y)
    expectClose(evaluation.penalty, penalty, "penalty")
    expectClose(evaluation.loss, 4 + penalty, "evaluated loss")
    let history = try model.fit(x, y, validation: (x, y))
    expectClose(history["loss"][0], 4 + penalty, "training loss")
    expectClose(history["val_loss"][0], 4 + penalty, "validation loss")
    // The step does not move the weight, so the penalty after the epoch is the one before it.
    expectClose(history["penalty"][0], penalty, "logged penalty")
    #expect(try frozenModel().fit(x, y).names == ["loss", "mae"], "No regularizer, no penalty.")
  }

  @Test(
    "A line y = 2x + 1 is learned",
    arguments: ["RMSprop", "SGD", "momentum", "Nesterov", "Adagrad", "Adam"])
  func line(_ name: String) throws {
    let optimizer: Optimizer =
      switch name {
      case "RMSprop": RMSprop(learningRate: 0.01, decay: 0.005)
      case "SGD": SGD(learningRate: 0.2)
      case "momentum": SGD(learningRate: 0.05, momentum: 0.9)
      case "Nesterov": SGD(learningRate: 0.05, momentum: 0.9, nesterov: true)
      case "Adagrad": Adagrad(learningRate: 0.5)
      default: Adam(learningRate: 0.05)
      }
    let model = Sequential(input: [1]) { Dense(1) }
    model.compile(optimizer: optimizer, loss: .meanSquaredError)
    let x = randomTensor([64, 1], in: -1...1, seed: 411)
    let history = try model.fit(x, 2 * x + 1, epochs: 150, batchSize: 16)
    expectClose(model.weights[0].value, Tensor([2], shape: [1, 1]), absolute: 0.02, "slope")
    expectClose(model.weights[1].value, Tensor([1]), absolute: 0.02, "intercept")
    #expect((history["loss"].last ?? .nan) < 0.01 * history["loss"][0])
  }
}
