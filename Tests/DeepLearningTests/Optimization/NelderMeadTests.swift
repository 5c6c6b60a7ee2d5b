import TestSupport
import Testing

@testable import DeepLearning

@Suite("Nelder-Mead")
struct NelderMeadTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let start: [Double]
    let step: Double
    let tolerance: Double
    /// The function at the first places where SciPy computes it.
    let values: [Double]
    let place: [Double]
    let value: Double
    let evaluations: Int
    var testDescription: String { "\(name) of \(start.count) numbers" }

    func function(_ x: [Double]) -> Double {
      switch name {
      case "rosenbrock":
        zip(x, x.dropFirst()).reduce(0) { sum, pair in
          let (a, b) = (pair.1 - pair.0 * pair.0, 1 - pair.0)
          return sum + 100 * a * a + b * b
        }
      case "bowl":
        x.enumerated().reduce(0) { sum, item in
          let rest = item.element - Double(item.offset)
          return sum + Double(item.offset + 1) * rest * rest
        }
      default: abs(x[0] - 1) + 2 * abs(x[1] + x[0])
      }
    }
  }

  @Test("It goes where SciPy's goes", arguments: try Golden.cases("nelder-mead") as [Case])
  func trajectory(_ golden: Case) {
    var values: [Double] = []
    let outcome = NelderMead(step: golden.step, tolerance: golden.tolerance).minimize(
      golden.start, evaluations: 5_000
    ) { place in
      values.append(golden.function(place))
      return golden.function(place)
    }
    #expect(golden.values.count >= 10 && values.count >= golden.values.count)
    for (index, (value, expected)) in zip(values, golden.values).enumerated() {
      #expect(
        abs(value - expected) <= 1e-6 * abs(expected) + 1e-9,
        "evaluation \(index): \(value), SciPy \(expected)")
    }
    for (number, expected) in zip(outcome.place, golden.place) {
      #expect(abs(number - expected) <= 10 * golden.tolerance)
    }
    #expect(abs(outcome.value - golden.value) <= 10 * golden.tolerance)
    #expect(values.count == outcome.evaluations && outcome.value == values.min())
    #expect(abs(outcome.evaluations - golden.evaluations) <= golden.evaluations / 10)
  }

  @Test("It stops at the allowed number of evaluations, and never returns a worse place")
  func budget() {
    func bowl(_ x: [Double]) -> Double { (x[0] - 3) * (x[0] - 3) + x[1] * x[1] }
    var last = bowl([0, 1])
    for evaluations in [1, 4, 8, 16, 32] {
      let outcome = NelderMead().minimize([0, 1], evaluations: evaluations, of: bowl)
      // The first simplex has three corners; the longest move computes two corners, then moves two.
      #expect((3...evaluations + 4).contains(outcome.evaluations))
      #expect(outcome.value <= last && outcome.value == bowl(outcome.place))
      last = outcome.value
    }
    #expect(last < 0.1)
  }

  @Test("What is not a number is worse than anything")
  func notFinite() {
    // The minimum lies at the edge of where the function is a number.
    let outcome = NelderMead(tolerance: 1e-6).minimize([4], evaluations: 300) {
      $0[0] < 1 ? .nan : $0[0]
    }
    #expect(outcome.place[0] >= 1 && outcome.place[0] < 1.001)
    let nowhere = NelderMead().minimize([1, 2], evaluations: 50) { _ in .nan }
    #expect(nowhere.value == .infinity && nowhere.evaluations <= 54)
  }

  @Test("What the function throws ends the search")
  func failure() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try NelderMead().minimize([0], evaluations: 10) { _ in throw Stop() }
    }
  }

  @Test("A simplex without extent is refused", .ahead)
  func mistakes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NelderMead(step: 0)
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("needs a step other than 0, not 0.0"))
  }
}
