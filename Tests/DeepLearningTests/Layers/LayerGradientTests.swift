import Testing

@testable import DeepLearning

/// Whole layers: the gradients of inputs and weights against differences.
@Suite struct LayerGradientTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let name: String
    let input: Shape
    let layers: @Sendable () -> [Layer]
    var testDescription: String { name }

    init(_ name: String, _ input: Shape, _ layers: @escaping @Sendable () -> [Layer]) {
      self.name = name
      self.input = input
      self.layers = layers
    }

    func makeModel() -> Sequential {
      let model = Sequential(input: input) { for layer in layers() { layer } }
      for (number, weight) in model.weights.enumerated() {
        weight.value = randomTensor(weight.shape, in: -0.8...1, seed: UInt64(60 + number))
      }
      return model
    }
  }

  static let networks =
    [
      Network("Dense", [6]) { [Dense(4)] },
      Network("Dense without bias", [6]) { [Dense(5, usesBias: false)] },
      Network("Dense of matrices", [2, 5]) { [Dense(3, activation: .tanh)] },
      Network("Dropout", [12]) { [Dropout(0.4)] },
      Network("Dropout 0", [12]) { [Dropout(0)] },
      Network("Dense, Dropout, Dense", [6]) {
        [Dense(9, activation: .tanh), Dropout(0.3), Dense(2, activation: .sigmoid)]
      },
      Network("Flatten", [2, 3]) { [Flatten(), Dense(2, activation: .softplus)] },
      Network("Reshape", [12]) { [Reshape([3, 4]), Dense(2, activation: .softsign)] },
      Network("three layers", [7]) {
        [Dense(8, activation: .relu), Dense(6, activation: .elu), Dense(3, activation: .softmax)]
      },
    ]
    + Activation.allCases.map { activation in
      Network("ActivationLayer \(activation)", [5]) { [Dense(4), ActivationLayer(activation)] }
    }

  @Test("Layers have the right gradients", arguments: networks)
  func gradients(_ network: Network) throws {
    let model = network.makeModel()
    // The same mask in each call.
    func output(_ x: Tensor) -> Tensor {
      let context = ForwardContext(training: true, random: RandomGenerator(seed: 3))
      return model.outputs(for: [.dense(x)], context)[0]
    }
    var differences = FiniteDifferences()
    differences.skippable = 0.3
    let x = randomTensor(network.input.prepending(3), in: -1...1.4, seed: 61)
    differences.check("\(network.name), input", at: [x]) { output($0[0]) }
    if !model.weights.isEmpty {
      try differences.check("\(network.name), weights", weights: model.weights) { output(x) }
    }
  }

  @Test("Dense layers on sparse rows have the right gradients", arguments: [false, true])
  func sparseRows(hasValues: Bool) throws {
    let model = Network("Dense", [30]) { [Dense(5, activation: .tanh)] }.makeModel()
    let rows = randomRows(7, 30, hasValues: hasValues, seed: 62)
    try FiniteDifferences().check("Dense on sparse rows", weights: model.weights) { model(rows) }
  }

  @Test(
    "Regularizers have the right gradients",
    arguments: [(0.3, 0), (0, 0.2), (0.3, 0.2)] as [(Float, Float)])
  func regularizers(_ l1: Float, _ l2: Float) throws {
    let regularizer: Regularizer = l2 == 0 ? .l1(l1) : l1 == 0 ? .l2(l2) : .l1l2(l1, l2)
    let weight = Parameter("kernel", shape: [4, 5], initializer: .zeros)
    weight.value = randomTensor([4, 5], seed: 63, avoiding: [0])
    try FiniteDifferences().check("penalty", weights: [weight]) {
      regularizer.penalty(weight.value)
    }
    let expected = weight.value.scalars.reduce(0.0) {
      $0 + Double(l1) * Double(abs($1)) + Double(l2) * Double($1) * Double($1)
    }
    expectClose(regularizer.penalty(weight.value).item, expected, "penalty")
  }
}
