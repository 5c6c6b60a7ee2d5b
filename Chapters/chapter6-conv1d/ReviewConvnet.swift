import DeepLearning

/// The section's convnet for film reviews, and what can be changed about it.
struct ReviewConvnet: Sendable {
  /// What becomes of the sequence after the last convolution.
  enum Head: Sendable {
    /// The largest of each of the 32 channels: says what occurred, not where.
    case globalMaximum
    /// The mean of each channel.
    case globalMean
    /// All numbers: says where, too.
    case flatten
  }

  let title: String
  /// None as printed, which is a slip; sigmoid repaired.
  var output = Activation.sigmoid
  var head = Head.globalMaximum
  /// The step between the words that the second convolution looks at.
  var dilation = 1

  static let asPrinted = ReviewConvnet(title: "as printed", output: .linear)
  static let repaired = ReviewConvnet(title: "repaired")

  /// Two convolutions over words as vectors of 128 numbers; 1,315,937 parameters as in the book.
  func model(length: Int, learningRate: Float = 1e-4, seed: UInt64) -> Sequential {
    let model = Sequential(input: [length], seed: seed) {
      Embedding(10_000, 128)
      Conv1D(32, kernel: 7, activation: .relu)
      MaxPooling1D(5)
      Conv1D(32, kernel: 7, dilation: dilation, activation: .relu)
      switch head {
      case .globalMaximum: GlobalMaxPooling1D()
      case .globalMean: GlobalAveragePooling1D()
      case .flatten: Flatten()
      }
      Dense(1, activation: output)
    }
    model.compile(
      optimizer: RMSprop(learningRate: learningRate), loss: .binaryCrossEntropy,
      metrics: [.accuracy])
    return model
  }
}
