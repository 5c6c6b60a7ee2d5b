import DataFiles
import DeepLearning

/// Newswires with their topics: the training or the test half of the Reuters data set, or a part of
/// it.
///
/// ```swift
/// let (train, test) = try Reuters.load(words: 10_000)
/// let (held, partial) = train.split(at: 1_000)
/// print(train.decode(0), train.topics[Int(train.labels[0])])
/// ```
///
/// Words are numbers: 0 is padding, 1 the start of a newswire, 2 a word outside the vocabulary, and
/// the word of rank r (1 for the most frequent) is r + 3.
public struct Newswires: Sendable {
  /// Where the newswires come from.
  public let origin: DataOrigin
  /// What the topics are called, by number.
  public let topics: [String]
  /// The number of the topic of each newswire.
  public let labels: [Int32]
  private let texts: EncodedTexts

  init(_ texts: EncodedTexts, topics: [String], origin: DataOrigin) {
    (self.texts, self.topics, self.origin) = (texts, topics, origin)
    labels = texts.labels.map(Int32.init)
  }

  /// The number of newswires.
  public var count: Int { texts.count }

  /// The size of the vocabulary: ids from here on have become 2, the unknown word.
  public var words: Int { texts.words }

  /// The number of topics in the whole data set, whether or not all occur in this part.
  public var topicCount: Int { topics.count }

  /// The newswires as multi-hot rows: shape [count, words], 1 in the column of each word that
  /// occurs.
  public var x: SparseRows { texts.multiHot }

  /// The topics as vectors: shape [count, topicCount], 1 in the column of the topic and 0 elsewhere.
  public var oneHot: Tensor { .oneHot(labels, classes: topicCount) }

  /// The ids of one newswire, beginning with 1.
  public func tokens(_ index: Int) -> [Int32] { texts.tokens(index) }

  /// The newswires before an index, and those from it on.
  public func split(at index: Int) -> (head: Newswires, tail: Newswires) {
    let (head, tail) = texts.split(at: index)
    return (
      Newswires(head, topics: topics, origin: origin),
      Newswires(tail, topics: topics, origin: origin)
    )
  }

  /// The same newswires with another size of the vocabulary.
  public func limited(toWords words: Int) -> Newswires {
    Newswires(texts.limited(toWords: words), topics: topics, origin: origin)
  }

  /// A newswire as text, as far as it can be told: `?` for the start and for words outside the
  /// vocabulary.
  public func decode(_ index: Int) -> String { texts.decode(index) }
}
