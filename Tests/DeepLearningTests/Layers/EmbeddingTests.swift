import Testing

@testable import DeepLearning

/// Embeddings: lookups, gradients, masks.
@Suite struct EmbeddingTests {
  private static let (words, dimensions) = (50, 7)
  private static let table = randomTensor([words, dimensions], seed: 651)

  private func model(length: Int = 4, masksZero: Bool = false) -> Sequential {
    let model = Sequential(input: [length]) {
      Embedding(Self.words, Self.dimensions, masksZero: masksZero)
    }
    model.weights[0].value = Self.table
    return model
  }

  @Test("The output holds rows of the table")
  func rows() {
    let ids: [Int32] = [3, 0, 49, 3, 7, 7, 7, 12]
    let output = model()(Samples.integers(ids, shape: [2, 4]))
    #expect(output.shape == [2, 4, 7])
    let values = Self.table.scalars
    let rows = ids.flatMap { id -> ArraySlice<Float> in values[Int(id) * 7..<Int(id) * 7 + 7] }
    #expect(output.scalars == rows)
    let one = Sequential(input: []) { Embedding(Self.words, Self.dimensions) }
    one.weights[0].value = Self.table
    #expect(one([5, 9] as [Int32]) == Self.table.gathering(rows: [5, 9]))
  }

  @Test("Gradients of repeated words add up", arguments: [1, 7, 16, 33], [1, 3])
  func repeated(dimensions: Int, width: Int) throws {
    let ids = repeatedIDs(3000, seed: 652)
    let model = Sequential(input: [100]) { Embedding(Self.words, dimensions) }
    let upstream = randomTensor([30, 100, dimensions], seed: 653)
    let (_, gradients) = Parallel.$width.withValue(width) {
      valueAndGradients(of: model.weights) {
        (model(Samples.integers(ids, shape: [30, 100])) * upstream).sum()
      }
    }
    let expected = oneHot(ids, classes: Self.words).transposed()
      .matmul(upstream.reshaped([3000, dimensions]))
    expectClose(try #require(gradients[model.weights[0]]), expected, absolute: 1e-4, "gradient")
  }

  /// What two embeddings of one table say, and what is said of the table besides, adds up.
  @Test("Gradients of a shared table add up")
  func shared() throws {
    let shared = Embedding(Self.words, Self.dimensions)
    let (a, b) = (Input([4]), Input([2]))
    let model = Model(
      inputs: [a, b],
      outputs: [Concatenate()(Flatten()(shared(a)), Flatten()(SharedUse(shared)(b)))])
    model.weights[0].value = Self.table
    let (first, second): ([Int32], [Int32]) = ([3, 5, 3, 9, 1, 1, 1, 2], [5, 30, 3, 31])
    let upstream = randomTensor([2, 42], seed: 654)
    let (_, gradients) = valueAndGradients(of: model.weights) {
      let context = ForwardContext(training: true, random: RandomGenerator(seed: 1))
      let output = model.outputs(
        for: [.integers(first, shape: [2, 4]), .integers(second, shape: [2, 2])], context)[0]
      return (output * upstream).sum() + 0.5 * model.weights[0].value.squared().sum()
    }
    let rows = upstream.reshaped([12, 7])
    // A sample is four words of the first input and two of the second.
    let ids = [3, 5, 3, 9, 5, 30, 1, 1, 1, 2, 3, 31] as [Int32]
    let expected = oneHot(ids, classes: Self.words).transposed().matmul(rows) + Self.table
    expectClose(try #require(gradients[model.weights[0]]), expected, "gradient")
  }

  /// Uses another layer's table for sequences of another length.
  private final class SharedUse: Layer {
    private let embedding: Embedding
    init(_ embedding: Embedding) {
      self.embedding = embedding
      super.init()
    }
    override func build(_ inputs: [Shape]) -> Shape { Shape(Array(inputs[0]) + [7]) }
    override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
      embedding.forward(inputs, context)
    }
  }

  @Test("A pretrained and frozen table stays as it is")
  func pretrained() throws {
    let layer = Embedding(Self.words, Self.dimensions)
    let model = Sequential(input: [4]) {
      layer
      Flatten()
      Dense(1)
    }
    layer.embeddings?.value = Self.table
    layer.isTrainable = false
    model.compile(optimizer: RMSprop(), loss: .meanSquaredError)
    let kernel = model.weights[1].value
    try model.fit(
      Samples.integers(repeatedIDs(40, seed: 655), shape: [10, 4]), Tensor.ones([10, 1]), epochs: 2)
    #expect(haveEqualBits(model.weights[0].value, Self.table))
    #expect(model.weights[1].value != kernel)
  }

  @Test("Recurrent layers skip word 0 if told to mask it")
  func masked() {
    func network(masksZero: Bool, length: Int) -> Sequential {
      let model = Sequential(input: [length]) {
        Embedding(Self.words, Self.dimensions, masksZero: masksZero)
        Dropout(0.3)
        Dense(8, activation: .tanh)
        ActivationLayer(.softsign)
        GRU(6, returnsSequences: true)
        Bidirectional(LSTM(4, returnsSequences: true))
        SimpleRNN(3)
      }
      return model
    }
    let padded: [Int32] = [0, 0, 7, 9, 0, 3]
    let masked = network(masksZero: true, length: 6)(Samples.integers(padded, shape: [1, 6]))
    let short = network(masksZero: false, length: 3)(Samples.integers([7, 9, 3], shape: [1, 3]))
    expectClose(masked, short, "output")
    let unmasked = network(masksZero: false, length: 6)(Samples.integers(padded, shape: [1, 6]))
    #expect((unmasked - short).magnitude.max() > 1e-3)
    // Nothing but padding leaves the state at zero.
    let nothing = network(masksZero: true, length: 6)(
      Samples.integers([Int32](repeating: 0, count: 6), shape: [1, 6]))
    #expect(nothing == .zeros([1, 3]))
  }
}
