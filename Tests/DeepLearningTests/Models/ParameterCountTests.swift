import Testing

@testable import DeepLearning

/// The dense models of the book, and how many parameters it says they have.
@Suite struct ParameterCountTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let name: String
    let inputs: Int
    let units: [Int]
    let count: Int
    var testDescription: String { "\(name): \(count)" }
  }

  static let networks = [
    Network(name: "3.4 IMDB", inputs: 10_000, units: [16, 16, 1], count: 160_305),
    Network(name: "3.4, one hidden layer", inputs: 10_000, units: [16, 1], count: 160_033),
    Network(
      name: "3.4, three hidden layers", inputs: 10_000, units: [16, 16, 16, 1], count: 160_577),
    Network(name: "3.4, 32 units", inputs: 10_000, units: [32, 32, 1], count: 321_121),
    Network(name: "3.4, 64 units", inputs: 10_000, units: [64, 64, 1], count: 644_289),
    Network(name: "3.5 Reuters", inputs: 10_000, units: [64, 64, 46], count: 647_214),
    Network(name: "3.5, bottleneck", inputs: 10_000, units: [64, 4, 46], count: 640_554),
    Network(name: "3.6 Boston housing", inputs: 13, units: [64, 64, 1], count: 5_121),
    Network(name: "2.1 MNIST", inputs: 784, units: [512, 10], count: 407_050),
    Network(name: "4.4, smaller", inputs: 10_000, units: [4, 4, 1], count: 40_029),
    Network(name: "4.4, bigger", inputs: 10_000, units: [512, 512, 1], count: 5_383_681),
  ]

  @Test("Dense networks have the book's number of parameters", arguments: networks)
  func count(_ network: Network) {
    let model = Sequential(input: [network.inputs]) {
      for units in network.units { Dense(units, activation: .relu) }
    }
    #expect(model.parameterCount == network.count)
    #expect(model.outputShapes == [[network.units.last ?? 0]])
    #expect(model.weights.count == 2 * network.units.count)
  }

  @Test("Layers without weights count nothing")
  func nothing() {
    let model = Sequential(input: [4, 5]) {
      Flatten()
      Dense(3, usesBias: false)
      Dropout(0.5)
      ActivationLayer(.softmax)
      Reshape([3, 1])
    }
    #expect(model.parameterCount == 60)
    #expect(model.trainableWeights.map(\.name) == ["dense_1/kernel"])
    model.layer("dense_1").isTrainable = false
    #expect(model.trainableWeights.isEmpty && model.parameterCount == 60)
  }
}
