import DataFiles
import DeepLearning

/// Film reviews with their verdicts: half of the IMDB data set, or a part of it.
///
/// ```swift
/// let (train, test) = try IMDB.load(words: 10_000)
/// let (held, partial) = train.split(at: 10_000)
/// print(train.decode(0), train.labels[0])
/// ```
///
/// Words are numbers: 0 is padding, 1 the start of a review, 2 a word outside the vocabulary, and
/// the word of rank r (1 for the most frequent) is r + 3.
public struct Reviews: Sendable {
  /// Where the reviews come from.
  public let origin: DataOrigin
  let texts: EncodedTexts

  init(_ texts: EncodedTexts, origin: DataOrigin) {
    (self.texts, self.origin) = (texts, origin)
    labels = texts.labels.map(Int.init)
  }

  /// The number of reviews.
  public var count: Int { texts.count }

  /// The size of the vocabulary: ids from here on have become 2, the unknown word.
  public var words: Int { texts.words }

  /// The verdicts: 1 for a positive review, 0 for a negative one.
  public let labels: [Int]

  /// The reviews as multi-hot rows: shape [count, words], 1 in the column of each word that occurs.
  public var x: SparseRows { texts.multiHot }

  /// The verdicts as numbers: shape [count].
  public var y: Tensor { Tensor(labels.map(Float.init)) }

  /// The ids of one review, beginning with 1.
  public func tokens(_ index: Int) -> [Int32] { texts.tokens(index) }

  /// The reviews before an index, and those from it on.
  public func split(at index: Int) -> (head: Reviews, tail: Reviews) {
    let (head, tail) = texts.split(at: index)
    return (Reviews(head, origin: origin), Reviews(tail, origin: origin))
  }

  /// The same reviews with another size of the vocabulary.
  public func limited(toWords words: Int) -> Reviews {
    Reviews(texts.limited(toWords: words), origin: origin)
  }

  /// A review as text, as far as it can be told: `?` for the start and for words outside the
  /// vocabulary.
  public func decode(_ index: Int) -> String { texts.decode(index) }
}
