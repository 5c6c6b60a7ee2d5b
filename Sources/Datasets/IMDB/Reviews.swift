import DeepLearning
import Synchronization

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
  private let encoding: Encoding
  /// The part of what `encoding` covers.
  private let range: Range<Int>

  /// Reviews together with their multi-hot form, which is made when first asked for.
  private final class Encoding: Sendable {
    let set: ReviewSet
    let vocabulary: WordList
    let words: Int
    let count: Int
    private let rows = Mutex<SparseRows?>(nil)

    init(_ set: ReviewSet, vocabulary: WordList, words: Int, count: Int) {
      (self.set, self.vocabulary, self.words, self.count) = (set, vocabulary, words, count)
    }

    var multiHot: SparseRows {
      rows.withLock { rows in
        if let rows { return rows }
        let made = set.multiHot(0..<count, words: words)
        rows = made
        return made
      }
    }
  }

  init(_ set: ReviewSet, vocabulary: WordList, words: Int, count: Int, origin: DataOrigin) {
    self.origin = origin
    encoding = Encoding(set, vocabulary: vocabulary, words: words, count: count)
    range = 0..<count
    labels = set.labels[range].map(Int.init)
  }

  private init(_ whole: Reviews, encoding: Encoding, range: Range<Int>) {
    (origin, self.encoding, self.range) = (whole.origin, encoding, range)
    let first = whole.range.lowerBound
    labels = Array(whole.labels[(range.lowerBound - first)..<(range.upperBound - first)])
  }

  /// The number of reviews.
  public var count: Int { range.count }

  /// The size of the vocabulary: ids from here on have become 2, the unknown word.
  public var words: Int { encoding.words }

  /// The verdicts: 1 for a positive review, 0 for a negative one.
  public let labels: [Int]

  /// The reviews as multi-hot rows: shape [count, words], 1 in the column of each word that occurs.
  public var x: SparseRows {
    let rows = encoding.multiHot
    return range.count == rows.count ? rows : rows[range]
  }

  /// The verdicts as numbers: shape [count].
  public var y: Tensor { Tensor(labels.map(Float.init)) }

  /// The ids of one review, beginning with 1.
  public func tokens(_ index: Int) -> [Int32] {
    let limit = Int32(clamping: words)
    return ids(index).map { $0 < limit ? $0 : ReviewSet.unknownID }
  }

  /// The reviews before an index, and those from it on.
  public func split(at index: Int) -> (head: Reviews, tail: Reviews) {
    guard index >= 0, index <= count else {
      fatalError("\(count) reviews cannot be split at \(index).")
    }
    let middle = range.lowerBound + index
    return (
      Reviews(self, encoding: encoding, range: range.lowerBound..<middle),
      Reviews(self, encoding: encoding, range: middle..<range.upperBound)
    )
  }

  /// The same reviews with another size of the vocabulary.
  public func limited(toWords words: Int) -> Reviews {
    let encoding = Encoding(
      encoding.set, vocabulary: encoding.vocabulary, words: words, count: encoding.count)
    return Reviews(self, encoding: encoding, range: range)
  }

  /// A review as text, as far as it can be told: `?` for the start and for words outside the
  /// vocabulary.
  public func decode(_ index: Int) -> String {
    tokens(index).map { encoding.vocabulary[Int($0 - ReviewSet.offset)] ?? "?" }
      .joined(separator: " ")
  }

  private func ids(_ index: Int) -> ArraySlice<Int32> {
    guard index >= 0, index < count else {
      fatalError("There is no review \(index): there are \(count).")
    }
    let set = encoding.set
    let row = range.lowerBound + index
    return set.tokens[Int(set.starts[row])..<Int(set.starts[row + 1])]
  }
}

extension ReviewSet {
  /// The reviews of a range as rows with a 1 in the column of each word that occurs.
  ///
  /// A row is gathered in a bitmap, which gives the columns sorted and without repetition.
  func multiHot(_ range: Range<Int>, words: Int) -> SparseRows {
    let bound = UInt32(clamping: words)
    var rowStarts: [Int32] = [0]
    rowStarts.reserveCapacity(range.count + 1)
    var bitmap = [UInt64](repeating: 0, count: (words + 63) / 64)
    let capacity = Int(starts[range.upperBound] - starts[range.lowerBound])
    let indices = [Int32](unsafeUninitializedCapacity: capacity) { target, count in
      bitmap.withUnsafeMutableBufferPointer { bitmap in
        tokens.withUnsafeBufferPointer { tokens in
          for row in range {
            for position in Int(starts[row])..<Int(starts[row + 1]) {
              let id = UInt32(bitPattern: tokens[position])
              let column = Int(id < bound ? id : UInt32(Self.unknownID))
              bitmap[column >> 6] |= 1 << UInt64(column & 63)
            }
            for block in 0..<bitmap.count {
              var bits = bitmap[block]
              guard bits != 0 else { continue }
              bitmap[block] = 0
              while bits != 0 {
                target[count] = Int32(truncatingIfNeeded: block << 6 + bits.trailingZeroBitCount)
                count += 1
                bits &= bits - 1
              }
            }
            rowStarts.append(Int32(count))
          }
        }
      }
    }
    return SparseRows(columns: words, starts: rowStarts, indices: indices)
  }
}
