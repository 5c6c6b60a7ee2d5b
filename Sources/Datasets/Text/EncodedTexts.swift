import DeepLearning
import Synchronization

/// Texts with their labels, words being numbers below the size of the vocabulary: what `Reviews`
/// and `Newswires` have in common.
struct EncodedTexts: Sendable {
  private let whole: Whole
  /// The part of what `whole` covers.
  private let range: Range<Int>

  /// Texts together with their multi-hot form, which is made when first asked for.
  private final class Whole: Sendable {
    let set: TokenSet
    let vocabulary: WordList
    let words: Int
    let count: Int
    private let rows = Mutex<SparseRows?>(nil)

    init(_ set: TokenSet, vocabulary: WordList, words: Int, count: Int) {
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

  /// Takes the first `count` texts of a set.
  init(_ set: TokenSet, vocabulary: WordList, words: Int, count: Int) {
    whole = Whole(set, vocabulary: vocabulary, words: words, count: count)
    range = 0..<count
  }

  private init(_ whole: Whole, range: Range<Int>) { (self.whole, self.range) = (whole, range) }

  var count: Int { range.count }

  /// The size of the vocabulary: ids from here on have become 2, the unknown word.
  var words: Int { whole.words }

  /// All words of the source by rank, also those beyond ``words``.
  var vocabulary: WordList { whole.vocabulary }

  /// The class of each text.
  var labels: ArraySlice<UInt8> { whole.set.labels[range] }

  /// Shape [count, words]: 1 in the column of each word that occurs.
  var multiHot: SparseRows {
    let rows = whole.multiHot
    return range.count == rows.count ? rows : rows[range]
  }

  /// The ids of one text, beginning with 1.
  func tokens(_ index: Int) -> [Int32] {
    let limit = Int32(clamping: words)
    return unlimitedTokens(index).map { $0 < limit ? $0 : TokenSet.unknownID }
  }

  /// The ids of one text in the largest vocabulary.
  func unlimitedTokens(_ index: Int) -> ArraySlice<Int32> {
    guard index >= 0, index < count else {
      fatalError("There is no text \(index): there are \(count).")
    }
    let (set, row) = (whole.set, range.lowerBound + index)
    return set.tokens[Int(set.starts[row])..<Int(set.starts[row + 1])]
  }

  /// A text as far as it can be told: `?` for the start and for words outside the vocabulary.
  func decode(_ index: Int) -> String {
    tokens(index).map { whole.vocabulary[Int($0 - TokenSet.offset)] ?? "?" }
      .joined(separator: " ")
  }

  /// The texts before an index, and those from it on.
  func split(at index: Int) -> (head: EncodedTexts, tail: EncodedTexts) {
    guard index >= 0, index <= count else {
      fatalError("\(count) texts cannot be split at \(index).")
    }
    let middle = range.lowerBound + index
    return (
      EncodedTexts(whole, range: range.lowerBound..<middle),
      EncodedTexts(whole, range: middle..<range.upperBound)
    )
  }

  /// The same texts with another size of the vocabulary.
  func limited(toWords words: Int) -> EncodedTexts {
    EncodedTexts(
      Whole(whole.set, vocabulary: whole.vocabulary, words: words, count: whole.count),
      range: range)
  }
}

extension TokenSet {
  /// The texts of a range as rows with a 1 in the column of each word that occurs.
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
