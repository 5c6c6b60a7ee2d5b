/// Pictures in rows and columns, enlarged so that each of their pixels is a sharp square.
///
/// ```swift
/// let grid = PictureGrid(
///   title: "Digits that the network gets wrong", isInverted: true,
///   pictures: wrong.map { digit in
///     Picture(pixels: digit.pixels, width: 28, height: 28, caption: "7, taken for 1")
///   })
/// try grid.writePNG(to: folder.appending(path: "wrong.png"))
/// ```
public struct PictureGrid: Drawable {
  /// The heading; a long one is broken into lines.
  public var title: String
  /// A remark below the pictures.
  public var footnote: String?
  let columns: Int?
  let isInverted: Bool
  let pictures: [Picture]

  /// Describes a grid, whose page is 640 to 960 points wide.
  ///
  /// - Parameters:
  ///   - title: the heading.
  ///   - columns: pictures in a row; as many as look well when nothing is given. Of very many
  ///     pictures there may be more in a row, of pictures with captions there are no more than 19,
  ///     of others no more than 100.
  ///   - footnote: a remark below the pictures.
  ///   - isInverted: swaps light and dark, as for digits that are stored white on black.
  ///   - pictures: up to 1000, from left to right and from top to bottom.
  public init(
    title: String, columns: Int? = nil, footnote: String? = nil, isInverted: Bool = false,
    pictures: [Picture]
  ) {
    if let columns, columns < 1 {
      fail("A grid of pictures cannot have \(columns) columns: give 1 or more.")
    }
    guard pictures.count <= 1000 else {
      fail("A grid has room for 1000 pictures, not for \(pictures.count): choose some of them.")
    }
    self.title = title
    self.columns = columns
    self.footnote = footnote
    self.isInverted = isInverted
    self.pictures = pictures
  }

  /// The pictures as the bytes of one PNG file, two pixels to the point.
  /// - Throws: ``FigureError`` when the memory does not suffice.
  public func png() throws -> [UInt8] { try PictureGridPage(self).png() }

  /// The pictures as an SVG document that holds each of them as a PNG of its own.
  public func svg() -> String { PictureGridPage(self).svg() }
}
