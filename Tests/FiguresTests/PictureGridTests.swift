import Foundation
import TestSupport
import Testing

@testable import Figures

@Suite struct PictureGridTests {
  /// A picture of 4 x 3 pixels, all different, the first one black.
  static func gradient(_ caption: String? = nil) -> Picture {
    Picture(pixels: (0..<12).map { UInt8($0 * 20) }, width: 4, height: 3, caption: caption)
  }

  static func gray(_ value: UInt8) -> UInt32 { UInt32(value) * 0x01_01_01 }

  @Test("Every pixel is a sharp square", arguments: [1, 2, 7, 20])
  func everyPixelIsASharpSquare(count: Int) throws {
    let grid = PictureGrid(title: "t", pictures: Array(repeating: Self.gradient(), count: count))
    let picture = try DecodedPNG(grid)
    let cells = PictureGridPage(grid).cells
    try #require(cells.count == count)
    for cell in cells {
      let size = cell.place.width / 4
      #expect(size >= 10 && cell.place.height == 3 * size)
      for index in 0..<12 {
        let left = cell.place.left + Double(index % 4) * size
        let top = cell.place.top + Double(index / 4) * size
        // All four corners of the square, to the last pixel.
        for (x, y) in [(0, 0), (size - 0.5, 0), (0, size - 0.5), (size - 0.5, size - 0.5)] {
          #expect(
            picture[Point(x: left + x, y: top + y)] == Self.gray(UInt8(index * 20)),
            "pixel \(index)")
        }
      }
      #expect(picture[Point(x: cell.place.left - 0.5, y: cell.place.top + 5)] == 0xBEBEBE, "frame")
      #expect(picture[Point(x: cell.place.left - 1.5, y: cell.place.top + 5)] == 0xFFFFFF)
    }
  }

  @Test("Pictures run from left to right and down")
  func picturesRunFromLeftToRightAndDown() {
    let cells = PictureGridPage(
      PictureGrid(
        title: "t", columns: 3, pictures: (0..<8).map { Self.gradient("number \($0)") })
    ).cells
    for (index, cell) in cells.enumerated() {
      #expect(cell.caption == ["number \(index)"])
      #expect(cell.place.left == cells[index % 3].place.left)
      #expect(cell.place.top == cells[index / 3 * 3].place.top)
    }
    #expect(cells[0].place.right < cells[1].place.left)
    #expect(cells[0].captionTop > cells[0].place.bottom)
    #expect(cells[3].place.top > cells[0].captionTop + 16, "captions are not written over")
  }

  @Test("Pictures may be coloured, grey or inverted")
  func coloursAndNumbersAndInversion() throws {
    func pixel(_ picture: Picture, isInverted: Bool = false) throws -> UInt32 {
      let grid = PictureGrid(title: "t", isInverted: isInverted, pictures: [picture])
      let cell = try #require(PictureGridPage(grid).cells.first)
      return try DecodedPNG(grid)[
        Point(x: cell.place.left + 0.5, y: cell.place.top + 0.5)]
    }
    let orange = Picture(pixels: [250, 120, 5] as [UInt8], width: 1, height: 1, channels: 3)
    #expect(try pixel(orange) == 0xFA7805)
    #expect(try pixel(orange, isInverted: true) == 0x0587FA)
    for (value, code) in [(Float(0.5), 128), (-3, 0), (7, 255), (.nan, 0), (.infinity, 255)] {
      let picture = Picture(pixels: [value], width: 1, height: 1)
      #expect(try pixel(picture) == Self.gray(UInt8(code)), "\(value)")
    }
    #expect(
      try pixel(Picture(pixels: [Float(0)], width: 1, height: 1), isInverted: true) == 0xFFFFFF)
  }

  static let caption = "a_very_long_word_that_fits_nowhere <b>and & much more text than has room"
  static let photograph = Picture(
    pixels: [Float](repeating: 0.3, count: 900 * 700), width: 900, height: 700, caption: caption)
  static let tower = Picture(
    pixels: [UInt8](repeating: 90, count: 6 * 5000), width: 2, height: 5000, channels: 3)

  /// Grids that are hard to fit on their page.
  static let difficult: [PictureGrid] = [
    PictureGrid(title: PictureTests.long, footnote: PictureTests.long, pictures: []),
    PictureGrid(title: "", pictures: [gradient()]),
    PictureGrid(title: "one", columns: 50, pictures: [gradient(caption)]),
    PictureGrid(
      title: "long captions", columns: 40, footnote: PictureTests.long,
      pictures: Array(repeating: gradient(caption), count: 300)),
    PictureGrid(title: "one column", columns: 1, pictures: Array(repeating: tower, count: 300)),
    PictureGrid(
      title: "thousand", columns: 1000, pictures: Array(repeating: gradient(), count: 1000)),
    PictureGrid(
      title: "thousand captions", columns: 1,
      pictures: Array(repeating: gradient(caption), count: 1000)),
    PictureGrid(title: "large", pictures: [photograph, tower, gradient("small")]),
    PictureGrid(title: "control", pictures: [gradient("\u{0}\n\u{1B}")]),
    PictureGrid(title: "300", pictures: Array(repeating: gradient(), count: 300)),
  ]

  @Test("Nothing is clipped", arguments: difficult.indices)
  func nothingIsClipped(index: Int) throws {
    let page = PictureGridPage(Self.difficult[index])
    #expect((640...960).contains(page.width), "\(page.width)")
    #expect(page.height < 6000, "\(page.height)")
    let picture = try DecodedPNG(Self.difficult[index])
    #expect((picture.width, picture.height) == (Int(page.width) * 2, Int(page.height) * 2))
    #expect(picture.ink(inMargin: 16) == 0)
    for (cell, next) in zip(page.cells, page.cells.dropFirst())
    where next.place.left > cell.place.left {
      #expect(cell.place.right < next.place.left)
      let ends = page.captionSpan(of: cell).upperBound
      #expect(ends < page.captionSpan(of: next).lowerBound, "captions do not touch each other")
    }
    let reader = try SVGReader(Self.difficult[index])
    #expect(reader.elements["svg"] == 1)
    #expect(reader.elements["image", default: 0] == page.cells.count)
  }

  @Test("Photographs are reduced without losing lines")
  func photographsAreReducedWithoutLosingLines() throws {
    // Every fourth column is white: the nearest pixels alone would show all of it or none.
    let stripes = (0..<1200 * 30).map { UInt8($0 % 4 == 0 ? 255 : 0) }
    let grid = PictureGrid(
      title: "t", columns: 3,
      pictures: Array(repeating: Picture(pixels: stripes, width: 1200, height: 30), count: 3))
    let place = try #require(PictureGridPage(grid).cells.first).place
    #expect(place.width < 310)
    let picture = try DecodedPNG(grid)
    let row = (4..<Int(place.width * 2) - 4).map { offset in
      Int(picture[Point(x: place.left + Double(offset) / 2, y: place.top + 4)] & 255)
    }
    let mean = Double(row.reduce(0, +)) / Double(row.count)
    #expect(abs(mean - 64) < 8, "\(mean)")
    #expect(row.allSatisfy { $0 < 160 })
  }

  @Test("A vector file holds the pictures themselves")
  func aVectorFileHoldsThePicturesThemselves() throws {
    let grid = PictureGrid(
      title: "t", footnote: "Stand-in data", pictures: [Self.gradient("7, taken for <1>")])
    let reader = try SVGReader(grid)
    #expect(reader.texts == ["t", "Stand-in data", "7, taken for <1>"])
    let image = try #require(reader.images.first)
    #expect(image["style"] == "image-rendering:pixelated")
    let prefix = "data:image/png;base64,"
    let address = try #require(image["href"])
    try #require(address.hasPrefix(prefix))
    let png = try #require(Data(base64Encoded: String(address.dropFirst(prefix.count))))
    let picture = try DecodedPNG(png: [UInt8](png))
    #expect((picture.width, picture.height) == (4, 3))
    for index in 0..<12 {
      #expect(picture[index % 4, index / 4] == Self.gray(UInt8(index * 20)))
    }
  }

  @Test("An empty grid says so")
  func anEmptyGridSaysSo() {
    #expect(PictureGrid(title: "t", pictures: []).svg().contains("no pictures to show"))
    #expect(!PictureGrid(title: "t", pictures: [Self.gradient()]).svg().contains("no pictures"))
  }

  @Test("Equal descriptions give equal bytes")
  func equalDescriptionsGiveEqualBytes() throws {
    let grid = PictureGrid(title: "t", pictures: (0..<9).map { Self.gradient("number \($0)") })
    #expect(try grid.png() == grid.png())
    #expect(grid.svg() == grid.svg())
  }

  @Test("Wrong pixels stop the program with a sentence", .ahead)
  func wrongPixelsStopTheProgramWithASentence() async throws {
    let count = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Picture(pixels: [UInt8](repeating: 0, count: 783), width: 28, height: 28)
      })
    #expect(
      String(decoding: count.standardErrorContent, as: UTF8.self)
        .contains("28 x 28 pixels with 1 channels needs 784 values, not 783"))
    let size = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Picture(pixels: [Float](), width: .max, height: 2, channels: 3)
      })
    #expect(
      String(decoding: size.standardErrorContent, as: UTF8.self)
        .contains("cannot have 9223372036854775807 x 2 pixels"))
    let channels = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Picture(pixels: [Float](repeating: 0, count: 8), width: 2, height: 2, channels: 2)
      })
    #expect(
      String(decoding: channels.standardErrorContent, as: UTF8.self).contains("2 channels: give 1"))
    let columns = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = PictureGrid(title: "t", columns: 0, pictures: [])
      })
    #expect(
      String(decoding: columns.standardErrorContent, as: UTF8.self).contains("have 0 columns"))
  }
}

extension PictureGridPage {
  /// From where to where the caption of a cell reaches, at most.
  fileprivate func captionSpan(of cell: Cell) -> ClosedRange<Double> {
    let half = Ruler().width(of: cell.caption, TextStyle(size: 12.5)) / 2
    return (cell.middle - half)...(cell.middle + half)
  }
}
