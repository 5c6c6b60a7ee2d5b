import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct HeatMapTests {
  static let topics = ["cocoa", "grain", "veg-oil", "earn"]
  static let counts: [[Double]] = [
    [12, 0, 3, 1], [2, 107, 0, 0], [.nan, 1, 40, .infinity], [0, 0, 5, 1234],
  ]

  static func confusion(_ format: HeatMap.Format = .automatic) -> HeatMap {
    HeatMap(
      title: "Topics", x: "predicted topic", y: "true topic", rows: topics, columns: topics,
      values: counts, format: format)
  }

  static func square(_ count: Int, _ label: String? = nil, hole: Int? = nil) -> HeatMap {
    let labels = label.map { label in (0..<count).map { "\($0) " + label } } ?? []
    var values: [[Double]] = []
    for row in 0..<count {
      values.append((0..<count).map { column in Double((row * 7 + column * 3) % 10) / 50 })
      values[row][row] = 0.75
      if row == hole { values[row] = [Double](repeating: .nan, count: count) }
    }
    return HeatMap(
      title: "\(count)", x: "columns", y: "rows", rows: labels, columns: labels, values: values,
      format: .percent)
  }

  @Test("Cells have the colours of their values")
  func cellsHaveTheColoursOfTheirValues() throws {
    let page = HeatMapPage(Self.confusion())
    let picture = try DecodedPNG(Self.confusion())
    for (row, values) in Self.counts.enumerated() {
      for (column, value) in values.enumerated() {
        let place = page.place(row, column)
        let corners = [
          Point(x: place.left + 1, y: place.top + 1),
          Point(x: place.right - 1.5, y: place.bottom - 1.5),
        ]
        let wanted = value.isFinite ? Ramp.color(at: value / 1234).code : 0xFFFFFF
        #expect(corners.allSatisfy { picture[$0] == wanted }, "row \(row), column \(column)")
      }
    }
    #expect(Ramp.color(at: 0).code != 0xFFFFFF, "a blank cell differs from one of zero")
  }

  @Test("Labels and values are text in the vector file")
  func textsAreTexts() throws {
    let reader = try SVGReader(Self.confusion())
    for text in [
      "Topics", "predicted topic", "true topic", "12", "107", "40", "1,234", "cocoa", "veg-oil",
    ] {
      #expect(reader.texts.contains(text), "\(text)")
    }
    #expect(reader.texts.filter { $0 == "earn" }.count == 2)
    #expect(reader.texts.filter { Double($0.replacing(",", with: "")) != nil }.count == 14)
  }

  @Test("Blank cells stay blank")
  func blankCellsStayBlank() throws {
    let page = HeatMapPage(Self.confusion())
    let picture = try DecodedPNG(Self.confusion())
    for (row, column) in [(2, 0), (2, 3)] {
      let place = page.place(row, column)
      for x in stride(from: place.left + 1, to: place.right - 1, by: 0.5) {
        for y in stride(from: place.top + 1, to: place.bottom - 1, by: 0.5) {
          if picture[Point(x: x, y: y)] != 0xFFFFFF { Issue.record("ink at \(x), \(y)") }
        }
      }
    }
  }

  @Test(
    "Values are written short",
    arguments: [
      (HeatMap.Format.automatic, [0.0, 5, 1234], ["0", "5", "1,234"]),
      (.automatic, [0.5, 1], ["0.50", "1.00"]),
      (.automatic, [0.012, -0.002], ["0.012", "−0.002"]),
      (.automatic, [12.25, 0], ["12.3", "0.0"]),
      (.automatic, [1234.5], ["1,235"]),
      (.automatic, [2e299, 0], ["2×10²⁹⁹", "0"]),
      (.automatic, [1e-9], ["0.0000"]),
      (.decimals(1), [0.25, -0.01], ["0.3", "0.0"]),
      (.decimals(-4), [7.6], ["8"]),
      (.percent, [0.126, 1, 0], ["13%", "100%", "0%"]),
      (.percent, [1e300], ["1×10³⁰²%"]),
      (.hidden, [1], [""]),
    ])
  func valuesAreWrittenShort(format: HeatMap.Format, values: [Double], texts: [String]) {
    #expect(HeatMap(title: "t", values: [values], format: format).texts == [texts])
  }

  @Test("Few cells show numbers, many a colour bar")
  func numbersOrABar() {
    #expect(HeatMapPage(Self.square(20)).numberStyle != nil)
    #expect(HeatMapPage(Self.square(20)).bar == nil)
    #expect(HeatMapPage(Self.square(46)).numberStyle == nil)
    #expect(HeatMapPage(Self.square(46)).bar != nil)
    #expect(HeatMapPage(Self.confusion(.hidden)).bar != nil)
    #expect(Self.square(46).svg().contains(">60%<"), "the bar has ticks")
  }

  @Test("Numbers fit into their cells")
  func numbersFitIntoTheirCells() throws {
    for count in [1, 2, 5, 8, 12, 16, 20, 24] {
      let page = HeatMapPage(Self.square(count, "topic"))
      let style = try #require(page.numberStyle, "\(count)")
      let widest = Ruler().width(of: Array(page.texts.joined()), style)
      #expect(widest < page.cell.width - 3 && style.size < page.cell.height)
      #expect(style.size >= 9)
    }
  }

  @Test("All labels of all Reuters topics are there")
  func allLabelsOfAllReutersTopicsAreThere() throws {
    let reader = try SVGReader(Self.square(46, "topic"))
    for index in 0..<46 {
      #expect(reader.texts.filter { $0 == "\(index) topic" }.count == 2, "\(index)")
    }
  }

  @Test("Dense maps are drawn as pixels")
  func denseMapsAreDrawnAsPixels() throws {
    let values = (0..<150).map { row in (0..<200).map { Double(row * 200 + $0) } }
    let map = HeatMap(title: "t", values: values)
    let page = HeatMapPage(map)
    let picture = try DecodedPNG(map)
    for (row, column) in [(0, 0), (149, 199), (75, 13), (20, 150)] {
      let place = page.place(row, column)
      let middle = Point(x: place.left + place.width / 2, y: place.top + place.height / 2)
      #expect(picture[middle] == page.color(of: values[row][column]).code)
    }
    #expect(try SVGReader(map).images.count == 1)
    #expect(map.svg().utf8.count < 200_000)
  }

  /// Maps that are hard to fit on their page.
  static let difficult: [HeatMap] = [
    HeatMap(title: "", values: []),
    HeatMap(title: PictureTests.long, x: PictureTests.long, y: PictureTests.long, values: [[]]),
    HeatMap(
      title: PictureTests.long, x: PictureTests.long, y: PictureTests.long,
      rows: [PictureTests.long], columns: [PictureTests.long], values: [[1]],
      footnote: PictureTests.long),
    square(46, PictureTests.long), square(46, "topic", hole: 5), square(12, PictureTests.long),
    square(20, "a topic of two_words"), square(100, "x"), square(400),
    HeatMap(
      title: "one row", y: "an uncommonly long name of an axis",
      columns: (0..<200).map { "column \($0)" }, values: [(0..<200).map(Double.init)]),
    HeatMap(
      title: "one column", x: PictureTests.long, rows: (0..<1000).map { "row \($0)" },
      values: (0..<1000).map { [Double($0)] }),
    HeatMap(title: "nan", rows: ["a"], columns: ["b"], values: [[.nan]]),
    HeatMap(title: "huge", values: [[-1e300, 1e300], [0, 1e301]]),
    HeatMap(title: "constant", values: [[3, 3], [3, 3]], format: .hidden),
    HeatMap(title: "tiny", values: [[1e-290, 2e-290]]),
  ]

  @Test("Nothing is clipped", arguments: difficult.indices)
  func nothingIsClipped(index: Int) throws {
    let map = Self.difficult[index]
    let page = HeatMapPage(map)
    #expect((640...960).contains(page.width), "\(page.width)")
    #expect(page.height < 1600, "\(page.height)")
    let picture = try DecodedPNG(map)
    #expect((picture.width, picture.height) == (Int(page.width) * 2, Int(page.height) * 2))
    #expect(picture.ink(inMargin: 16) == 0)
    #expect(try SVGReader(map).elements["svg"] == 1)
  }

  @Test("A map without values says so")
  func aMapWithoutValuesSaysSo() throws {
    for values: [[Double]] in [[], [[]], [[.nan]]] {
      let texts = try SVGReader(HeatMap(title: "t", values: values)).texts
      #expect(texts.joined(separator: " ").contains("no values to show"), "\(texts)")
    }
    #expect(!Self.confusion().svg().contains("no values"))
  }

  @Test("Equal descriptions give equal bytes")
  func equalDescriptionsGiveEqualBytes() throws {
    #expect(try Self.confusion().png() == Self.confusion().png())
    #expect(Self.confusion().svg() == Self.confusion().svg())
  }

  @Test("Different counts stop the program with a sentence", .ahead)
  func differentCountsStopTheProgramWithASentence() async throws {
    let labels = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = HeatMap(title: "t", rows: ["a", "b"], values: [[1]])
      })
    #expect(
      String(decoding: labels.standardErrorContent, as: UTF8.self)
        .contains("2 row labels for 1 rows"))
    let values = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = HeatMap(title: "t", values: [[1, 2], [3]])
      })
    #expect(
      String(decoding: values.standardErrorContent, as: UTF8.self)
        .contains("different lengths (1, 2)"))
  }

  @Test("Every kind of drawing is written as PNG and SVG")
  func everyDrawingCanBeWritten() throws {
    try WritingTests.withFolder { folder in
      let drawings: [any Drawable] = [
        Self.confusion(), PictureGrid(title: "t", pictures: [PictureGridTests.gradient()]),
        Book.figure(),
      ]
      for (index, drawing) in drawings.enumerated() {
        let (png, svg) = (
          folder.appending(path: "\(index).png"), folder.appending(path: "\(index).svg")
        )
        try drawing.writePNG(to: png)
        try drawing.writeSVG(to: svg)
        #expect(try [UInt8](Data(contentsOf: png)) == drawing.png())
        var remarked = drawing
        remarked.footnote = "Stand-in data"
        #expect(remarked.svg().contains(">Stand-in data<"))
        #expect(try String(contentsOf: svg, encoding: .utf8) == drawing.svg())
      }
      let text = WritingTests.sentence {
        try Self.confusion().writePNG(to: folder.appending(path: "none/map.png"))
      }
      #expect(text.contains("does not exist; create it"), "\(text)")
    }
  }
}
