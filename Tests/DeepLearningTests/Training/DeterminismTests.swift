import Testing

@testable import DeepLearning

/// The same seed gives the same bits; equal data in another form gives equal results.
@Suite struct DeterminismTests {
  private static let rows = randomRows(90, 40, hasValues: false, density: 0.3, seed: 401)
  private static let labels = (0..<90).map { Int32($0 * 5 % 7 % 3) }

  /// Trains three epochs with dropout and shuffling.
  private func train(
    _ x: any SamplesConvertible, _ y: any SamplesConvertible, seed: UInt64 = 42,
    dropout: Float = 0.3
  ) throws -> (weights: [Tensor], history: History) {
    let model = Sequential(input: [40], seed: seed) {
      Dense(64, activation: .relu)
      Dropout(dropout)
      Dense(3, activation: .softmax)
    }
    model.compile(
      optimizer: RMSprop(learningRate: 0.01), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    let history = try model.fit(x, y, epochs: 3, batchSize: 32, validationSplit: 0.2)
    return (model.weights.map(\.value), history)
  }

  @Test("The same seed gives the same bits")
  func sameBits() throws {
    let (a, b) = (try train(Self.rows, Self.labels), try train(Self.rows, Self.labels))
    #expect(zip(a.weights, b.weights).allSatisfy(haveEqualBits))
    for name in ["loss", "acc", "val_loss", "val_acc"] {
      #expect(a.history[name].count == 3)
      #expect(a.history[name] == b.history[name])
    }
  }

  @Test("Another seed gives other weights")
  func otherSeed() throws {
    let (a, b) = (try train(Self.rows, Self.labels), try train(Self.rows, Self.labels, seed: 43))
    #expect(zip(a.weights, b.weights).allSatisfy { $0 != $1 })
    #expect(a.history["loss"] != b.history["loss"])
  }

  @Test("The number of cores does not matter to sparse rows")
  func cores() throws {
    let runs = try [1, 2].map { width in
      try Parallel.$width.withValue(width) { try train(Self.rows, Self.labels) }
    }
    #expect(zip(runs[0].weights, runs[1].weights).allSatisfy(haveEqualBits))
  }

  @Test("Sparse and dense input agree")
  func sparseAndDense() throws {
    let (a, b) = (try train(Self.rows, Self.labels), try train(Self.rows.dense, Self.labels))
    for (sparse, dense) in zip(a.weights, b.weights) {
      // RMSprop magnifies the rounding of tiny gradients.
      expectClose(sparse, dense, absolute: 2e-3, relative: 1e-3, "weights")
    }
    expectClose(Tensor(a.history["loss"]), Tensor(b.history["loss"]), absolute: 1e-3, "loss")
  }

  @Test("One-hot rows and class numbers agree to the last bit")
  func classNumbers() throws {
    let a = try train(Self.rows, Self.labels)
    let b = try train(Self.rows, oneHot(Self.labels, classes: 3))
    #expect(zip(a.weights, b.weights).allSatisfy(haveEqualBits))
    #expect(a.history.csv == b.history.csv)
  }

  @Test("Runs side by side do not disturb each other")
  func sideBySide() throws {
    let x = Self.rows.dense
    let together = try Parallel.map(4) { try train(x, Self.labels, seed: UInt64($0)).weights }
    for seed in 0..<4 {
      let alone = try Parallel.map(1) { _ in try train(x, Self.labels, seed: UInt64(seed)).weights }
      #expect(zip(together[seed], alone[0]).allSatisfy(haveEqualBits))
    }
  }

  @Test("Samples of any kind are shuffled alike")
  func kinds() throws {
    let x = randomTensor([10, 2, 3], seed: 402)
    let order = [3, 9, 0, 0, 7][...]
    let picked = Samples.dense(x).gathering(order).tensor(for: "test")
    #expect(picked.shape == [5, 2, 3])
    let values = x.scalars
    let expected = order.flatMap { row -> ArraySlice<Float> in values[row * 6..<row * 6 + 6] }
    #expect(picked.scalars == expected)
    let flat = x.reshaped([10, 6])
    guard case .sparse(let rows) = SparseRows(nonZero: flat).samples.gathering(order) else {
      Issue.record("Sparse rows stay sparse.")
      return
    }
    #expect(rows.dense.scalars == picked.scalars)
    let numbers = Samples.integers((0..<20).map(Int32.init), shape: [10, 2])
    guard case .integers(let values, let shape) = numbers.gathering(order) else {
      Issue.record("Whole numbers stay whole.")
      return
    }
    #expect(values == [6, 7, 18, 19, 0, 1, 0, 1, 14, 15] && shape == [5, 2])
    guard case .integers(let slice, let sliceShape) = numbers[2..<4] else {
      Issue.record("Whole numbers stay whole.")
      return
    }
    #expect(slice == [4, 5, 6, 7] && sliceShape == [2, 2])
  }
}
