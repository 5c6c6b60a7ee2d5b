import Testing

@testable import DeepLearning

/// Random numbers: repeatable, and distributed as they should be.
@Suite struct RandomGeneratorTests {
  /// SplitMix64 for the state and xoshiro256++ for the numbers, written out once more.
  @Test("Random numbers are those of xoshiro256++ seeded by SplitMix64")
  func algorithm() {
    var seed: UInt64 = 7
    var s = (0..<4).map { _ -> UInt64 in
      seed &+= 0x9E37_79B9_7F4A_7C15
      var z = seed
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    var random = RandomGenerator(seed: 7)
    for _ in 0..<100 {
      let sum = s[0] &+ s[3]
      #expect(random.next() == ((sum << 23) | (sum >> 41)) &+ s[0])
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = (s[3] << 45) | (s[3] >> 19)
    }
  }

  @Test("Uniform numbers lie in their range, evenly")
  func uniform() {
    var random = RandomGenerator(seed: 1)
    let x = Tensor.uniform([10_000], in: -2..<3, using: &random)
    #expect(x.min() >= -2 && x.max() < 3)
    expectClose(x.mean().item, 0.5, absolute: 0.06, "mean")
    expectClose((x - 0.5).squared().mean().item, 25.0 / 12, relative: 0.04, "variance")
  }

  @Test("Normal numbers have mean 0 and deviation 1")
  func normal() {
    var random = RandomGenerator(seed: 2)
    let x = Tensor.normal([20_000], mean: 3, standardDeviation: 2, using: &random)
    expectClose(x.mean().item, 3, absolute: 0.06, "mean")
    let centred = (x - 3) / 2
    expectClose(centred.squared().mean().item, 1, absolute: 0.05, "variance")
    expectClose((centred.squared() * centred).mean().item, 0, absolute: 0.12, "skewness")
    expectClose(centred.squared().squared().mean().item, 3, absolute: 0.4, "kurtosis")
    let within = Float(centred.scalars.count { abs($0) < 1 }) / 20_000
    expectClose(within, 0.6827, absolute: 0.015, "share within one deviation")
  }

  @Test("Whole numbers stay below their bound, evenly")
  func bounded() {
    var random = RandomGenerator(seed: 3)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[random.below(7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 180 }, "\(counts)")
    #expect(random.below(1) == 0)
  }

  @Test("Permutations hold every number once, each order equally often")
  func permutations() {
    var random = RandomGenerator(seed: 4)
    #expect(random.permutation(0) == [] && random.permutation(1) == [0])
    let (a, b) = (random.permutation(100), random.permutation(100))
    #expect(a.sorted() == Array(0..<100) && a != b && a != Array(0..<100))
    // Each of the six orders of three comes up about as often.
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[random.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 180 }, "\(counts)")
  }

  @Test("Splitting makes independent generators")
  func splitting() {
    var (a, b) = (RandomGenerator(seed: 5), RandomGenerator(seed: 5))
    var (first, second) = (a.split(), b.split())
    #expect(first.next() == second.next() && a.next() == b.next())
    var child = a.split()
    let (mine, theirs) = ((0..<100).map { _ in a.next() }, (0..<100).map { _ in child.next() })
    #expect(Set(mine + theirs).count == 200)
  }
}
