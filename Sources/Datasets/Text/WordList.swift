import DataFiles
import Foundation

/// Words by rank, the most frequent word having rank 1.
///
/// All words lie in one block of bytes, which a cache writes and reads as it is; text is made of
/// one only when asked for.
struct WordList: Sendable, Equatable {
  /// The UTF-8 bytes of all words, end to end.
  private(set) var bytes = [UInt8]()
  /// Where each word ends in `bytes`, by rank - 1. Ranks that no word has are empty.
  private(set) var ends = [Int32]()

  /// A list without words.
  init() {}

  /// Takes the block and the ends as a cache holds them; nil if they do not fit together.
  init?(bytes: [UInt8], ends: [Int32]) {
    var previous: Int32 = 0
    for end in ends {
      guard end >= previous else { return nil }
      previous = end
    }
    guard Int(previous) == bytes.count else { return nil }
    (self.bytes, self.ends) = (bytes, ends)
  }

  /// Reads a word index as Keras publishes it: a JSON object of words and their ranks from 1.
  init(jsonFile path: String) throws {
    let text = try InputFile(path: path).readAll(limit: 1 << 25)
    let index: [String: Int]
    do {
      index = try JSONDecoder().decode([String: Int].self, from: Data(text))
    } catch {
      throw DataError(
        "\(path) is not a word index (a JSON object of words and ranks); delete it and fetch it again."
      )
    }
    // Every word takes some bytes of the file, so an honest rank cannot be larger than its size.
    let limit = min(text.count, 1 << 22)
    guard let lowest = index.values.min(), let highest = index.values.max(), lowest >= 1,
      highest <= limit
    else {
      throw DataError("\(path) is not a word index: its ranks should start at 1 and go up by 1.")
    }
    var words = [String](repeating: "", count: highest)
    for (word, rank) in index { words[rank - 1] = word }
    for word in words { append(word.utf8) }
  }

  /// The number of ranks.
  var count: Int { ends.count }

  /// Adds a word under the next rank.
  mutating func append(_ word: some Sequence<UInt8>) {
    bytes.append(contentsOf: word)
    ends.append(Int32(clamping: bytes.count))
  }

  /// The word of a rank, nil if there is none.
  subscript(rank: Int) -> String? {
    guard rank >= 1, rank <= ends.count else { return nil }
    let start = rank == 1 ? 0 : Int(ends[rank - 2])
    let word = bytes[start..<Int(ends[rank - 1])]
    return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
  }
}
