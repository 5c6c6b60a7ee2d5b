import Datasets
import DeepLearning

/// The book's network and what it is shown.
enum Network {
  /// The number of characters that the network sees.
  static let window = 60
  /// How far apart the windows begin that it learns from.
  static let step = 3
  /// To which norm gradients are scaled down that exceed it.
  static let clipNorm: Float = 1

  /// A layer of 128 LSTM units, and a probability for each character: 102,585 parameters with 57 characters.
  ///
  /// - Parameter clipNorm: nil to leave gradients as they are, as the book does.
  static func lstm(characters: Int, clipNorm: Float? = clipNorm, seed: UInt64) -> Sequential {
    let model = Sequential(input: [window, characters], seed: seed) {
      LSTM(128)
      Dense(characters, activation: .softmax)
    }
    let optimizer = RMSprop(learningRate: 0.01)
    optimizer.clipNorm = clipNorm
    model.compile(optimizer: optimizer, loss: .categoricalCrossEntropy)
    return model
  }
}

extension Corpus {
  /// Windows over a part of the text, and the character after each.
  func windows(
    _ range: Range<Int>? = nil, step: Int = Network.step
  ) -> (x: OneHotWindows, y: [Int32]) {
    let range = range ?? 0..<count
    let starts = Array(
      stride(from: range.lowerBound, to: range.upperBound - Network.window, by: step))
    let x = OneHotWindows(ids, starts: starts, length: Network.window, depth: vocabulary.count)
    return (x, starts.map { ids[$0 + Network.window] })
  }
}
