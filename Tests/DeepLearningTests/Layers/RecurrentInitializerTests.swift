import Testing

@testable import DeepLearning

/// The initial weights of recurrent layers and embeddings: Keras' defaults.
@Suite struct RecurrentInitializerTests {
  /// `[units, 4 · units]` has perpendicular rows; where there are more rows than columns, those are.
  @Test(
    "Orthogonal matrices are orthogonal",
    arguments: [[1, 1], [5, 20], [32, 128], [37, 111], [16, 16], [20, 6], [1, 9]])
  func orthogonal(extents: [Int]) {
    var random = RandomGenerator(seed: 671)
    let matrix = Initializer.orthogonal.draw(Shape(extents), using: &random)
    let wide = extents[0] <= extents[1]
    let product = wide ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
    let identity = Tensor(shape: product.shape) { target in
      for i in target.indices { target[i] = i % (product.shape[0] + 1) == 0 ? 1 : 0 }
    }
    expectClose(product, identity, absolute: 2e-6, "rows or columns")
    if extents[0] * extents[1] > 500 {
      // Entries of a random direction: mean 0, variance 1 / its length.
      expectClose(matrix.mean().item, 0, absolute: 0.02, "mean")
      let share = Double(matrix.scalars.count { $0 > 0 }) / Double(matrix.elementCount)
      #expect(abs(share - 0.5) < 0.1)
    }
  }

  @Test("Recurrent weights have Keras' names, shapes and first values")
  func defaults() {
    func weights(_ layer: Layer) -> [Parameter] { Sequential(input: [4, 9]) { layer }.weights }
    let lstm = weights(LSTM(12))
    #expect(lstm.map(\.name) == ["lstm_1/kernel", "lstm_1/recurrent_kernel", "lstm_1/bias"])
    #expect(lstm.map(\.shape) == [[9, 48], [12, 48], [48]])
    let forget = [Float](repeating: 1, count: 12)
    let zeros = [Float](repeating: 0, count: 12)
    #expect(lstm[2].value.scalars == zeros + forget + zeros + zeros)
    #expect(weights(LSTM(12, unitForgetBias: false))[2].value == .zeros([48]))
    #expect(weights(LSTM(12, usesBias: false)).count == 2)
    let limit = Float(6.0 / 57).squareRoot()
    #expect(lstm[0].value.max() <= limit && lstm[0].value.max() > 0.95 * limit)

    let gru = weights(GRU(5))
    #expect(gru.map(\.shape) == [[9, 15], [5, 15], [15]] && gru[2].value == .zeros([15]))
    #expect(weights(GRU(5, resetsAfter: true)).map(\.shape) == [[9, 15], [5, 15], [2, 15]])
    #expect(weights(SimpleRNN(5)).map(\.shape) == [[9, 5], [5, 5], [5]])

    let both = weights(Bidirectional(LSTM(12)))
    #expect(
      both.map(\.name) == [
        "bidirectional_1/forward_kernel", "bidirectional_1/forward_recurrent_kernel",
        "bidirectional_1/forward_bias", "bidirectional_1/backward_kernel",
        "bidirectional_1/backward_recurrent_kernel", "bidirectional_1/backward_bias",
      ])
    #expect(both[5].value.scalars == zeros + forget + zeros + zeros)
    #expect(both[0].value != both[3].value && both[1].value != both[4].value)

    let table = Sequential(input: [4]) { Embedding(100, 20) }.weights
    #expect(table.map(\.name) == ["embedding_1/embeddings"] && table[0].shape == [100, 20])
    #expect(table[0].value.max() <= 0.05 && table[0].value.max() > 0.049)
    #expect(table[0].value.min() >= -0.05 && table[0].value.min() < -0.049)
  }

  /// The networks of chapters 6 and 8.1.
  @Test("Recurrent networks have the book's number of parameters")
  func parameters() {
    func reviews(_ layers: Layer...) -> Int {
      Sequential(input: [500]) {
        Embedding(10_000, 32)
        for layer in layers { layer }
        Dense(1, activation: .sigmoid)
      }.parameterCount
    }
    #expect(reviews(SimpleRNN(32)) == 322_113)
    #expect(reviews(LSTM(32)) == 328_353)
    #expect(reviews(Bidirectional(LSTM(32))) == 336_705)
    let text = Sequential(input: [60, 57]) {
      LSTM(128)
      Dense(57, activation: .softmax)
    }
    #expect(text.parameterCount == 102_585)
    let weather = Sequential(input: [240, 14]) {
      GRU(32, returnsSequences: true)
      GRU(64, activation: .relu)
      Dense(1)
    }
    #expect(weather.parameterCount == 23_201)
  }
}
