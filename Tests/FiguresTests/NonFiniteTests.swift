import Testing

@testable import Figures

/// Whatever training comes to, the figure of it must not end the program: it would take the results along.
@Suite struct NonFiniteTests {
  static let series: [[Double]] = [
    [], [0], [0, 0, 0], [.nan], [.nan, .nan], [.infinity, -.infinity], [1, .nan, .infinity, 2],
    [-.infinity, -3, -3], [1e300, -1e300, 0], [.greatestFiniteMagnitude, 1, 2],
    [.leastNonzeroMagnitude, 0], [-0.0, 0], [5, 5, 5], [-5, -5],
    [1e-300, 1.000000000001e-300, 2e-300], [1e308, .nan],
  ]

  static let marks: [@Sendable ([Double]) -> any Mark] = [
    { Dots($0, "m") }, { Line($0, "m") }, { Crosses($0, "m") }, { Bars($0, "m") },
    { Histogram($0, "m") }, { Histogram($0, "m", bins: 10_000) }, { Band($0, $0.reversed(), "m") },
    { Dots($0, "m", at: $0) }, { Line($0, "m", at: $0.reversed()) },
    { Bars($0, "m", at: $0.reversed()) }, { Band($0, $0, "m", at: $0) },
    { VerticalMarker(at: $0.first ?? .nan, "m") },
    { Labels($0.map { "\($0)" }, x: $0, y: $0.reversed(), "m") },
  ]

  @Test("Every mark is drawn", arguments: marks.indices)
  func everyMarkIsDrawn(mark: Int) throws {
    for values in Self.series {
      for scale in [Scale.linear, .logarithmic] {
        let figure = Figure(title: "t", x: "x", y: "y", yScale: scale, width: 320, height: 240) {
          Self.marks[mark](values)
        }
        // Where a place that is not a number would be put.
        #expect(!figure.svg().contains("1000000"), "\(values)")
      }
    }
    let all = Figure(title: "t", x: "x", y: "y", names: ["a", "b"]) {
      for values in Self.series { Self.marks[mark](values) }
      Bars([0, .nan])
    }
    #expect(try !all.png().isEmpty && !all.svg().contains("1000000"))
  }

  @Test("Bars of nothing but zero have a scale")
  func barsOfNothingButZeroHaveAScale() throws {
    let axis = Axis(showing: [0, 0], standsOnZero: true)
    #expect(axis.lower == 0 && axis.upper > 0 && axis.fraction(of: 0) == 0)
    let below = Axis(showing: [0, -2], standsOnZero: true)
    #expect(below.upper == 0 && below.lower < -2)
  }

  @Test("A series without values says so")
  func aSeriesWithoutValuesSaysSo() {
    let figure = Figure(title: "t", x: "x", y: "y") {
      Line([1, 2], "seen")
      Bars([Double.nan, .infinity], "unseen")
      Dots([Double](), "empty")
      VerticalMarker(at: 1, "marker")
      VerticalMarker(at: .nan, "nowhere")
    }
    let svg = figure.svg()
    for label in ["unseen (no values)", "empty (no values)", "nowhere (no values)"] {
      #expect(svg.contains(label), "\(label)")
    }
    #expect(svg.contains(">seen<") && svg.contains(">marker<"))
    #expect(!svg.contains("no values to show"))
  }
}
