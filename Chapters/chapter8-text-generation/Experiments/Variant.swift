import DeepLearning

/// A network and the way it is trained.
struct Variant: Sendable {
  enum Kind { case lstm, gru, convolutional }

  let name: String
  var kind = Kind.lstm
  var learningRate: Float = 0.01
  var clipNorm: Float? = RMSprop.clipNorm
  var step = TextGeneration.step

  /// The first is the one that the others are compared with.
  static let all = [
    Variant(name: "LSTM, rate 0.01, clipped"),
    Variant(name: "not clipped, as in the book", clipNorm: nil),
    Variant(name: "rate 0.001", learningRate: 0.001),
    Variant(name: "rate 0.03", learningRate: 0.03),
    Variant(name: "rate 0.03, not clipped", learningRate: 0.03, clipNorm: nil),
    Variant(name: "GRU", kind: .gru),
    Variant(name: "1D convnet", kind: .convolutional),
    Variant(name: "1D convnet, rate 0.001", kind: .convolutional, learningRate: 0.001),
    Variant(name: "step 1, as many updates", step: 1),
  ]

  func network(characters: Int, seed: UInt64) -> Sequential {
    let model = Sequential(input: [TextGeneration.window, characters], seed: seed) {
      switch kind {
      case .lstm: LSTM(128)
      case .gru: GRU(128)
      case .convolutional:
        // As many parameters as the LSTM, to within 5%.
        Conv1D(64, kernel: 7, activation: .relu)
        MaxPooling1D(3)
        Conv1D(64, kernel: 7, activation: .relu)
        Flatten()
      }
      Dense(characters, activation: .softmax)
    }
    let optimizer = RMSprop(learningRate: learningRate)
    optimizer.clipNorm = clipNorm
    model.compile(optimizer: optimizer, loss: .categoricalCrossEntropy)
    return model
  }
}
