import Testing

@testable import DeepLearning

/// Batch normalisation against Keras: training, inference, moving statistics.
@Suite struct GoldenNormalizationTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let momentum, epsilon: Float
    let batches, weights, movingAfter: [GoldenTensor]
    let upstream: GoldenTensor
    let training, inference: Results
    var testDescription: String { name }

    struct Results: Decodable, Sendable {
      let output, gradInput, gradGamma, gradBeta: GoldenTensor
    }

    func makeModel() -> Sequential {
      let model = Sequential(input: batches[0].tensor.shape.droppingFirst) {
        BatchNormalization(momentum: momentum, epsilon: epsilon)
      }
      for (weight, value) in zip(model.weights, weights) { weight.value = value.tensor }
      return model
    }
  }

  @Test(
    "Normalisation has the reference's output and gradients",
    arguments: try Golden.cases("convolution-normalization") as [Case], [true, false])
  func gradients(_ golden: Case, training: Bool) throws {
    let model = golden.makeModel()
    let expected = training ? golden.training : golden.inference
    let x = golden.batches[0].tensor
    // More than one step would move the averages on.
    var output: Tensor?
    let (_, toWeights) = valueAndGradients(of: model.trainableWeights) {
      let y = model(x, training: training)
      output = y.detached
      return (y * golden.upstream.tensor).sum()
    }
    expectClose(try #require(output), expected.output.tensor, "\(golden.name), output")
    let names = toWeights.parameters.map(\.name)
    #expect(names.map { $0.split(separator: "/").last } == ["gamma", "beta"])
    for (gradient, golden) in zip(toWeights.values, [expected.gradGamma, expected.gradBeta]) {
      expectClose(try #require(gradient), golden.tensor, absolute: 2e-5, "gradient of a weight")
    }
    let (_, toInput) = valueAndGradient(at: x) {
      (golden.makeModel()($0, training: training) * golden.upstream.tensor).sum()
    }
    expectClose(toInput, expected.gradInput.tensor, "\(golden.name), gradient of the input")
  }

  @Test(
    "Moving statistics follow the batches, and only in training",
    arguments: try Golden.cases("convolution-normalization") as [Case])
  func movingStatistics(_ golden: Case) {
    let model = golden.makeModel()
    for batch in golden.batches { _ = model(batch.tensor, training: true) }
    for (index, expected) in golden.movingAfter.enumerated() {
      expectClose(model.weights[index + 2].value, expected.tensor, "\(golden.name), \(index)")
    }
    let before = model.weights.map(\.value)
    _ = model(golden.batches[0].tensor)
    #expect(zip(before, model.weights).allSatisfy { haveEqualBits($0, $1.value) })
  }

  @Test(
    "A frozen layer infers also in training",
    arguments: try Golden.cases("convolution-normalization") as [Case])
  func frozen(_ golden: Case) {
    let model = golden.makeModel()
    model.layers[0].isTrainable = false
    let output = model(golden.batches[0].tensor, training: true)
    expectClose(output, golden.inference.output.tensor, "\(golden.name), output")
    for (weight, value) in zip(model.weights, golden.weights) {
      #expect(haveEqualBits(weight.value, value.tensor))
    }
    #expect(model.trainableWeights.isEmpty && model.parameterCount == 4 * output.rowLength)
  }

  /// A batch of one vector: each value is its own mean, and no input changes anything.
  @Test("With one value a channel the result is the offset, without a gradient to the input")
  func channels() {
    let model = Sequential(input: [37]) { BatchNormalization() }
    for weight in model.weights { weight.value = randomTensor([37], in: 0.2...2, seed: 802) }
    let upstream = randomTensor([1, 37], seed: 803)
    let (_, gradient) = valueAndGradient(at: 100 * randomTensor([1, 37], seed: 804)) {
      (model($0, training: true) * upstream).sum()
    }
    #expect(gradient == .zeros([1, 37]))
    let (_, toWeights) = valueAndGradients(of: model.trainableWeights) {
      (model(randomTensor([1, 37], seed: 804), training: true) * upstream).sum()
    }
    #expect(toWeights.values == [.zeros([37]), upstream.reshaped([37])])
  }

  @Test("Normalisation makes mean 0 and variance 1 of each channel")
  func standard() {
    let model = Sequential(input: [5, 7, 20]) { BatchNormalization(epsilon: 1e-6) }
    let x = 30 + 4 * randomTensor([6, 5, 7, 20], seed: 801)
    let y = model(x, training: true).reshaped([210, 20])
    expectClose(y.mean(axis: 0), .zeros([20]), absolute: 1e-5, "means")
    expectClose(y.squared().mean(axis: 0), .ones([20]), absolute: 1e-4, "variances")
  }
}
