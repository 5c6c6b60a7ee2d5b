import Testing

@testable import DeepLearning

/// Recurrent layers: the gradients of inputs, initial states and weights against differences.
@Suite struct RecurrentGradientTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let name: String
    /// `[time, features]`
    let input: Shape
    /// The sizes of initial states.
    let states: [Int]
    /// The largest share of elements near kinks.
    let skippable: Double
    let layers: @Sendable () -> [Layer]
    var testDescription: String { name }

    init(
      _ name: String, _ input: Shape, states: [Int] = [], skippable: Double = 0,
      _ layers: @escaping @Sendable () -> [Layer]
    ) {
      self.name = name
      self.input = input
      self.states = states
      self.skippable = skippable
      self.layers = layers
    }

    /// A model with weights so small that hard gates stay on their slopes.
    func makeModel() -> Model {
      let inputs = [Input(input)] + states.map { Input([$0]) }
      let layers = layers()
      let first = layers[0].apply(inputs)
      let model = Model(
        inputs: inputs, outputs: [layers.dropFirst().reduce(first) { $1($0) }])
      for (number, weight) in model.weights.enumerated() {
        let scale = 1 / Float(max(weight.shape[0], 4)).squareRoot()
        weight.value = randomTensor(
          weight.shape, in: -0.8 * scale...scale, seed: UInt64(610 + number))
      }
      return model
    }
  }

  static let networks = [
    Network("SimpleRNN", [4, 3]) { [SimpleRNN(5)] },
    Network("SimpleRNN, sequences, backwards", [4, 3], states: [17]) {
      [SimpleRNN(17, returnsSequences: true, goesBackwards: true)]
    },
    Network("SimpleRNN, relu", [3, 2], skippable: 0.4) { [SimpleRNN(4, activation: .relu)] },
    Network("SimpleRNN, softsign", [3, 2], skippable: 0.4) {
      [SimpleRNN(4, activation: .softsign)]
    },
    Network("SimpleRNN, linear, no bias", [3, 2]) {
      [SimpleRNN(4, activation: .linear, usesBias: false)]
    },
    Network("LSTM", [4, 3]) { [LSTM(5)] },
    Network("LSTM, sigmoid, states", [4, 3], states: [5, 5]) { [LSTM(5, gates: .sigmoid)] },
    Network("LSTM, sequences", [4, 16]) { [LSTM(16, returnsSequences: true)] },
    Network("GRU", [4, 3]) { [GRU(5)] },
    Network("GRU, sigmoid, states", [4, 3], states: [5]) { [GRU(5, gates: .sigmoid)] },
    Network("GRU, reset after, states", [4, 3], states: [5]) {
      [GRU(5, resetsAfter: true, returnsSequences: true)]
    },
    Network("GRU, one step", [1, 1]) { [GRU(1)] },
    Network("LSTM both ways", [4, 3]) { [Bidirectional(LSTM(5, returnsSequences: true))] },
    Network("SimpleRNN, dropout", [4, 3], states: [5]) {
      [SimpleRNN(5, dropout: 0.3, recurrentDropout: 0.4)]
    },
    Network("LSTM, dropout", [4, 3], states: [5, 5]) {
      [LSTM(5, returnsSequences: true, dropout: 0.3, recurrentDropout: 0.4)]
    },
    Network("LSTM of 16 units and features, dropout", [3, 16]) {
      [LSTM(16, gates: .sigmoid, dropout: 0.5)]
    },
    Network("LSTM, recurrent dropout", [4, 3]) { [LSTM(6, recurrentDropout: 0.5)] },
    Network("GRU, dropout", [4, 3], states: [5]) {
      [GRU(5, gates: .sigmoid, dropout: 0.3, recurrentDropout: 0.4)]
    },
    Network("GRU, reset after, dropout", [4, 3], states: [5]) {
      [GRU(5, resetsAfter: true, returnsSequences: true, dropout: 0.3, recurrentDropout: 0.4)]
    },
    Network("GRU, recurrent dropout, backwards", [4, 17]) {
      [GRU(5, goesBackwards: true, recurrentDropout: 0.5)]
    },
    Network("GRU both ways, dropout, then LSTM", [4, 3]) {
      [
        Bidirectional(GRU(4, returnsSequences: true, dropout: 0.3, recurrentDropout: 0.3)),
        LSTM(3, dropout: 0.2),
      ]
    },
    Network("Conv1D, pooling, GRU, Dense", [11, 2]) {
      [
        Conv1D(4, kernel: 3, activation: .tanh), AveragePooling1D(2),
        GRU(4, recurrentDropout: 0.3), Dense(1),
      ]
    },
  ]

  @Test("Gradients agree with differences", arguments: networks)
  func gradients(_ network: Network) throws { try check(network, batch: 2) }

  /// Seventeen samples are two pieces for two cores. Among so many there is always a kink nearby.
  @Test(
    "Gradients agree with differences on two cores",
    arguments: networks.filter { $0.skippable == 0 })
  func twoCores(_ network: Network) throws { try check(network, batch: 17) }

  private func check(_ network: Network, batch: Int) throws {
    let model = network.makeModel()
    var differences = FiniteDifferences()
    differences.skippable = network.skippable
    differences.elementsPerTensor = 14
    let inputs =
      [randomTensor(network.input.prepending(batch), in: -1...1.4, seed: 611)]
      + network.states.enumerated().map {
        randomTensor([batch, $1], in: -0.8...1, seed: 612 + UInt64($0))
      }
    func run(_ inputs: [Tensor]) -> Tensor {
      // The same random numbers, and so the same dropout, every time.
      model.outputs(
        for: inputs.map(Samples.dense),
        ForwardContext(training: true, random: RandomGenerator(seed: 613)))[0]
    }
    try Parallel.$width.withValue(2) {
      differences.check("\(network.name), inputs", at: inputs) { run($0) }
      try differences.check("\(network.name), weights", weights: model.weights) { run(inputs) }
    }
  }

  @Test(
    "Gradients agree with differences where time steps are skipped and dropped",
    arguments: [false, true])
  func skippedSteps(resetsAfter: Bool) throws {
    let network = Network("masked", [5, 2]) {
      [
        Masking(0),
        GRU(
          4, gates: .sigmoid, resetsAfter: resetsAfter, returnsSequences: true, dropout: 0.3,
          recurrentDropout: 0.3),
        Bidirectional(LSTM(3, returnsSequences: true, dropout: 0.3, recurrentDropout: 0.3)),
        SimpleRNN(2, recurrentDropout: 0.3),
      ]
    }
    let model = network.makeModel()
    var mask = Tensor.ones([9, 5, 1])
    for (sample, moments) in [[0, 1], [2], [4], [0, 1, 2, 3, 4], [1, 3]].enumerated() {
      for moment in moments {
        mask.withUnsafeMutableBuffer { $0[sample * 5 + moment] = 0 }
      }
    }
    let x = randomTensor([9, 5, 2], in: 0.1...1.4, seed: 621)
    var differences = FiniteDifferences()
    differences.elementsPerTensor = 14
    func run(_ x: Tensor) -> Tensor {
      let context = ForwardContext(training: true, random: RandomGenerator(seed: 622))
      return model.outputs(for: [.dense(x * mask)], context)[0]
    }
    differences.check("inputs", at: [x]) { run($0[0]) }
    try differences.check("weights", weights: model.weights) { run(x) }
  }
}
