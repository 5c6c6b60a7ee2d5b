import Testing

@testable import Figures

@Suite struct LegendTests {
  @Test("The free corner is taken", arguments: LegendPlace.corners)
  func theFreeCornerIsTaken(corner: LegendPlace) {
    let figure = Figure(title: "t", x: "x", y: "y") {
      for other in LegendPlace.corners where other != corner {
        if case .corner(let isRight, let isTop) = other {
          Dots([isTop ? 1.0 : 0], at: [isRight ? 9 : 1])
        }
      }
      Line([0.4, 0.6], "a line", at: [4, 6])
    }
    #expect(Chart(figure).legendPlace == corner)
  }

  @Test("Without a free corner the legend goes below")
  func withoutAFreeCornerTheLegendGoesBelow() {
    let figure = Figure(title: "t", x: "x", y: "y") {
      Band([0, 0, 0] as [Double], [1, 1, 1], "everything")
      Line([0.5, 0.5, 0.5], "middle")
    }
    let chart = Chart(figure)
    #expect(chart.legendPlace == .below)
    #expect(chart.plot.area.bottom < Chart(Book.figure()).plot.area.bottom)
  }

  @Test("The legend hides no mark")
  func theLegendHidesNoMark() throws {
    for shift in stride(from: 0, to: 40, by: 3) {
      let wave = (0..<40).map { 1 / (1 + Double(($0 + shift) % 40)) }
      let figure = Figure(title: "t", x: "x", y: "y") { Dots(wave, "a wave") }
      let chart = Chart(figure)
      guard let legend = chart.legend, chart.legendPlace != .below else { continue }
      let box = chart.legendPlace.box(of: legend, in: chart.plot.area)
      for (index, value) in wave.enumerated() {
        let point = try #require(chart.plot.point(Double(index + 1), value))
        let isInside =
          point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom
        #expect(!isInside, "shift \(shift), value \(index)")
      }
    }
  }

  @Test("Unnamed marks need no legend")
  func unnamedMarksNeedNoLegend() {
    #expect(Chart(Figure(title: "t", x: "x", y: "y") { Line([1.0, 2]) }).legend == nil)
    #expect(Chart(Figure(title: "t", x: "x", y: "y") { Line([1.0, 2], " ") }).legend == nil)
  }

  @Test("Too many entries are counted")
  func tooManyEntriesAreCounted() throws {
    let figure = Figure(title: "t", x: "x", y: "y") {
      for run in 1...200 { Line([0, Double(run)], "run \(run)") }
    }
    let chart = Chart(figure)
    let legend = try #require(chart.legend)
    let shown = legend.entries.filter { $0.series != nil }.count
    #expect(shown > 10 && shown < 200)
    #expect(legend.entries.last?.lines == ["and \(200 - shown) more"])
    #expect(chart.plot.area.height > 100)
  }
}
