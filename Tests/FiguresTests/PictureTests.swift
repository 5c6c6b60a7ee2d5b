import Foundation
import Testing

@testable import Figures

@Suite struct PictureTests {
  @Test("A picture has two pixels to the point and a white ground")
  func hasTwoPixelsToThePointAndAWhiteGround() throws {
    let picture = try DecodedPNG(Book.figure())
    #expect((picture.width, picture.height) == (1280, 960))
    #expect(picture.ink(inMargin: 16) == 0)
    #expect(try DecodedPNG(Book.figure()).mosaic.count == 768)
  }

  @Test("Dots lie where the values are")
  func dotsLieWhereTheValuesAre() throws {
    let figure = Figure(title: "Dots", x: "x", y: "y") { Dots([0.0, 2.0, 1.0, .nan, 4.0]) }
    let spots = try DecodedPNG(figure).spots(of: .blue)
    try #require(spots.count == 4)
    let step = spots[1].x - spots[0].x
    #expect(step > 50)
    #expect(abs(spots[2].x - spots[0].x - 2 * step) < 1)
    #expect(abs(spots[3].x - spots[0].x - 4 * step) < 1, "the gap keeps its place")
    let unit = spots[0].y - spots[2].y
    #expect(unit > 50)
    #expect(abs(spots[0].y - spots[1].y - 2 * unit) < 1)
    #expect(abs(spots[0].y - spots[3].y - 4 * unit) < 1)
  }

  @Test("Lines join neighbours and leave gaps")
  func linesJoinNeighboursAndLeaveGaps() throws {
    let figure = Figure(title: "Line", x: "x", y: "y") { Line([1, 1, .nan, 1, .infinity, 1, 2.0]) }
    let picture = try DecodedPNG(figure)
    let plot = Chart(figure).plot
    let inked = try [1.5, 2.5, 3.5, 4, 4.5, 5.5].map { x in
      let point = try #require(plot.point(x, 1))
      return picture[point] == Color.blue.code
    }
    #expect(inked == [true, false, false, true, false, false])
    #expect(picture[try #require(plot.point(6.5, 1.5))] == Color.blue.code)
  }

