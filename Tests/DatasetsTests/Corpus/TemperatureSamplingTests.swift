import DeepLearning
import Foundation
import Testing

@testable import Datasets

@Suite("Drawing at a temperature")
struct TemperatureSamplingTests {
  private let answer: [Float] = [0.1, 0.05, 0.4, 0, 0.25, 0.2]

  @Test("Re-weighted probabilities are the powers p^(1/T), divided by their sum")
  func powers() {
    for temperature in [0.2, 0.5, 1, 1.2, 1.5, 7] {
      let powers = answer.map { pow(Double($0), 1 / temperature) }
      let sum = powers.reduce(0, +)
      let weights = TemperatureSampling.reweighted(answer, temperature: temperature)
      for (weight, power) in zip(weights, powers) {
        #expect(abs(weight - power / sum) < 1e-12)
      }
    }
    // Only ratios matter.
    let doubled = TemperatureSampling.reweighted(answer.map { $0 * 2 }, temperature: 0.5)
    let plain = TemperatureSampling.reweighted(answer, temperature: 0.5)
    #expect(zip(doubled, plain).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("Cold leaves the most probable, heat evens out what is possible")
  func limits() {
    let best: [Double] = [0, 0, 1, 0, 0, 0]
    #expect(TemperatureSampling.reweighted(answer, temperature: 0) == best)
    #expect(TemperatureSampling.reweighted(answer, temperature: 1e-9) == best)
    #expect(TemperatureSampling.reweighted(answer, temperature: .leastNonzeroMagnitude) == best)
    let hot = TemperatureSampling.reweighted(answer, temperature: 1e9)
    for (weight, probability) in zip(hot, answer) {
      #expect(abs(weight - (probability > 0 ? 0.2 : 0)) < 1e-6)
    }
    #expect(hot[3] == 0)
    #expect(TemperatureSampling.reweighted([0.5, 0.5], temperature: 0) == [1, 0])
    // The smallest numbers that do not count as zero do not vanish all together.
    let least = Float.leastNormalMagnitude
    let tiny = TemperatureSampling.reweighted([least, least * 8, 0], temperature: 0.2)
    #expect(abs(tiny.reduce(0, +) - 1) < 1e-12 && tiny[1] > 0.9)
    #expect(TemperatureSampling.reweighted([Float](), temperature: 1).isEmpty)
  }

  @Test("Hotter is more uncertain")
  func entropy() {
    let entropies = stride(from: 0.1, through: 3, by: 0.1).map {
      TemperatureSampling.entropy(TemperatureSampling.reweighted(answer, temperature: $0))
    }
    #expect(zip(entropies, entropies.dropFirst()).allSatisfy { $0 < $1 })
    #expect(TemperatureSampling.entropy([0, 1, 0]) == 0)
    #expect(abs(TemperatureSampling.entropy([0.25, 0.25, 0.25, 0.25]) - 2) < 1e-12)
  }

  @Test("Draws are as frequent as their probabilities say", arguments: [0.2, 0.5, 1.0, 1.5])
  func frequencies(temperature: Double) {
    let weights = TemperatureSampling.reweighted(answer, temperature: temperature)
    var random = RandomGenerator(seed: 8)
    let count = 100_000
    var seen = [Int](repeating: 0, count: answer.count)
    for _ in 0..<count { seen[TemperatureSampling.draw(weights, using: &random)] += 1 }
    for (number, weight) in weights.enumerated() {
      // Four standard deviations of a binomial count; the impossible never comes.
      let spread = 4 * (Double(count) * weight * (1 - weight)).squareRoot()
      #expect(abs(Double(seen[number]) - Double(count) * weight) <= spread, "\(number)")
    }
  }

  @Test("The same seed draws the same")
  func repeats() {
    func draws(_ seed: UInt64) -> [Int] {
      var random = RandomGenerator(seed: seed)
      return (0..<50).map { _ in
        TemperatureSampling.draw([0.25, 0.5, 0, 0.25], using: &random)
      }
    }
    #expect(draws(1) == draws(1) && draws(1) != draws(2))
    #expect(Set(draws(3)) == [0, 1, 3])
  }

  @Test("Probabilities that fall short of 1 by rounding still give a possible draw")
  func crumbs() {
    var random = RandomGenerator(seed: 0)
    for _ in 0..<1_000 {
      #expect([1, 2].contains(TemperatureSampling.draw([0, 1e-3, 1e-3, 0], using: &random)))
    }
  }
}
