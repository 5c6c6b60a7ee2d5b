/// Cuts texts into words as Keras' Tokenizer does and gives every word a number by first
/// appearance.
///
/// Fast on large collections: bytes all the way, one open-addressing table, no text made per word.
final class WordCounter {
  /// What Keras replaces by spaces: ASCII punctuation but the apostrophe, tab, line feed.
  static let separators = Array("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n ".utf8)

  /// What each ASCII byte becomes: a space or its lower case.
  private let map: [UInt8]
  /// Whether other letters stay as they are, as where Python 2 takes a text for a row of bytes.
  private let isBytewise: Bool
  private var bytes = [UInt8]()
  private var ends: [Int32] = [0]
  private var hashes = [UInt32]()
  /// Number + 1 of the word in each place of the table, 0 where there is none.
  private var table = [Int32](repeating: 0, count: 1 << 15)

  init(isBytewise: Bool = false) {
    self.isBytewise = isBytewise
    map = (UInt8(0)..<128).map { byte in
      if Self.separators.contains(byte) { return 32 }
      return (65...90).contains(byte) ? byte + 32 : byte
    }
  }

  /// The number of different words so far.
  var count: Int { hashes.count }

  /// The UTF-8 bytes of a word.
  func word(_ number: Int) -> ArraySlice<UInt8> {
    bytes[Int(ends[number])..<Int(ends[number + 1])]
  }

  /// Appends the numbers of the words of a text, in order.
  ///
  /// - Parameter isLearning: whether new words get numbers; otherwise they are passed over.
  func number(_ text: [UInt8], into numbers: inout [Int32], isLearning: Bool = true) {
    var plain = text
    let isASCII = map.withUnsafeBufferPointer { map in
      plain.withUnsafeMutableBufferPointer { plain in
        for index in 0..<plain.count {
          if plain[index] >= 128 { return false }
          plain[index] = map[Int(plain[index])]
        }
        return true
      }
    }
    if !isASCII {
      plain = isBytewise ? text : lowercasedUTF8(text)
      for index in plain.indices where plain[index] < 128 { plain[index] = map[Int(plain[index])] }
    }
    plain.withUnsafeBufferPointer { plain in
      var start = 0
      while start < plain.count {
        if plain[start] == 32 {
          start += 1
          continue
        }
        var hash: UInt32 = 0x811c_9dc5
        var end = start
        while end < plain.count, plain[end] != 32 {
          hash = (hash ^ UInt32(plain[end])) &* 0x0100_0193
          end += 1
        }
        let word = UnsafeBufferPointer(rebasing: plain[start..<end])
        let number = number(of: word, hash: hash ^ hash >> 15, isLearning: isLearning)
        if let number { numbers.append(number) }
        start = end
      }
    }
  }

  private func number(
    of word: UnsafeBufferPointer<UInt8>, hash: UInt32, isLearning: Bool
  ) -> Int32? {
    var place = Int(hash) & (table.count - 1)
    while table[place] != 0 {
      let number = Int(table[place]) - 1
      if hashes[number] == hash, isEqual(word, to: number) { return Int32(number) }
      place = (place + 1) & (table.count - 1)
    }
    // 32-bit positions bound the store; texts beyond that are refused long before by their readers.
    guard isLearning, bytes.count + word.count < Int(Int32.max) else { return nil }
    bytes.append(contentsOf: word)
    ends.append(Int32(bytes.count))
    hashes.append(hash)
    table[place] = Int32(hashes.count)
    if hashes.count * 2 > table.count { grow() }
    return Int32(hashes.count - 1)
  }

  private func isEqual(_ word: UnsafeBufferPointer<UInt8>, to number: Int) -> Bool {
    let start = Int(ends[number])
    guard Int(ends[number + 1]) - start == word.count else { return false }
    for index in 0..<word.count where bytes[start + index] != word[index] { return false }
    return true
  }

  private func grow() {
    table = [Int32](repeating: 0, count: table.count * 4)
    for (number, hash) in hashes.enumerated() {
      var place = Int(hash) & (table.count - 1)
      while table[place] != 0 { place = (place + 1) & (table.count - 1) }
      table[place] = Int32(number + 1)
    }
  }
}

/// The rank of each word number: 1 for the most frequent, ties by first appearance, 0 for words
/// that do not occur.
///
/// - Parameters:
///   - numbers: word numbers in the order of the texts.
///   - count: the number of different words.
///   - ties: puts words, which it gets by first appearance, into the order that counts for equally frequent ones.
/// - Returns: the ranks by number, and the numbers by rank - 1.
func ranked(
  _ numbers: [ArraySlice<Int32>], count: Int, ties: ([Int32]) -> [Int32] = { $0 }
) -> (ranks: [Int32], words: [Int32]) {
  var occurrences = [Int](repeating: 0, count: count)
  var firstSeen = [Int32]()
  for piece in numbers {
    for number in piece {
      if occurrences[Int(number)] == 0 { firstSeen.append(number) }
      occurrences[Int(number)] += 1
    }
  }
  // Swift's sort keeps the order of equals, but does not promise to: the second key makes sure.
  let words = ties(firstSeen).enumerated().sorted {
    let (left, right) = (occurrences[Int($0.element)], occurrences[Int($1.element)])
    return left != right ? left > right : $0.offset < $1.offset
  }.map(\.element)
  var ranks = [Int32](repeating: 0, count: count)
  for (index, number) in words.enumerated() { ranks[Int(number)] = Int32(index + 1) }
  return (ranks, words)
}

/// A text in lower case as Python's `str.lower` makes it: full Unicode mappings, and a capital
/// sigma at the end of a word becomes the final small one.
func lowercasedUTF8(_ text: [UInt8]) -> [UInt8] {
  let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
  var result = [UInt8]()
  result.reserveCapacity(text.count)
  for (index, scalar) in scalars.enumerated() {
    if scalar.isASCII {
      let byte = UInt8(truncatingIfNeeded: scalar.value)
      result.append((65...90).contains(byte) ? byte + 32 : byte)
    } else if scalar.value == 0x3a3 {
      let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
      let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
      let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
      result.append(contentsOf: (isFinal ? "ς" : "σ").utf8)
    } else {
      result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    }
  }
  return result
}
