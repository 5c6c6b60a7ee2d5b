import Testing

@testable import DeepLearning

/// Convolutions over word vectors, for which repeated words are multiplied once, against the same for plain numbers.
@Suite struct EmbeddingConvolutionTests {
  private static let (words, batch, length) = (50, 9, 14)
  private static let ids = repeatedIDs(batch * length, seed: 701)
  private static let samples = Samples.integers(ids, shape: [batch, length])

  struct Convolution: Sendable, CustomTestStringConvertible {
    let dimensions, filters, kernel: Int
    var stride = 1
    var dilation = 1
    var padding = Padding.valid
    var activation = Activation.relu
    var usesBias = true
    var testDescription: String {
      "\(dimensions)->\(filters), \(kernel)/\(stride)/\(dilation), \(padding), \(activation)"
    }

    func makeLayer() -> Conv1D {
      Conv1D(
        filters, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
        activation: activation, usesBias: usesBias)
    }
  }

  static let convolutions = [
    Convolution(dimensions: 16, filters: 16, kernel: 3),
    Convolution(dimensions: 7, filters: 5, kernel: 7, activation: .linear),
    Convolution(dimensions: 20, filters: 33, kernel: 2, padding: .same, activation: .tanh),
    Convolution(dimensions: 3, filters: 4, kernel: 3, stride: 2),
    Convolution(dimensions: 5, filters: 17, kernel: 4, stride: 3, padding: .same),
    Convolution(dimensions: 8, filters: 6, kernel: 3, dilation: 2, usesBias: false),
    Convolution(dimensions: 1, filters: 1, kernel: 1),
    Convolution(dimensions: 9, filters: 3, kernel: 14),
  ]

  /// The vectors as plain numbers, without a trace of the table.
  private func vectors(_ table: Tensor) -> Tensor {
    let rows = table.gathering(rows: Self.ids.map(Int.init)[...])
    return rows.reshaped([Self.batch, Self.length, table.shape[1]])
  }

  private func tableGradient(_ gradient: Tensor) -> Tensor {
    oneHot(Self.ids, classes: Self.words).transposed()
      .matmul(gradient.reshaped([Self.ids.count, gradient.shape[2]]))
  }

  @Test(
    "A convolution of looked-up vectors agrees with one of plain numbers", arguments: convolutions,
    [1, 2])
  func plainNumbers(_ convolution: Convolution, width: Int) throws {
    try Parallel.$width.withValue(width) {
      let model = Sequential(input: [Self.length]) {
        Embedding(Self.words, convolution.dimensions)
        convolution.makeLayer()
      }
      let plain = Sequential(input: [Self.length, convolution.dimensions]) {
        convolution.makeLayer()
      }
      for (number, weight) in model.weights.enumerated() {
        weight.value = randomTensor(weight.shape, seed: UInt64(710 + number))
      }
      for (weight, other) in zip(plain.weights, model.weights[1...]) { weight.value = other.value }
      let x = vectors(model.weights[0].value)
      expectClose(model(Self.samples), plain(x), absolute: 2e-5, "output")

      let upstream = randomTensor(plain(x).shape, seed: 702)
      let gradients = valueAndGradients(of: model.weights) {
        (model(Self.samples) * upstream).sum()
      }.gradients
      let expected = valueAndGradients(of: plain.weights) { (plain(x) * upstream).sum() }.gradients
      let toVectors = valueAndGradient(at: x) { (plain($0) * upstream).sum() }.gradient
      expectClose(
        try #require(gradients[model.weights[0]]), tableGradient(toVectors), absolute: 1e-4,
        "gradient of the table")
      for (weight, other) in zip(model.weights[1...], plain.weights) {
        expectClose(
          try #require(gradients[weight]), try #require(expected[other]), absolute: 1e-4,
          "gradient of \(weight.name)")
      }
    }
  }

  /// Two layers that read the same vectors, and one of them the table's own gradient.
  private func network(isTrainable: Bool = true) -> Model {
    let x = Input([Self.length])
    let embedding = Embedding(Self.words, 16)
    embedding.isTrainable = isTrainable
    let vectors = embedding(x)
    let model = Model(
      inputs: x,
      outputs: Concatenate()(
        GlobalMaxPooling1D()(Conv1D(8, kernel: 3, activation: .relu)(vectors)),
        GlobalAveragePooling1D()(vectors)))
    for (number, weight) in model.weights.enumerated() {
      weight.value = randomTensor(weight.shape, seed: UInt64(720 + number))
    }
    return model
  }

  @Test("The gradient at the vectors agrees with that at plain numbers")
  func gradient() throws {
    let model = network()
    let head = model.starting(after: "embedding_1")
    let embedded = model.outputs(of: ["embedding_1"])(Self.samples)
    let plain = Tensor(embedded.scalars, shape: embedded.shape)
    #expect(embedded == vectors(model.weights[0].value))
    let upstream = randomTensor([Self.batch, 24], seed: 703)
    func gradient(_ x: Tensor) -> Tensor {
      valueAndGradient(at: x) { (head($0) * upstream[0..<x.count]).sum() }.gradient
    }
    let expected = gradient(plain)
    #expect(expected.magnitude.max() > 0.1)
    expectClose(gradient(embedded), expected, "all")
    expectClose(gradient(embedded[2..<7]), gradient(plain[2..<7]), "a slice")

    // And through both layers to the table.
    let toTable = valueAndGradients(of: model.weights) {
      (model(Self.samples) * upstream).sum()
    }.gradients
    expectClose(
      try #require(toTable[model.weights[0]]), tableGradient(expected), absolute: 1e-4, "table")
  }

  @Test("Changed or cut vectors are no longer looked up")
  func changed() {
    let model = network()
    let head = model.starting(after: "embedding_1")
    var embedded = model.outputs(of: ["embedding_1"])(Self.samples)
    let plain = Tensor(embedded.scalars, shape: embedded.shape)
    expectClose(head(embedded[3..<4]), head(plain[3..<4]), "one sample")
    expectClose(head(embedded * 2), head(plain * 2), "doubled")
    embedded.withUnsafeMutableBuffer { $0[5] = 3 }
    var changed = plain
    changed.withUnsafeMutableBuffer { $0[5] = 3 }
    expectClose(head(embedded), head(changed), "changed in place")
    // New weights must not reach vectors that have been looked up before.
    let before = model.outputs(of: ["embedding_1"])(Self.samples)
    model.weights[0].value = .zeros([Self.words, 16])
    expectClose(head(before), head(plain), "looked up before")
  }

  @Test("A frozen table gets no gradient, the kernel the same one")
  func frozen() throws {
    let (model, free) = (network(isTrainable: false), network())
    #expect(model.trainableWeights.count == 2)
    let upstream = randomTensor([Self.batch, 24], seed: 704)
    let gradients = [model, free].map { model in
      valueAndGradients(of: model.trainableWeights) {
        (model(Self.samples) * upstream).sum()
      }.gradients.values
    }
    for (a, b) in zip(gradients[0], gradients[1].dropFirst()) {
      expectClose(try #require(a), try #require(b), "gradient")
    }
  }
}
