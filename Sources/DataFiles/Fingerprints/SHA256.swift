import Foundation

/// The check sum SHA-256 (FIPS 180-4), by which contents are recognised whatever file they are packed in.
public struct SHA256 {
  /// The first 32 bits behind the point of the cube roots of the first 64 primes.
  private static let constants = primes(64).map { bits(cbrt($0)) }
  /// The same of the square roots of the first eight.
  private static let start = primes(8).map { bits($0.squareRoot()) }

  private static func primes(_ count: Int) -> [Double] {
    var primes = [Int]()
    var number = 2
    while primes.count < count {
      if primes.allSatisfy({ number % $0 != 0 }) { primes.append(number) }
      number += 1
    }
    return primes.map(Double.init)
  }

  private static func bits(_ root: Double) -> UInt32 {
    UInt32((root - root.rounded(.down)) * 0x1p32)
  }

  private var state = SHA256.start
  /// What has not filled a block of 64 bytes yet.
  private var rest = [UInt8]()
  private var length = 0

  /// The check sum of what is added from here on.
  public init() {}

  /// Adds bytes.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    length += bytes.count
    var bytes = bytes
    if !rest.isEmpty {
      let missing = min(64 - rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<missing])
      bytes = .init(rebasing: bytes[missing...])
      guard rest.count == 64 else { return }
      let block = rest
      block.withUnsafeBytes { mix($0) }
      rest.removeAll(keepingCapacity: true)
    }
    let whole = bytes.count & ~63
    mix(.init(rebasing: bytes[..<whole]))
    rest.append(contentsOf: bytes[whole...])
  }

  /// Adds how many numbers there are, and their bytes, of which the lowest comes first.
  public mutating func add<Number: BitwiseCopyable>(_ numbers: [Number]) {
    withUnsafeBytes(of: UInt64(numbers.count).littleEndian) { add($0) }
    numbers.withUnsafeBytes { add($0) }
  }

  /// The sum of all that was added, in 64 hexadecimal digits.
  public var text: String {
    var last = self
    let bits = UInt64(length) &* 8
    let padding = [UInt8](repeating: 0, count: 63 - (length + 8) % 64)
    let end = [0x80] + padding + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
    end.withUnsafeBytes { last.add($0) }
    return last.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// The sum of what a closure adds.
  public static func of(_ add: (inout SHA256) -> Void) -> String {
    var sum = SHA256()
    add(&sum)
    return sum.text
  }

  /// The sum of the sums of two halves, which are gone through at the same time.
  package static func ofHalves<Half: Sendable>(
    _ first: Half, _ second: Half, _ add: @Sendable (Half, inout SHA256) -> Void
  ) -> String {
    let sums = try? inParallel({ of { add(first, &$0) } }, { of { add(second, &$0) } })
    return of { sum in [sums?.0, sums?.1].forEach { sum.add(Array(($0 ?? "").utf8)) } }
  }

  /// Takes in whole blocks.
  private mutating func mix(_ blocks: UnsafeRawBufferPointer) {
    state.withUnsafeMutableBufferPointer { state in
      Self.constants.withUnsafeBufferPointer { k in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
          for offset in stride(from: 0, to: blocks.count, by: 64) {
            for t in 0..<16 {
              let word = blocks.loadUnaligned(fromByteOffset: offset + 4 * t, as: UInt32.self)
              w[t] = UInt32(bigEndian: word)
            }
            for t in 16..<64 {
              let (x, y) = (w[t - 15], w[t - 2])
              let low = turned(x, 7) ^ turned(x, 18) ^ x >> 3
              let high = turned(y, 17) ^ turned(y, 19) ^ y >> 10
              w[t] = w[t - 16] &+ low &+ w[t - 7] &+ high
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            for t in 0..<64 {
              let mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
              let first = h &+ mixed &+ (e & f ^ ~e & g) &+ k[t] &+ w[t]
              let other = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
              let second = other &+ (a & b ^ a & c ^ b & c)
              (h, g, f, e) = (g, f, e, d &+ first)
              (d, c, b, a) = (c, b, a, first &+ second)
            }
            for (place, word) in [a, b, c, d, e, f, g, h].enumerated() { state[place] &+= word }
          }
        }
      }
    }
  }
}

/// A word whose bits are turned to the right.
@inline(__always)
private func turned(_ word: UInt32, _ count: UInt32) -> UInt32 {
  word &>> count | word &<< (32 &- count)
}
