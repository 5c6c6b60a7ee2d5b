import Testing

@testable import DeepLearning

/// Five hundred time steps, as many as the reviews of chapter 6 have words.
@Suite struct LongSequenceTests {
  private static func layer(_ kind: String) -> RecurrentLayer {
    switch kind {
    case "SimpleRNN": SimpleRNN(32)
    case "LSTM": LSTM(32)
    default: GRU(32, resetsAfter: kind == "GRU, reset after")
    }
  }

  @Test(
    "Long sequences stay finite, forward and backward",
    arguments: ["SimpleRNN", "LSTM", "GRU", "GRU, reset after"])
  func finite(kind: String) throws {
    let recurrent = Self.layer(kind)
    let model = Sequential(input: [500, 4]) {
      recurrent
      Dense(1)
    }
    let x = randomTensor([17, 500, 4], in: -0.5...0.6, seed: 631)
    let (value, gradients) = valueAndGradients(of: model.weights) { model(x).squared().sum() }
    #expect(value.item.isFinite && value.item > 0)
    for (weight, gradient) in zip(model.weights, gradients.values) {
      let gradient = try #require(gradient)
      #expect(gradient.scalars.allSatisfy { $0.isFinite }, "\(weight.name)")
      #expect(gradient.scalars.contains { $0 != 0 }, "\(weight.name)")
    }
    var differences = FiniteDifferences()
    (differences.elementsPerTensor, differences.relative) = (4, 3e-3)
    differences.absolute = 2e-3
    differences.skippable = 0.3
    try differences.check("\(kind), weights", weights: model.weights) { model(x[0..<2]) }
    let last = randomTensor([2, 500, 4], in: -0.5...0.6, seed: 632)
    differences.check("\(kind), the last inputs", at: [randomTensor([2, 8], seed: 635)]) {
      model(
        Tensor.concatenated([last.reshaped([2, 2000])[.all, .range(0..<1992)], $0[0]])
          .reshaped([2, 500, 4]))
    }
  }

  /// The whole sequence is one operation: nothing in the graph grows with its length.
  @Test("Sequences of 20,000 steps do not overflow the stack")
  func stack() throws {
    let model = Sequential(input: [20_000, 1]) {
      LSTM(8, returnsSequences: true)
      GRU(3)
    }
    let x = randomTensor([1, 20_000, 1], seed: 633)
    let (_, gradient) = valueAndGradient(at: x) { model($0).sum() }
    #expect(gradient.scalars.allSatisfy { $0.isFinite } && gradient.scalars.contains { $0 != 0 })
  }

  @Test("Networks of chapter 6 train on long sequences")
  func training() throws {
    let model = Sequential(input: [500]) {
      Embedding(100, 32)
      LSTM(32)
      Dense(1, activation: .sigmoid)
    }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    var random = RandomGenerator(seed: 634)
    // Which of two words stands anywhere in the last hundred decides.
    let labels = (0..<160).map { Int32($0 % 2) }
    let ids = labels.flatMap { label in
      (0..<500).map { $0 > 400 && random.below(8) == 0 ? label + 1 : Int32(3 + random.below(97)) }
    }
    let history = try model.fit(
      Samples.integers(ids, shape: [160, 500]), Tensor(labels.map(Float.init), shape: [160, 1]),
      epochs: 12, batchSize: 16)
    #expect(history["loss"].allSatisfy { $0.isFinite })
    let accuracy = try #require(history["acc"].last)
    #expect(accuracy > 0.9)
  }
}