  @Test("Every mark has its shape")
  func everyMarkHasItsShape() throws {
    let figure = Figure(title: "Marks", x: "x", y: "y") {
      Crosses([4.0], at: [1], color: .green)
      Bars([2.0, 3.0], at: [3, 5], color: .purple)
      Band([1.0, 1.0], [5.0, 5.0], at: [7, 9], color: .blue)
      VerticalMarker(at: 11, color: .vermilion)
    }
    let picture = try DecodedPNG(figure)
    let plot = Chart(figure).plot
    func pixel(_ x: Double, _ y: Double) throws -> UInt32 {
      picture[try #require(plot.point(x, y))]
    }
    let centre = try #require(plot.point(1, 4))
    #expect(picture[centre] == Color.green.code)
    #expect(picture[Point(x: centre.x + 4, y: centre.y)] == Color.green.code)
    #expect(picture[Point(x: centre.x, y: centre.y - 4)] == Color.green.code)
    #expect(picture[Point(x: centre.x + 4, y: centre.y - 4)] != Color.green.code)
    #expect(try pixel(3.2, 0.1) == Color.purple.code)
    #expect(try pixel(3.2, 1.9) == Color.purple.code)
    #expect(try pixel(3.2, 2.1) == 0xFFFFFF)
    #expect(try pixel(5.2, 2.9) == Color.purple.code)
    #expect(try pixel(8.3, 2.7) == 0xC7E0EE, "blue at 22%")
    #expect(try pixel(8.3, 0.8) == 0xFFFFFF)
    let line = try #require(plot.horizontal(11))
    let marked = (0..<Int(plot.area.height)).filter { offset in
      picture[Point(x: line, y: plot.area.top + Double(offset))] == Color.vermilion.code
    }.count
    #expect(marked > Int(0.3 * plot.area.height) && marked < Int(0.7 * plot.area.height), "dashes")
  }

  @Test("A histogram counts every value once")
  func histogramCountsEveryValueOnce() {
    let counts = Histogram([0, 1, 1, 2, 3, 3, 3, 4, .nan, .infinity], bins: 4).layer.y
    #expect(counts == [1, 2, 1, 4])
    #expect(Histogram([5.0, 5], bins: 3).layer.y == [0, 2, 0])
    #expect(Histogram([Double](), bins: 3).layer.y.isEmpty)
  }

  static let long = String(
    repeating: "A long text with many_words_glued_together and more ", count: 8)

  /// Charts that are hard to fit on their page.
  static let difficult: [Figure] = [
    Figure(title: long, x: long, y: long, footnote: long) {
      Dots(Book.loss.map { $0 * -1e8 }, long)
      Line(Book.loss, long)
    },
    Figure(title: long, x: "x", y: "y", names: Array(repeating: long, count: 30)) {
      Bars([1.0, 2, 3])
    },
    Figure(title: long, x: "", y: long, names: [long, long], width: 320, height: 240) {
      Line([1.0, 2], long)
    },
    Figure(title: "small", x: "x", y: "y", footnote: long, width: 320, height: 240) {
      for run in 1...50 { Line([0, Double(run)], "run \(run)") }
    },
    Figure(title: "huge", x: "x", y: "y") { Line([-1e300, 1e300], "h", at: [-1e300, 1e300]) },
    Figure(title: "offset", x: "x", y: "y") { Dots([1e6 + 0.001, 1e6 + 0.002], at: [1e6, 1e8]) },
    Figure(title: "", x: "", y: "") {},
    Figure(title: "log", x: "x", y: "y", yScale: .logarithmic) {
      Bars([1e-300, 0, 1e300, -1])
      Line([1e-5, 2])
    },
    Figure(title: "one", x: "x", y: "y", yScale: .logarithmic) { Dots([1e-300]) },
    Figure(title: "nan", x: "x", y: "y") {
      Line([Double.nan])
      Band([Double.nan, 1], [2, .nan])
      VerticalMarker(at: .nan)
      Histogram([Double.nan])
    },
  ]

  @Test("Nothing is clipped", arguments: difficult.indices)
  func nothingIsClipped(index: Int) throws {
    let picture = try DecodedPNG(Self.difficult[index])
    #expect(picture.ink(inMargin: 8) == 0)
    #expect(picture.mosaic.contains { $0 < 255 })
  }

  @Test("A figure without values says so")
  func aFigureWithoutValuesSaysSo() {
    let empty = Figure(title: "t", x: "x", y: "y") { Line([Double.nan, .infinity], "loss") }
    #expect(empty.svg().contains("no values to show"))
    #expect(!Book.figure().svg().contains("no values to show"))
  }

  @Test("Equal descriptions give equal bytes")
  func equalDescriptionsGiveEqualBytes() throws {
    #expect(try Book.figure().png() == Book.figure().png())
    #expect(Book.figure().svg() == Book.figure().svg())
  }

  @Test("A figure looks like the reference")
  func looksLikeTheReference() throws {
    let mosaic = try DecodedPNG(Book.figure()).mosaic
    #expect(difference(mosaic, Reference.mosaic) < 0.4)
    // The measure would notice a curve that is 3% lower than the book's.
    let other = try DecodedPNG(Book.figure(validation: Book.validationLoss.map { $0 * 0.97 }))
      .mosaic
    #expect(difference(other, Reference.mosaic) > 0.4)
  }

  private func difference(_ left: [Int], _ right: [Int]) -> Double {
    guard left.count == right.count else { return .infinity }
    return Double(zip(left, right).map { abs($0 - $1) }.reduce(0, +)) / Double(left.count)
  }

  @Test("Series have their own colours")
  func seriesHaveTheirOwnColours() {
    let series = Series.resolve(
      Figure(title: "t", x: "x", y: "y") {
        Band([0.0], [1.0])
        Line([0.5])
        Dots([0.2])
        Line([0.7], color: .green)
        for _ in 1...7 { Line([0.1]) }
        Band([0.0], [1.0], color: .sky)
        Band([0.0], [1.0])
      }.layers)
    #expect(series[0].color == .blue, "a band takes the colour of what follows")
    #expect(series[1].color == .blue && series[2].color == .vermilion)
    #expect(series[3].color == .green && series[4].color == Color.palette[2])
    #expect(series[1].dash.isEmpty && !series[10].dash.isEmpty, "a repeated colour is dashed")
    #expect(series[11].color == .sky && series[12].color == .sky)
  }

  @Test("Long series are thinned without losing peaks")
  func longSeriesAreThinnedWithoutLosingPeaks() {
    var points = (0..<400_000).map { Point(x: Double($0) / 1000, y: 50 + sin(Double($0))) }
    points[123_456].y = 5
    let kept = Thinning.outline(of: points)
    #expect(kept.count < 4000)
    #expect(kept.contains(points[123_456]))
    #expect(kept.first == points.first && kept.last == points.last)
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(Thinning.distinct(Array(repeating: Point(x: 1, y: 2), count: 5000)).count == 1)
  }
}
