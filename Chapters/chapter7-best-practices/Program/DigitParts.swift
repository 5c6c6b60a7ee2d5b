import DataFiles
import Datasets
import DeepLearning
import Gallery

/// Digits to learn from, to choose by, and to test with, none in two of them.
struct DigitParts: Sendable {
  let train: Digits
  let validation: Digits
  let test: Digits

  /// Loads 10,000 digits of either half, of which a fifth of the training half is held out: with more of them all
  /// networks of this section would be nearly perfect.
  ///
  /// - Parameter few: how many of either half in a quick run.
  /// - Throws: `DataError` if the data cannot be used or is too little.
  init(_ options: RunOptions, fashion: Bool = false, quick few: Int = 400) throws {
    let (all, test) = try MNIST.load(
      samples: options.quick ? few : 10_000, from: options.location, fashion: fashion,
      offline: options.offline)
    guard all.count >= 50, test.count >= 1 else {
      throw DataError(
        "The data has \(all.count) digits to learn from and \(test.count) to test with, but at least 50 and 1 are needed."
      )
    }
    (train, validation) = all.split(at: all.count * 4 / 5)
    self.test = test
  }

  /// Small in a quick run: the averages that normalization keeps need steps to get anywhere.
  static func batchSize(_ options: RunOptions) -> Int {
    options.batchSize ?? (options.quick ? 16 : 64)
  }
}

/// The share of rows whose largest number stands where the target has its 1.
func accuracy(_ predictions: Tensor, _ digits: Digits) -> Double {
  let hits = zip(predictions.argmax(), digits.labels).count { $0 == Int($1) }
  return Double(hits) / Double(digits.count)
}
