import Testing

@testable import DeepLearning

/// Recurrent networks in training: repeatable, savable, usable for any size of batch.
@Suite struct RecurrentTrainingTests {
  private static let ids = (0..<540).map { (i: Int) in Int32(i * i % 31) }
  private static let labels = (0..<60).map { (i: Int) in Int32(i * 5 % 7 % 2) }

  private func model(seed: UInt64 = 42) -> Sequential {
    let model = Sequential(input: [9], seed: seed) {
      Embedding(31, 20, masksZero: true)
      Bidirectional(LSTM(12, returnsSequences: true, dropout: 0.2, recurrentDropout: 0.2))
      GRU(17, dropout: 0.2, recurrentDropout: 0.2)
      Dense(2, activation: .softmax)
    }
    model.compile(
      optimizer: RMSprop(learningRate: 0.01), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    return model
  }

  private func train(_ model: Sequential) throws -> (weights: [Tensor], history: History) {
    let history = try model.fit(
      Samples.integers(Self.ids, shape: [60, 9]), Self.labels, epochs: 3, batchSize: 32,
      validationSplit: 0.2)
    return (model.weights.map(\.value), history)
  }

  @Test("The same seed and number of cores give the same bits", arguments: [1, 2, 3])
  func sameBits(width: Int) throws {
    try Parallel.$width.withValue(width) {
      let (a, b) = (try train(model()), try train(model()))
      #expect(zip(a.weights, b.weights).allSatisfy(haveEqualBits))
      #expect(a.history.csv == b.history.csv)
      let c = try train(model(seed: 43))
      #expect(zip(a.weights, c.weights).allSatisfy { $0 != $1 })
    }
  }

  /// Gradients are sums over samples, split over the cores: equal but for rounding.
  @Test("Other numbers of cores give nearly the same")
  func cores() throws {
    let model = model()
    let x = Samples.integers(Self.ids, shape: [60, 9])
    let upstream = randomTensor([60, 2], seed: 691)
    let runs = [1, 2, 5].map { width in
      Parallel.$width.withValue(width) {
        valueAndGradients(of: model.weights) { (model(x) * upstream).sum() }.gradients
      }
    }
    for weight in model.weights {
      let expected = try #require(runs[0][weight])
      for run in runs.dropFirst() {
        expectClose(try #require(run[weight]), expected, absolute: 2e-6, "\(weight.name)")
      }
    }
  }

  @Test("Runs side by side do not disturb each other")
  func sideBySide() throws {
    let together = try Parallel.map(4) { try train(model(seed: UInt64($0))).weights }
    for seed in 0..<4 {
      let alone = try Parallel.map(1) { _ in try train(model(seed: UInt64(seed))).weights }
      #expect(zip(together[seed], alone[0]).allSatisfy(haveEqualBits))
    }
  }

  @Test("Weights are read from a file as they were written")
  func files() throws {
    let folder = try TemporaryFolder()
    let (saved, loaded) = (model(), model(seed: 7))
    _ = try train(saved)
    try saved.saveWeights(to: folder.file("weights"))
    try loaded.loadWeights(from: folder.file("weights"))
    let x = Samples.integers(Self.ids, shape: [60, 9])
    #expect(haveEqualBits(saved.predict(x), loaded.predict(x)))
  }

  /// What a sample gives does not depend on those beside it.
  @Test(
    "A sample's result does not depend on the size of its batch",
    arguments: [1, 2, 7, 8, 9, 16, 33, 60])
  func batches(size: Int) {
    let model = model()
    let x = Samples.integers(Self.ids, shape: [60, 9])
    expectClose(
      model.predict(x, batchSize: size), model.predict(x, batchSize: 60), absolute: 2e-6, "\(size)")
  }

  @Test("More samples than one piece holds have the right gradients")
  func pieces() throws {
    let model = Sequential(input: [3, 4]) { GRU(5, returnsSequences: true) }
    let x = randomTensor([300, 3, 4], seed: 692)
    let upstream = randomTensor([300, 3, 5], seed: 693)
    func gradients(_ rows: Range<Int>) throws -> [Tensor] {
      try valueAndGradients(of: model.weights) { (model(x[rows]) * upstream[rows]).sum() }
        .gradients.values.map { try #require($0) }
    }
    let parts = try stride(from: 0, to: 300, by: 50).map { try gradients($0..<$0 + 50) }
    for (index, whole) in try gradients(0..<300).enumerated() {
      let sum = parts.map { $0[index] }.reduce(Tensor.zeros(whole.shape), +)
      expectClose(whole, sum, absolute: 2e-5, "\(model.weights[index].name)")
    }
    for sample in [0, 63, 64, 299] {
      expectClose(
        model(x)[sample..<sample + 1], model(x[sample..<sample + 1]), absolute: 1e-6, "\(sample)")
    }
  }

  @Test("Stateful layers forget when told to")
  func stateful() throws {
    let model = Sequential(input: [3, 2]) {
      Bidirectional(LSTM(4, isStateful: true, name: "inner"))
      Dense(1)
    }
    let one = Sequential(input: [3, 2]) { GRU(4, isStateful: true) }
    let x = randomTensor([5, 3, 2], seed: 694)
    for model in [model, one] {
      let first = model(x)
      #expect(model(x) != first)
      model.resetStates()
      #expect(haveEqualBits(model(x), first))
    }
  }

  /// A number that is not one stays among its own sample.
  @Test("A NaN in one sample does not spoil the others")
  func spoiled() {
    let model = Sequential(input: [4, 3]) { LSTM(5, returnsSequences: true) }
    let x = randomTensor([20, 4, 3], seed: 695)
    var spoilt = x
    spoilt.withUnsafeMutableBuffer { $0[7 * 12 + 4] = .nan }
    let (good, bad) = (model(x), model(spoilt))
    for sample in 0..<20 where sample != 7 {
      #expect(haveEqualBits(good[sample..<sample + 1], bad[sample..<sample + 1]))
    }
    #expect(bad[7..<8].scalars.suffix(15).allSatisfy { $0.isNaN })
  }
}
