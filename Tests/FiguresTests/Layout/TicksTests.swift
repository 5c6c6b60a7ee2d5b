import Foundation
import Testing

@testable import Figures

@Suite struct TicksTests {
  /// Ranges of every size, sign and offset.
  static let ranges: [ClosedRange<Double>] = {
    var ranges: [ClosedRange<Double>] = [
      0...1, -1...1, 0.24...20.76, 0.78...1.01, -0.03...0.7, 1_000_000.001...1_000_000.002,
      -1e300...1e300, 1e-300...2e-300, 999_999...1_000_001, 9.9e6...1.1e7, 0.0009...0.0011,
    ]
    var random = RepeatableRandom(state: 7)
    for _ in 0..<500 {
      let size = pow(10, random.next(in: -40...40))
      let lower = random.next(in: -100...100) * size
      ranges.append(lower...(lower + random.next(in: 0.001...100) * size))
    }
    return ranges
  }()

  @Test("Ticks are round and lie in the range", arguments: [2, 5, 10, 12])
  func ticksAreRoundAndLieInTheRange(count: Int) throws {
    for range in Self.ranges {
      let (lower, upper) = (range.lowerBound, range.upperBound)
      let ticks = Ticks.linear(from: lower, to: upper, atMost: count)
      let slack = (upper - lower) * 1e-6
      #expect((2...max(count + 1, 5)).contains(ticks.count), "\(range): \(ticks)")
      #expect(
        ticks.allSatisfy { $0.value >= lower - slack && $0.value <= upper + slack },
        "\(range): \(ticks)")
      #expect(Set(ticks.map(\.label)).count == ticks.count, "\(range): \(ticks)")
      for (left, right) in zip(ticks, ticks.dropFirst()) {
        let step = right.value - left.value
        let digit = step / pow(10, log10(step * 1.001).rounded(.down))
        #expect([1, 2, 5].contains { abs($0 - digit) < 0.05 }, "\(range): \(ticks)")
      }
    }
  }

  @Test("Tick labels say the value")
  func labelsSayTheValue() throws {
    for range in Self.ranges {
      let ticks = Ticks.linear(from: range.lowerBound, to: range.upperBound, atMost: 8)
      for tick in ticks {
        let said = try #require(number(in: tick.label), "\(tick)")
        let size = max(range.lowerBound.magnitude, range.upperBound.magnitude)
        #expect(abs(said - tick.value) <= size * 1e-12, "\(range): \(tick)")
      }
    }
  }

  @Test("Tick labels read well")
  func labelsReadWell() {
    #expect(labels(0, 1, 5) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(-0.03, 0.35, 5) == ["0.0", "0.1", "0.2", "0.3"])
    #expect(labels(-60, 60, 4) == ["−50", "0", "50"])
    #expect(labels(0, 40_000, 4) == ["0", "10,000", "20,000", "30,000", "40,000"])
    #expect(labels(999_990, 1_000_000, 2) == ["999,990", "999,995", "1,000,000"])
    #expect(labels(0, 2e7, 2) == ["0", "1×10⁷", "2×10⁷"])
    #expect(labels(-2e-9, 1e-9, 3) == ["−2×10⁻⁹", "−1×10⁻⁹", "0", "1×10⁻⁹"])
  }

  @Test("Epochs are whole numbers")
  func epochsAreWholeNumbers() {
    let few = Ticks.linear(from: 0.9, to: 4.1, atMost: 12, wholeNumbers: true)
    #expect(few.map(\.label) == ["1", "2", "3", "4"])
    let twenty = Ticks.linear(from: 0.24, to: 20.76, atMost: 12, wholeNumbers: true)
    #expect(twenty.map(\.value) == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20])
  }

  @Test("Senseless ranges have no ticks")
  func senselessRangesHaveNoTicks() {
    for (lower, upper) in [(1, 1), (2, 1), (.nan, 1), (0, .infinity), (1e16, 1e16 + 4)] {
      #expect(Ticks.linear(from: lower, to: upper, atMost: 5).isEmpty, "\(lower) to \(upper)")
    }
    #expect(Ticks.logarithmic(from: 0, to: 1, atMost: 5).isEmpty)
    #expect(Ticks.logarithmic(from: -1, to: 1, atMost: 5).isEmpty)
  }

  @Test("Logarithmic ticks follow the range, and an axis has plain numbers or powers, not both")
  func logarithmicTicksFollowTheRange() {
    func labels(_ lower: Double, _ upper: Double) -> [String] {
      Ticks.logarithmic(from: lower, to: upper, atMost: 8).map(\.label)
    }
    #expect(labels(0.008, 1.2) == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"])
    #expect(labels(0.0009, 11) == ["0.001", "0.01", "0.1", "1", "10"])
    #expect(labels(0.5, 200_000) == ["1", "10", "100", "1,000", "10,000", "100,000"])
    #expect(labels(0.5, 3e6) == ["10⁰", "10¹", "10²", "10³", "10⁴", "10⁵", "10⁶"])
    #expect(labels(1e-18, 1) == ["10⁻¹⁸", "10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"])
    #expect(labels(2, 5) == ["2.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0"])
  }

  private func labels(_ lower: Double, _ upper: Double, _ count: Int) -> [String] {
    Ticks.linear(from: lower, to: upper, atMost: count).map(\.label)
  }

  /// Reads "−1,234.5×10⁻⁶" back.
  private func number(in label: String) -> Double? {
    let signs = Dictionary(uniqueKeysWithValues: zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-"))
    let plain = String(label.filter { $0 != "," }.map { signs[$0] ?? $0 })
    return Double(plain.replacing("×10", with: "e"))
  }
}

/// The same numbers in every run of the tests.
struct RepeatableRandom {
  var state: UInt64

  mutating func next(in range: ClosedRange<Double>) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let fraction = Double(state >> 11) / Double(1 << 53)
    return range.lowerBound + fraction * (range.upperBound - range.lowerBound)
  }
}
