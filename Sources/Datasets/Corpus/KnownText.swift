/// What of a generated text occurs in the text that it was learned from.
public struct KnownText: Sendable {
  private let words: Set<String>
  private let ids: [Int32]

  /// Learns the words and the passages of a text.
  public init(_ corpus: Corpus, _ range: Range<Int>? = nil) {
    ids = Array(corpus.ids[range ?? 0..<corpus.count])
    words = Set(Self.words(corpus.vocabulary.decode(ids).unicodeScalars[...]))
  }

  /// The share of a text's words that occur, or nil if it has no whole word.
  ///
  /// A word is a run of letters, with apostrophes inside. At the two ends of the text words may be cut off: they
  /// do not count.
  public func shareOfWords(_ text: String) -> Double? {
    var inner = text.unicodeScalars[...]
    while let first = inner.first, Self.isInWord(first) { inner.removeFirst() }
    while let last = inner.last, Self.isInWord(last) { inner.removeLast() }
    let found = Self.words(inner)
    return found.isEmpty
      ? nil : Double(found.count { words.contains($0) }) / Double(found.count)
  }

  /// The length of the longest passage of a text that occurs letter by letter.
  public func longestCopy(in passage: [Int32]) -> Int {
    // If a passage occurs, so do the shorter ones inside it.
    var (occurs, fails) = (0, passage.count + 1)
    while fails - occurs > 1 {
      let middle = (occurs + fails) / 2
      if contains(aPassageOf: middle, from: passage) { occurs = middle } else { fails = middle }
    }
    return occurs
  }

  /// Whether any `length` characters in a row of a passage occur.
  private func contains(aPassageOf length: Int, from passage: [Int32]) -> Bool {
    guard length <= ids.count else { return false }
    var starts = [UInt64: [Int]]()
    Self.forEachHash(of: passage, length) { hash, start in
      starts[hash, default: []].append(start)
      return true
    }
    var isFound = false
    Self.forEachHash(of: ids, length) { hash, start in
      isFound = (starts[hash] ?? []).contains {
        ids[start..<start + length] == passage[$0..<$0 + length]
      }
      return !isFound
    }
    return isFound
  }

  /// Calls `body` with a number for every `length` elements in a row, equal for equal elements (Karp and Rabin, 1987),
  /// until it returns false.
  private static func forEachHash(
    of ids: [Int32], _ length: Int, _ body: (UInt64, Int) -> Bool
  ) {
    let base: UInt64 = 0x9e37_79b9_7f4a_7c15
    let leading = (1..<max(length, 1)).reduce(UInt64(1)) { power, _ in power &* base }
    var hash: UInt64 = 0
    for (end, id) in ids.enumerated() {
      if end >= length { hash &-= leading &* UInt64(ids[end - length] + 1) }
      hash = hash &* base &+ UInt64(id + 1)
      if end >= length - 1, !body(hash, end - length + 1) { return }
    }
  }

  private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "'" || scalar == "’"
  }

  private static func isInWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || isApostrophe(scalar)
  }

  private static func words(_ text: Substring.UnicodeScalarView) -> [String] {
    text.split { !isInWord($0) }.compactMap { run in
      var word = run
      while let first = word.first, isApostrophe(first) { word.removeFirst() }
      while let last = word.last, isApostrophe(last) { word.removeLast() }
      return word.isEmpty ? nil : String(String.UnicodeScalarView(word))
    }
  }
}
