import DataFiles
import Datasets
import DeepLearning
import Gallery

/// The reviews as section 6.1.3 makes them out of their texts: the 10,000 most frequent words of the training half,
/// numbered from 1 by Keras' Tokenizer, and of each review the last 100 of these.
struct ReviewTexts: Sendable {
  static let vocabulary = 10_000
  static let length = 100

  let train: Reviews
  let test: Reviews

  init(_ options: RunOptions) throws {
    (train, test) = try IMDB.load(
      words: Self.vocabulary, reviews: options.quick ? 2_000 : nil, from: options.location,
      prefersTexts: true, offline: options.offline)
    guard train.distinctWords > 0 else {
      throw DataError(
        "The reviews' words are not known: put imdb_word_index.json beside imdb.npz, or use "
          + "aclImdb_v1.tar.gz (`swift run fetch-data imdb-texts`).")
    }
    guard train.count >= 210, test.count >= 1 else {
      throw DataError(
        "The data has \(train.count) reviews to train, but 210 are needed: \(train.origin.detail)")
    }
  }

  var origin: DataOrigin { train.origin }

  /// The words by index; nothing at 0.
  var words: [String?] { (0..<Self.vocabulary).map { train.word(ofRank: $0) } }

  /// Some reviews, each as its last 100 word indices with zeros in front, and their verdicts.
  ///
  /// - Returns: x of shape [numbers.count, 100], y of shape [numbers.count].
  func samples(of half: Reviews, _ numbers: some Collection<Int>) -> (x: Samples, y: Tensor) {
    (
      .padded(numbers.map { half.ranks($0, below: Self.vocabulary) }, to: Self.length),
      Tensor(numbers.map { Float(half.labels[$0]) })
    )
  }
}
