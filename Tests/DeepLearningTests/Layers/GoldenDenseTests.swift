import Testing

@testable import DeepLearning

/// Dense layers with every activation against PyTorch and Keras.
@Suite struct GoldenDenseTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let activation: String
    let input, kernel, upstream, output, gradInput, gradKernel: GoldenTensor
    let bias, gradBias: GoldenTensor?
    var testDescription: String { name }

    /// A model of this one layer, with the case's weights.
    func makeModel() throws -> Sequential {
      let activation = try #require(Activation(rawValue: activation))
      let model = Sequential(input: input.tensor.shape.droppingFirst) {
        Dense(kernel.tensor.shape[1], activation: activation, usesBias: bias != nil)
      }
      for (weight, value) in zip(model.weights, [kernel, bias].compactMap { $0 }) {
        weight.value = value.tensor
      }
      return model
    }
  }

  @Test(
    "Dense has the reference's output and gradients", arguments: try Golden.cases("dense") as [Case]
  )
  func gradients(_ golden: Case) throws {
    let model = try golden.makeModel()
    expectClose(model(golden.input.tensor), golden.output.tensor, "\(golden.name), output")

    let (_, toInput) = valueAndGradient(at: golden.input.tensor) {
      (model($0) * golden.upstream.tensor).sum()
    }
    expectClose(toInput, golden.gradInput.tensor, "\(golden.name), gradient of the input")
    try expectWeightGradients(golden, model, golden.input.tensor)
  }

  @Test(
    "Sparse rows give the same as dense ones",
    arguments: (try Golden.cases("dense") as [Case]).filter { $0.name.contains("multi-hot") })
  func sparseRows(_ golden: Case) throws {
    let model = try golden.makeModel()
    let values = SparseRows(nonZero: golden.input.tensor)
    let ones = SparseRows(
      multiHot: (0..<values.count).map { values.columns(ofRow: $0).map(Int.init) },
      columns: values.columns)
    for rows in [values, ones] {
      expectClose(model(rows), golden.output.tensor, "\(golden.name), output")
      try expectWeightGradients(golden, model, rows)
    }
  }

  private func expectWeightGradients(
    _ golden: Case, _ model: Sequential, _ input: any SamplesConvertible
  ) throws {
    let (_, gradients) = valueAndGradients(of: model.weights) {
      (model(input) * golden.upstream.tensor).sum()
    }
    let expected = [golden.gradKernel, golden.gradBias].compactMap { $0 }
    #expect(gradients.values.count == expected.count)
    for (weight, gradient) in zip(model.weights, expected) {
      expectClose(
        try #require(gradients[weight]), gradient.tensor, absolute: 2e-5,
        "\(golden.name), gradient of \(weight.name)")
    }
  }
}
