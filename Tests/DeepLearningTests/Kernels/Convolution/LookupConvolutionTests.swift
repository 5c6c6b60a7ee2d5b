import Testing

@testable import DeepLearning

/// Convolutions of looked up vectors, which multiply each word once, against those that multiply each time step.
@Suite struct LookupConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var filters = 5
    var kernel = 3
    var stride = 1
    var padding = Padding.valid
    var dilation = 1
    var activation = Activation.linear
    var testDescription: String {
      "\(filters) filters of \(kernel), stride \(stride), \(padding), dilation \(dilation)"
    }
  }

  static let cases = [
    Case(), Case(filters: 32, kernel: 7, activation: .relu), Case(filters: 16, stride: 2),
    Case(filters: 33, padding: .same, activation: .relu), Case(kernel: 4, padding: .same),
    Case(padding: .causal, dilation: 2), Case(stride: 3, padding: .same, dilation: 2),
    Case(kernel: 1, activation: .tanh),
  ]

  @Test("Result and gradients are those of each time step by itself", arguments: cases)
  func timeSteps(_ value: Case) {
    var random = RandomGenerator(seed: 3)
    let (batch, time, words, channels) = (3, 12, 6, 7)
    let ids = (0..<batch * time).map { _ in Int32(random.below(words - 1)) }
    let table = Tensor.normal([words, channels], using: &random)
    let layer = Conv1D(
      value.filters, kernel: value.kernel, stride: value.stride, padding: value.padding,
      dilation: value.dilation, activation: value.activation)
    let model = Sequential(input: [time, channels]) { layer }
    for weight in model.weights { weight.value = .normal(weight.shape, using: &random) }
    let upstream = Tensor.normal(
      model(Tensor.zeros([batch, time, channels])).shape, using: &random)
    let weights = [
      layer.kernel?.value ?? .scalar(0), layer.bias?.value ?? .scalar(0),
    ]
    let geometry = ConvolutionGeometry(
      input: [batch, 1, time, channels], filters: value.filters,
      kernel: [1, value.kernel], stride: [1, value.stride], dilation: [1, value.dilation],
      padding: value.padding)

    func differentiate(keepsLookup: Bool) -> (value: Tensor, gradients: [Tensor]) {
      valueAndGradients(at: [table] + weights) { operands in
        var x = operands[0].lookingUp(ids, shape: [batch, time], for: "test")
        // A product has memory of its own, which knows nothing of the table.
        if !keepsLookup { x = x * 1 }
        let result = x.convolvedOverTime(
          kernel: operands[1], bias: operands[2], geometry, activation: value.activation)
        return (result * upstream).sum()
      }
    }
    let (byWord, byMoment) = (
      differentiate(keepsLookup: true), differentiate(keepsLookup: false)
    )
    expectClose(byWord.value, byMoment.value, absolute: 1e-4, "value")
    for (index, name) in ["table", "kernel", "bias"].enumerated() {
      expectClose(
        byWord.gradients[index], byMoment.gradients[index], absolute: 1e-4,
        "gradient of the \(name)")
    }
    // The word that does not occur has no gradient, and is known to have none.
    let untouched = byWord.gradients[0].rows(words - 1..<words)
    #expect(untouched.scalars.allSatisfy { $0 == 0 })
    #expect(byWord.gradients[0].storage.nonZeroRows?.rows.contains(Int32(words - 1)) == false)
  }

  @Test("Words that hardly repeat are multiplied where they stand")
  func rareWords() {
    let table = Tensor.ones([100, 4])
    let geometry = ConvolutionGeometry(
      input: [1, 1, 100, 4], filters: 2, kernel: [1, 3], stride: 1, dilation: 1, padding: .valid)
    func lookup(_ id: (Int32) -> Int32) -> Lookup {
      Lookup(table: table, ids: (0..<100).map(id), result: table)
    }
    #expect(LookupConvolution(lookup { $0 }, geometry) == nil)
    #expect(LookupConvolution(lookup { $0 / 2 }, geometry) == nil)
    #expect(LookupConvolution(lookup { $0 / 4 }, geometry) != nil)
  }

  @Test("What changes in memory is no longer looked up")
  func changed() {
    let table = Tensor([1, 2, 3, 4], shape: [2, 2])
    var x = table.lookingUp([0, 1, 0], shape: [1, 3], for: "test")
    #expect(x.storage.lookup != nil)
    x.withUnsafeMutableBuffer { $0[0] = 5 }
    #expect(x.storage.lookup == nil)
  }
}
