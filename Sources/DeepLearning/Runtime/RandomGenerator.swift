import Foundation

/// The one source of randomness: a seeded generator (xoshiro256++ by Blackman and Vigna, 2019).
///
/// The same seed gives the same numbers on every machine. Programs make one from `--seed` and hand it
/// down to whatever draws: initial weights, shuffling, dropout, augmentation, sampling.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Creates a generator; the seed is spread over the state with SplitMix64.
  public init(seed: UInt64) {
    var counter = seed
    func next() -> UInt64 {
      counter &+= 0x9E37_79B9_7F4A_7C15
      var z = counter
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// The state, for those who save it.
  var words: [UInt64] {
    get { [state.0, state.1, state.2, state.3] }
    set { state = (newValue[0], newValue[1], newValue[2], newValue[3]) }
  }

  /// The next 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotate(state.0 &+ state.3, 23) &+ state.0
    let t = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= t
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number from the uniform distribution over [0, 1), with 24 random bits.
  @inline(__always)
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number from the standard normal distribution (Box and Muller, 1958).
  public mutating func normal() -> Float {
    let radius = (-2 * log(Double(next() >> 11) * 0x1p-53 + 0x1p-54)).squareRoot()
    return Float(radius * cos(2 * .pi * Double(next() >> 11) * 0x1p-53))
  }

  /// A whole number from 0 up to, not including, `bound`.
  public mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers from 0 up to, not including, `count`, in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, below(last + 1)) }
    return order
  }

  /// A generator of its own for one part of a program: independent of how many numbers others draw.
  public mutating func split() -> RandomGenerator { RandomGenerator(seed: next()) }
}

extension RandomGenerator: Codable {
  /// Reads a state that was encoded.
  public init(from decoder: any Decoder) throws {
    let words = try [UInt64](from: decoder)
    guard words.count == 4, words.contains(where: { $0 != 0 }) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "Four words, not all zero."))
    }
    self.init(seed: 0)
    self.words = words
  }

  /// Writes the state, so that the numbers that follow will be the same.
  public func encode(to encoder: any Encoder) throws { try words.encode(to: encoder) }
}
