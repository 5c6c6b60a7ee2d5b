/// The random numbers of `numpy.random.seed` and its kin, bit for bit.
///
/// Data sets of the book are shuffled with this generator, so "the first 10,000 reviews" are the
/// book's only if it is rebuilt exactly: Mersenne Twister MT19937 (Matsumoto and Nishimura 1998)
/// seeded with one 32-bit number, whole numbers below a bound by masking and rejecting, shuffling
/// from the end.
///
/// ```swift
/// var random = LegacyNumPyRandom(seed: 113)
/// let order = random.permutation(25_000)
/// ```
public struct LegacyNumPyRandom: Sendable {
  private var state: [UInt32]
  private var position = 624

  /// Starts the sequence that `numpy.random.seed(seed)` starts.
  public init(seed: UInt32) {
    var value = seed
    state = (0..<624).map { index in
      defer { value = 1_812_433_253 &* (value ^ value >> 30) &+ UInt32(index) &+ 1 }
      return value
    }
  }

  /// The next 32 random bits.
  public mutating func next() -> UInt32 {
    if position == 624 { refill() }
    var value = state[position]
    position += 1
    value ^= value >> 11
    value ^= value << 7 & 0x9d2c_5680
    value ^= value << 15 & 0xefc6_0000
    return value ^ value >> 18
  }

  /// A whole number from 0 to `maximum`, both included.
  public mutating func integer(through maximum: UInt32) -> UInt32 {
    if maximum == 0 { return 0 }
    let mask = UInt32.max >> UInt32(maximum.leadingZeroBitCount)
    while true {
      let value = next() & mask
      if value <= maximum { return value }
    }
  }

  /// Brings the elements into random order as `numpy.random.shuffle` does.
  public mutating func shuffle(_ elements: inout [Int32]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, Int(integer(through: UInt32(last))))
    }
  }

  /// The numbers from 0 to `count` - 1 in random order, as `numpy.random.permutation` gives them.
  public mutating func permutation(_ count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    shuffle(&order)
    return order
  }

  private mutating func refill() {
    for index in 0..<624 {
      let bits = state[index] & 0x8000_0000 | state[(index + 1) % 624] & 0x7fff_ffff
      let twist: UInt32 = bits & 1 == 0 ? 0 : 0x9908_b0df
      state[index] = state[(index + 397) % 624] ^ bits >> 1 ^ twist
    }
    position = 0
  }
}
