import Testing

@testable import DeepLearning

/// Recurrent layers against Keras and the formulas of Keras 2.0.8: outputs and all gradients.
@Suite struct GoldenRecurrentTests {
  static let error: Float = 2e-5

  @Test(
    "Recurrent layers have Keras' outputs and gradients on one core and several",
    arguments: ["recurrent-simplernn", "recurrent-lstm", "recurrent-gru", "recurrent-company"])
  func cores(file: String) throws {
    let cases: [GoldenRecurrent] = try Golden.cases(file)
    #expect(cases.count > 15)
    for golden in cases {
      for width in [1, 2, 3] {
        try Parallel.$width.withValue(width) { try golden.expectAgreement(error: Self.error) }
      }
    }
  }

  struct StatefulCase: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let layers: [GoldenRecurrentLayer]
    let batches, weights, outputs, gradWeights: [GoldenTensor]
    let upstream: GoldenTensor
    var testDescription: String { name }
  }

  @Test(
    "States carry over to the next batch",
    arguments: try Golden.cases("recurrent-stateful") as [StatefulCase])
  func states(_ golden: StatefulCase) throws {
    let recurrent = try #require(try golden.layers[0].make(isStateful: true) as? RecurrentLayer)
    let start = Input(golden.batches[0].tensor.shape.droppingFirst)
    let model = Model(inputs: start, outputs: recurrent(start))
    for (weight, value) in zip(model.weights, golden.weights) { weight.value = value.tensor }
    // The layer itself, because sequences of the second batch are shorter.
    func run(_ batch: Tensor) -> Tensor {
      recurrent.forward(
        [.dense(batch)], ForwardContext(training: true, random: RandomGenerator(seed: 1)))
    }
    for round in 1...2 {
      expectClose(
        run(golden.batches[0].tensor), golden.outputs[0].tensor, absolute: Self.error,
        "\(golden.name), first batch, round \(round)")
      var after: Tensor?
      let (_, gradients) = valueAndGradients(of: model.weights) {
        let output = run(golden.batches[1].tensor)
        after = output.detached
        return (output * golden.upstream.tensor).sum()
      }
      expectClose(
        try #require(after), golden.outputs[1].tensor, absolute: Self.error,
        "\(golden.name), second batch, round \(round)")
      for (weight, gradient) in zip(model.weights, golden.gradWeights) {
        expectClose(
          try #require(gradients[weight]), gradient.tensor, absolute: 5 * Self.error,
          "\(golden.name), gradient of \(weight.name)")
      }
      recurrent.resetStates()
    }
  }
}
