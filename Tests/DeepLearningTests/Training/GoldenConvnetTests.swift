import Testing

@testable import DeepLearning

/// Three training steps of a small convnet against PyTorch and Keras: losses, weights, predictions.
@Suite struct GoldenConvnetTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let settings: GoldenOptimizer
    let filters: [Int]
    let x, y, predictionsAfter: GoldenTensor
    let weights, weightsAfter: [GoldenTensor]
    let losses: [Double]
    var testDescription: String { name }

    private enum Key: CodingKey {
      case name, filters, x, y, predictionsAfter, weights, weightsAfter, losses
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      name = try container.decode(String.self, forKey: .name)
      filters = try container.decode([Int].self, forKey: .filters)
      x = try container.decode(GoldenTensor.self, forKey: .x)
      y = try container.decode(GoldenTensor.self, forKey: .y)
      predictionsAfter = try container.decode(GoldenTensor.self, forKey: .predictionsAfter)
      weights = try container.decode([GoldenTensor].self, forKey: .weights)
      weightsAfter = try container.decode([GoldenTensor].self, forKey: .weightsAfter)
      losses = try container.decode([Double].self, forKey: .losses)
      settings = try GoldenOptimizer(from: decoder)
    }
  }

  @Test(
    "Three steps of a convnet change the weights as in the reference",
    arguments: try Golden.cases("convolution-training") as [Case], [false, true])
  func steps(_ golden: Case, isExact: Bool) throws {
    let model = Sequential(input: golden.x.tensor.shape.droppingFirst) {
      Conv2D(golden.filters[0], kernel: 3, padding: .same, activation: .relu)
      MaxPooling2D(2)
      Conv2D(golden.filters[1], kernel: 3, padding: .same, activation: .relu)
      MaxPooling2D(2)
      Flatten()
      Dense(3, activation: .softmax)
    }
    #expect(model.weights.map(\.shape) == golden.weights.map(\.tensor.shape))
    for (weight, value) in zip(model.weights, golden.weights) { weight.value = value.tensor }
    model.compile(optimizer: try golden.settings.make(), loss: .categoricalCrossEntropy)
    let history = try Engine.$isExact.withValue(isExact) {
      try model.fit(
        golden.x.tensor, golden.y.tensor, epochs: 3, batchSize: golden.x.tensor.count,
        shuffle: false)
    }
    for (step, loss) in golden.losses.enumerated() {
      expectClose(
        history["loss"][step], loss, relative: 2e-5, "\(golden.name), loss of step \(step + 1)")
    }
    for (weight, expected) in zip(model.weights, golden.weightsAfter) {
      expectClose(
        weight.value, expected.tensor, absolute: isExact ? 1e-5 : 5e-5,
        "\(golden.name), \(weight.name)")
    }
    expectClose(
      model.predict(golden.x.tensor), golden.predictionsAfter.tensor, absolute: 5e-5,
      "\(golden.name), predictions")
  }
}
