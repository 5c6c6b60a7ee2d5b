import Testing

@testable import DeepLearning

/// What a network of known weights makes of known inputs, and all gradients.
protocol GoldenNetwork: Decodable, Sendable, CustomTestStringConvertible {
  var name: String { get }
  var inputs: [GoldenTensor] { get }
  var weights: [GoldenTensor] { get }
  var upstream: GoldenTensor { get }
  var output: GoldenTensor { get }
  var gradInputs: [GoldenTensor] { get }
  var gradWeights: [GoldenTensor] { get }

  /// The network for its inputs, without the weights.
  func connect(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor
}

extension GoldenNetwork {
  var testDescription: String { name }

  /// A model of the network, with its weights.
  func makeModel() throws -> Model {
    let ends = inputs.map { Input($0.tensor.shape.droppingFirst) }
    let model = Model(inputs: ends, outputs: [try connect(ends)])
    #expect(model.weights.map(\.shape) == weights.map(\.tensor.shape), "\(name)")
    for (weight, value) in zip(model.weights, weights) { weight.value = value.tensor }
    #expect(model.outputShapes == [output.tensor.shape.droppingFirst], "\(name)")
    return model
  }

  /// Expects the output and all gradients.
  ///
  /// - Parameter error: what is allowed, as a share of the largest number of each tensor, or of 1 if that is larger.
  func expectAgreement(error: Float) throws {
    let model = try makeModel()
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
    func run(_ inputs: [Tensor]) -> Tensor {
      model.outputs(for: inputs.map(Samples.dense), context)[0]
    }
    func expect(_ actual: Tensor, _ expected: GoldenTensor, _ what: String) {
      let largest = expected.tensor.scalars.reduce(1) { max($0, abs($1)) }
      expectClose(
        actual, expected.tensor, absolute: error * largest, relative: 0, "\(name), \(what)")
    }
    let tensors = inputs.map(\.tensor)
    expect(run(tensors), output, "output")
    let (_, toInputs) = valueAndGradients(at: tensors) { (run($0) * upstream.tensor).sum() }
    #expect(toInputs.count == gradInputs.count)
    for (index, gradient) in gradInputs.enumerated() {
      expect(toInputs[index], gradient, "gradient of input \(index)")
    }
    let (_, toWeights) = valueAndGradients(of: model.weights) {
      (run(tensors) * upstream.tensor).sum()
    }
    #expect(toWeights.values.count == gradWeights.count)
    for (weight, gradient) in zip(model.weights, gradWeights) {
      expect(try #require(toWeights[weight]), gradient, "gradient of \(weight.name)")
    }
  }
}
