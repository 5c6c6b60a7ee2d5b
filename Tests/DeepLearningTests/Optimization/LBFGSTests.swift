import Foundation
import Testing

@testable import DeepLearning

@Suite("L-BFGS")
struct LBFGSTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let start: [Float]
    /// The function at the first places where SciPy computes it.
    let values: [Double]
    let place: [Float]
    let evaluations: Int
    let steps: Int
    var testDescription: String { "\(name) of \(start.count) numbers" }

    func function(_ place: Tensor) -> (value: Tensor, gradient: Tensor) {
      let x = place.scalars.map(Double.init)
      let (value, gradient) =
        switch name {
        case "rosenbrock": Case.rosenbrock(x)
        case "beale": Case.beale(x)
        default: Case.bowl(x)
        }
      return (.scalar(Float(value)), Tensor(gradient.map(Float.init)))
    }

    private static func rosenbrock(_ x: [Double]) -> (Double, [Double]) {
      var (value, gradient) = (0.0, [Double](repeating: 0, count: x.count))
      for i in 0..<x.count - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
        value += 100 * a * a + b * b
        gradient[i] += -400 * a * x[i] - 2 * b
        gradient[i + 1] += 200 * a
      }
      return (value, gradient)
    }

    private static func beale(_ place: [Double]) -> (Double, [Double]) {
      let (x, y) = (place[0], place[1])
      let rests = [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y]
      let alongX = zip(rests, [y, y * y, y * y * y]).reduce(0) { $0 + 2 * $1.0 * ($1.1 - 1) }
      let alongY = 2 * x * (rests[0] + 2 * rests[1] * y + 3 * rests[2] * y * y)
      return (rests.reduce(0) { $0 + $1 * $1 }, [alongX, alongY])
    }

    private static func bowl(_ x: [Double]) -> (Double, [Double]) {
      let weights = x.indices.map { Double(($0 + 1) * ($0 + 1)) }
      return (
        zip(weights, x).reduce(0) { $0 + $1.0 * ($1.1 - 1) * ($1.1 - 1) },
        zip(weights, x).map { 2 * $0 * ($1 - 1) }
      )
    }
  }

  @Test("It goes where SciPy's goes", arguments: try Golden.cases("lbfgs") as [Case])
  func trajectory(_ golden: Case) {
    var values: [Double] = []
    let outcome = LBFGS().minimize(Tensor(golden.start), evaluations: 15_000) { place in
      let result = golden.function(place)
      values.append(Double(result.value.item))
      return result
    }
    #expect(golden.values.count >= 10)
    // Rounding to single precision grows from step to step.
    for (index, (value, expected)) in zip(values, golden.values).enumerated() {
      #expect(
        abs(value - expected) <= 1e-4 * abs(expected) * Double(index + 1) + 1e-6,
        "evaluation \(index): \(value), SciPy \(expected)")
    }
    expectClose(
      outcome.place, Tensor(golden.place), absolute: 2e-3, relative: 0, "\(golden.name), minimum")
    #expect(abs(outcome.evaluations - golden.evaluations) <= golden.evaluations / 10)
    #expect(abs(outcome.steps - golden.steps) <= golden.steps / 10)
    #expect(values.count == outcome.evaluations)
  }

  @Test("It stops at the allowed number of evaluations, and never returns a worse place")
  func budget() {
    let golden = Case(
      name: "rosenbrock", start: [-1.2, 1], values: [], place: [], evaluations: 0, steps: 0)
    var last = golden.function(Tensor(golden.start)).value.item
    for evaluations in [1, 2, 5, 10, 20, 40] {
      let outcome = LBFGS().minimize(
        Tensor(golden.start), evaluations: evaluations, of: golden.function)
      #expect((evaluations...evaluations + 3).contains(outcome.evaluations))
      #expect(outcome.value <= last && outcome.reason == .evaluationsUsed)
      #expect(outcome.value == golden.function(outcome.place).value.item)
      last = outcome.value
    }
  }

  @Test("At a minimum it stays")
  func minimum() {
    let outcome = LBFGS().minimize(Tensor([1, 1, 1]), evaluations: 10) { place in
      let rest = place - 1
      return (rest.squared().sum(), 2 * rest)
    }
    #expect(outcome.reason == .gradientVanished && outcome.evaluations == 1)
    #expect(outcome.place.scalars == [1, 1, 1])
  }

  @Test("Where the function is not a number it ends with the last good place")
  func notFinite() {
    // The square root of what becomes negative after the first steps.
    let outcome = LBFGS().minimize(Tensor([4]), evaluations: 50) { place in
      let x = place.item
      return (.scalar(x < 1 ? .nan : x), Tensor([x < 1 ? .nan : 1]))
    }
    #expect(outcome.reason == .notFinite && outcome.value.isFinite)
    #expect(outcome.place.item >= 1 && outcome.place.item <= 4)
  }

  @Test("An error of the function comes through")
  func failure() {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      _ = try LBFGS().minimize(Tensor([1]), evaluations: 5) { _ in throw Failure() }
    }
  }
}
