import CCairo
import Foundation
import Testing

@testable import Figures

/// A decoded PNG whose pixels can be asked for.
struct DecodedPNG {
  let width: Int
  let height: Int
  private let pixels: [UInt32]

  init(_ figure: some Drawable) throws {
    try self.init(png: figure.png())
  }

  init(png: [UInt8]) throws {
    var rest = png[...]
    let surface = withUnsafeMutablePointer(to: &rest) { source in
      cairo_image_surface_create_from_png_stream(
        { source, target, count in
          guard let source, let target else { return CAIRO_STATUS_READ_ERROR }
          let rest = source.assumingMemoryBound(to: ArraySlice<UInt8>.self)
          guard rest.pointee.count >= Int(count) else { return CAIRO_STATUS_READ_ERROR }
          rest.pointee.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { target.update(from: start, count: Int(count)) }
          }
          rest.pointee.removeFirst(Int(count))
          return CAIRO_STATUS_SUCCESS
        }, source)
    }
    defer { cairo_surface_destroy(surface) }
    try #require(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
    width = Int(cairo_image_surface_get_width(surface))
    height = Int(cairo_image_surface_get_height(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    let bytes = try #require(UnsafeMutableRawPointer(cairo_image_surface_get_data(surface)))
    pixels = [UInt32](unsafeUninitializedCapacity: width * height) {
      [width, height] pixels, count in
      // Without ranges and buffers, since tests are not optimised and there are millions of pixels.
      let source = bytes.assumingMemoryBound(to: UInt32.self)
      guard let target = pixels.baseAddress else { return }
      var row = 0
      while row < height {
        let (from, to) = (row * stride / 4, row * width)
        var column = 0
        while column < width {
          target[to + column] = source[from + column] & 0xFF_FFFF
          column += 1
        }
        row += 1
      }
      count = width * height
    }
  }

  /// The pixel as 0xRRGGBB.
  subscript(column: Int, row: Int) -> UInt32 { pixels[row * width + column] }

  /// The pixel at a point of the drawing, which has two pixels to the unit.
  subscript(point: Point) -> UInt32 { self[Int(point.x * 2), Int(point.y * 2)] }

  /// The centres of the separate spots of a colour, from left to right, in units of the drawing.
  /// Spots must not overlap in the horizontal direction.
  func spots(of color: Color) -> [Point] {
    let wanted = color.code
    var spots: [Point] = []
    var columns: [Int] = []
    var rows: [Int] = []
    for column in 0..<width {
      let found = (0..<height).filter { self[column, $0] == wanted }
      if !found.isEmpty {
        columns.append(column)
        rows += found
      } else if let first = columns.first, let last = columns.last {
        let middle = Double(rows.reduce(0, +)) / Double(rows.count)
        spots.append(Point(x: Double(first + last) / 4, y: middle / 2))
        (columns, rows) = ([], [])
      }
    }
    return spots
  }

  /// How many pixels are not white in the frame of `thickness` pixels along the edge.
  func ink(inMargin thickness: Int) -> Int {
    var count = 0
    let inner = thickness..<max(width - thickness, thickness)
    for row in 0..<height {
      let isAcross = row < thickness || row >= height - thickness
      var column = 0
      while column < width {
        if !isAcross, column == inner.lowerBound { column = inner.upperBound }
        if self[column, row] != 0xFFFFFF { count += 1 }
        column += 1
      }
    }
    return count
  }

  /// The mean brightness of 32 x 24 equal parts, row by row.
  var mosaic: [Int] {
    let (partWidth, partHeight) = (width / 32, height / 24)
    return (0..<24).flatMap { y in
      (0..<32).map { x in
        var sum = 0
        for row in y * partHeight..<(y + 1) * partHeight {
          for column in x * partWidth..<(x + 1) * partWidth {
            let pixel = self[column, row]
            sum += Int(pixel >> 16) + Int(pixel >> 8 & 255) + Int(pixel & 255)
          }
        }
        return sum / (3 * partWidth * partHeight)
      }
    }
  }
}

/// The book's curves of section 3.4.
enum Book {
  static let loss = [
    0.5103, 0.3110, 0.2309, 0.1795, 0.1475, 0.1185, 0.1005, 0.0818, 0.0696, 0.0547, 0.0453, 0.0353,
    0.0269, 0.0212, 0.0162, 0.0115, 0.0116, 0.0054, 0.0083, 0.0031,
  ]
  static let validationLoss = [
    0.4016, 0.3085, 0.2803, 0.2735, 0.2788, 0.3330, 0.3055, 0.3344, 0.3607, 0.3776, 0.4035, 0.4437,
    0.4637, 0.4877, 0.6080, 0.5778, 0.5906, 0.6204, 0.6419, 0.6796,
  ]

  static func figure(validation: [Double] = validationLoss) -> Figure {
    Figure(title: "Training and validation loss", x: "Epochs", y: "Loss") {
      Dots(loss, "Training loss")
      Line(validation, "Validation loss")
    }
  }
}
