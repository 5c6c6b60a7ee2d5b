/// Draws numbers with given weights in constant time (Walker 1977): a place is drawn evenly; it
/// stands for itself below a threshold, and for another number above it.
struct AliasTable: Sendable {
  /// How often each place stands for itself, in units of 1 / 2^32.
  private(set) var thresholds: [UInt32]
  /// What each place stands for otherwise.
  private(set) var aliases: [Int32]

  /// Prepares to draw the numbers from 0 up to the number of weights.
  init(weights: [Double]) {
    let mean = weights.reduce(0, +) / Double(weights.count)
    var shares = weights.map { $0 / mean }
    aliases = weights.indices.map { Int32($0) }
    thresholds = [UInt32](repeating: .max, count: weights.count)
    var small = shares.indices.filter { shares[$0] < 1 }
    var large = shares.indices.filter { shares[$0] >= 1 }
    while let low = small.popLast(), let high = large.last {
      thresholds[low] = UInt32(shares[low] * 4_294_967_295)
      aliases[low] = Int32(high)
      shares[high] -= 1 - shares[low]
      if shares[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
  }

  /// Words as frequent as in real text: the one of rank r has a weight of about 1 / r.
  static func zipf(_ count: Int) -> AliasTable {
    AliasTable(weights: (1...count).map { 1 / (Double($0) + 2.7) })
  }

  /// Draws a number.
  func draw(_ random: inout SplitMix) -> Int {
    let bits = random.next()
    let place = Int(((bits >> 32) * UInt64(thresholds.count)) >> 32)
    let isOwn = UInt32(truncatingIfNeeded: bits) <= thresholds[place]
    return isOwn ? place : Int(aliases[place])
  }
}

/// A word that does not exist, a different one for each rank.
func madeUpWord(_ rank: Int) -> String {
  let onsets = ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z"]
  let vowels = ["a", "e", "i", "o", "u"]
  var code = rank * 7919 % 512_000
  return (0..<3).map { _ in
    defer { code /= 80 }
    return onsets[code % 80 / 5] + vowels[code % 5]
  }.joined()
}
