import DeepLearning

/// Turns texts into sequences of word numbers by the rules of Keras' `Tokenizer`.
///
/// Texts are lower-cased, punctuation (but not the apostrophe), tabs and line ends become spaces,
/// and what stands between spaces is a word. The most frequent word has index 1; 0 is never used.
///
/// ```swift
/// var tokenizer = KerasTokenizer(words: 10_000)
/// tokenizer.fit(on: ["The cat sat on the mat."])
/// print(tokenizer.sequences(of: ["the mat"]))  // [[1, 5]]
/// ```
public struct KerasTokenizer {
  /// Only words with an index below this come out; nil for all.
  public let words: Int?
  private let counter = WordCounter()
  private var ranks = [Int32]()
  private var ranking = [Int32]()

  /// Creates a tokenizer that keeps words with an index below `words`.
  public init(words: Int? = nil) { self.words = words }

  /// Learns the vocabulary of some texts, in place of any other.
  public mutating func fit(on texts: some Sequence<String>) {
    self = KerasTokenizer(words: words)
    var numbers = [Int32]()
    for text in texts { counter.number(Array(text.utf8), into: &numbers) }
    (ranks, ranking) = ranked([numbers[...]], count: counter.count)
  }

  /// The index of every word that was learned, whatever `words` is.
  public var wordIndex: [String: Int] {
    var index = [String: Int]()
    for (rank, number) in ranking.enumerated() {
      index[String(decoding: counter.word(Int(number)), as: UTF8.self)] = rank + 1
    }
    return index
  }

  /// The word indices of each text; words that were not learned or have too large an index are left
  /// out.
  public func sequences(of texts: some Sequence<String>) -> [[Int]] {
    let limit = words ?? Int.max
    return texts.map { text in
      var numbers = [Int32]()
      counter.number(Array(text.utf8), into: &numbers, isLearning: false)
      return numbers.map { Int(ranks[Int($0)]) }.filter { $0 < limit }
    }
  }

  /// One row for each text, with a 1 in the column of each word that occurs, as Keras' `texts_to_matrix` makes it in
  /// its mode "binary".
  ///
  /// - Returns: shape [texts, words], where `words` is the tokenizer's limit or, without one, one more than it
  ///   has learned.
  public func binaryMatrix(of texts: some Sequence<String>) -> Tensor {
    SparseRows(multiHot: sequences(of: texts), columns: words ?? ranking.count + 1).dense
  }
}
