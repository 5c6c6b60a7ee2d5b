import DeepLearning

/// Numbers words without a dictionary: by a hash of their letters.
///
/// No vocabulary has to be learned or kept, but different words may get the same number, the more often the fewer
/// numbers there are. The hash (FNV-1a, 64 bits, of the UTF-8 form) is the same in every run and on every machine,
/// unlike Python's `hash` and Swift's `hashValue`, which both languages salt differently in each process.
public struct HashingTrick: Sendable {
  /// How many numbers there are.
  public let dimension: Int

  /// Numbers words from 0 up to, not including, `dimension`, which is at least 1.
  public init(dimension: Int) {
    require(dimension >= 1, "The hashing trick needs at least one number, not \(dimension).")
    self.dimension = dimension
  }

  /// The number of a word.
  public subscript(word: some StringProtocol) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int(hash % UInt64(dimension))
  }

  /// How many of the words share their number with another one.
  public func collisions(among words: some Sequence<String>) -> Int {
    var counts: [Int: Int] = [:]
    for word in words { counts[self[word], default: 0] += 1 }
    return counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
  }
}
