import DeepLearning

/// Words, each with a vector of numbers that stands for it.
///
/// ```swift
/// let vectors = WordVectors(words: ["cat", "dog", "tea"], values: [1, 0, 1, 0.1, 0, 1], dimension: 2)
/// print(vectors.neighbours(of: "cat", count: 1))  // [("dog", 0.995)]
/// ```
public struct WordVectors: Sendable {
  /// The words, without repetition.
  public let words: [String]
  /// The length of the vectors.
  public let dimension: Int
  /// All vectors end to end.
  private let values: [Float]
  private let index: [String: Int]
  /// The length of each vector in space.
  private let norms: [Float]

  /// Takes words and their vectors.
  ///
  /// - Parameters:
  ///   - words: of words that are there more than once, the first counts.
  ///   - values: the vectors end to end: words.count x dimension numbers.
  ///   - dimension: the length of the vectors, at least 1.
  public init(words: [String], values: [Float], dimension: Int) {
    require(
      dimension >= 1 && values.count == words.count * dimension,
      "\(words.count) word vectors of \(dimension) numbers cannot be made of \(values.count) numbers."
    )
    self.words = words
    self.values = values
    self.dimension = dimension
    index = Dictionary(zip(words, words.indices), uniquingKeysWith: { first, _ in first })
    norms = words.indices.map { row in
      values[row * dimension..<(row + 1) * dimension].reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }

  /// The number of words.
  public var count: Int { words.count }

  /// The vector of a word; nil if it has none.
  public subscript(word: String) -> ArraySlice<Float>? { index[word].map(vector) }

  /// The words closest to a word, the closest first.
  ///
  /// - Parameters:
  ///   - word: the word, which is itself left out.
  ///   - count: how many to find.
  /// - Returns: words with the cosine of the angle between the two vectors, 1 for the same direction; nothing if the
  ///   word has no vector or one of length zero.
  public func neighbours(of word: String, count: Int) -> [(word: String, cosine: Float)] {
    guard let row = index[word], norms[row] > 0 else { return [] }
    let centre = vector(row)
    let cosines = words.indices.filter { $0 != row && norms[$0] > 0 }.map { other in
      (other, zip(centre, vector(other)).reduce(0) { $0 + $1.0 * $1.1 } / norms[row] / norms[other])
    }
    return cosines.sorted { ($0.1, $1.0) > ($1.1, $0.0) }.prefix(count).map { (words[$0], $1) }
  }

  /// The vectors as the weights of an embedding.
  ///
  /// - Parameters:
  ///   - rows: the size of the vocabulary.
  ///   - word: the word of each index; nil where there is none.
  /// - Returns: shape [rows, dimension]; rows whose word has no vector are zero.
  public func embedding(rows: Int, word: (Int) -> String?) -> Tensor {
    Tensor(shape: [rows, dimension]) { buffer in
      buffer.update(repeating: 0)
      for row in 0..<rows {
        guard let word = word(row), let vector = self[word] else { continue }
        for (place, value) in vector.enumerated() { buffer[row * dimension + place] = value }
      }
    }
  }

  /// Where words lie in the plane in which they spread the most (principal component analysis).
  ///
  /// - Parameter words: those that have no vector are left out.
  /// - Returns: the words with their places along the first and the second principal axis, and the share of all
  ///   variance that each of the two axes shows.
  public func plane(
    of words: [String]
  ) -> (places: [(word: String, x: Double, y: Double)], shares: [Double]) {
    let known = words.filter { index[$0] != nil }
    let rows = known.compactMap { self[$0]?.map(Double.init) }
    let means = (0..<dimension).map { place in
      rows.reduce(0) { $0 + $1[place] } / Double(max(rows.count, 1))
    }
    let centred = rows.map { zip($0, means).map { $0 - $1 } }
    var covariance = [Double](repeating: 0, count: dimension * dimension)
    for row in centred {
      for i in 0..<dimension {
        for j in 0..<dimension { covariance[i * dimension + j] += row[i] * row[j] }
      }
    }
    let axes = principalAxes(of: covariance, size: dimension, count: min(2, dimension))
    func place(_ row: [Double], _ axis: Int) -> Double {
      axis < axes.count ? zip(row, axes[axis].direction).reduce(0) { $0 + $1.0 * $1.1 } : 0
    }
    let total = (0..<dimension).reduce(0) { $0 + covariance[$1 * dimension + $1] }
    return (
      zip(known, centred).map { ($0, place($1, 0), place($1, 1)) },
      axes.map { total > 0 ? $0.strength / total : 0 }
    )
  }

  private func vector(_ row: Int) -> ArraySlice<Float> {
    values[row * dimension..<(row + 1) * dimension]
  }
}
