/// A grid of pictures with the place of everything decided, ready to be drawn on any canvas.
struct PictureGridPage: Page {
  /// A picture and what is written below it.
  struct Cell {
    let picture: Picture
    let place: Rectangle
    let caption: [String]
    /// The upper edge of the caption.
    let captionTop: Double
    let middle: Double
  }

  private static let captionStyle = TextStyle(size: 12.5)
  private static let mostRows = 60

  let width: Double
  private(set) var height: Double
  let text: PageText
  private(set) var cells: [Cell] = []
  private let isInverted: Bool

  init(_ grid: PictureGrid) {
    let ruler = Ruler()
    let style = PictureGridPage.captionStyle
    let pictures = grid.pictures
    isInverted = grid.isInverted
    let captionWidth = ruler.width(of: pictures.compactMap(\.caption), style)
    let columns = PictureGridPage.columns(of: grid, captionWidth: captionWidth)
    let gap = PictureGridPage.gap(columns: columns, hasCaptions: captionWidth > 0)

    let inner = 960 - 4 * PageText.margin
    let widestSlot = (inner + gap) / Double(columns) - gap
    let box = PictureGridPage.box(for: pictures, columns: columns, widest: widestSlot)
    // Captions may make the columns wider than the pictures, but not by much.
    let slot = (max(box.width, min(captionWidth, 130, widestSlot)) * 2).rounded(.down) / 2
    let gridWidth = Double(columns) * (slot + gap) - gap
    width = (max(640, gridWidth + 4 * PageText.margin) / 2).rounded(.up) * 2
    text = PageText(title: grid.title, footnote: grid.footnote, width: width, ruler)

    let left = PictureGridPage.onPixels((width - gridWidth) / 2)
    var top = text.top + 2
    for start in stride(from: 0, to: pictures.count, by: columns) {
      var mostLines = 0
      for (column, picture) in pictures[start...].prefix(columns).enumerated() {
        let slotLeft = left + Double(column) * (slot + gap)
        let size = PictureGridPage.size(of: picture, in: box)
        let lines = ruler.lines(of: picture.caption ?? "", style, limit: slot, atMost: 3)
        mostLines = max(mostLines, lines.count)
        cells.append(
          Cell(
            picture: picture,
            place: Rectangle(
              left: PictureGridPage.onPixels(slotLeft + (slot - size.width) / 2),
              top: PictureGridPage.onPixels(top + box.height - size.height),
              width: size.width, height: size.height),
            caption: lines, captionTop: top + box.height + 4, middle: slotLeft + slot / 2))
      }
      top += box.height + gap
      if mostLines > 0 { top += Double(mostLines) * style.lineHeight + 4 }
    }
    height = (cells.isEmpty ? top + 60 : top - gap + 4) + text.bottom
    height.round(.up)
  }

  func draw(on canvas: inout some Canvas) {
    text.draw(height: height, on: &canvas)
    if cells.isEmpty {
      canvas.drawLines(
        ["no pictures to show"], TextStyle(size: 14), centredOn: width / 2, top: text.top + 16)
    }
    let frame = Stroke(color: Color(red: 190, green: 190, blue: 190), width: 1)
    for cell in cells {
      // Around the picture, so that it hides none of its pixels.
      canvas.drawRectangle(cell.place.grown(by: 0.5), fill: .white, outline: frame)
      canvas.drawRaster(cell.picture.raster(isInverted: isInverted), in: cell.place)
      canvas.drawLines(
        cell.caption, PictureGridPage.captionStyle, centredOn: cell.middle, top: cell.captionTop)
    }
  }

  /// How many pictures stand in a row.
  private static func columns(of grid: PictureGrid, captionWidth: Double) -> Int {
    let count = grid.pictures.count
    let most = captionWidth > 0 ? (grid.columns == nil ? 8 : 19) : 100
    // A page of endless height could be neither drawn nor looked at.
    let least = (count + mostRows - 1) / mostRows
    let wanted = grid.columns ?? pleasantColumns(of: grid.pictures)
    return max(1, min(max(least, min(wanted, most)), count))
  }

  /// The number of columns that makes the whole about as wide as a screen is, with as few empty
  /// places in the last row as possible.
  private static func pleasantColumns(of pictures: [Picture]) -> Int {
    let count = pictures.count
    let (width, height) = largest(of: pictures)
    let ideal = (Double(count) * 4 / 3 * height / width).squareRoot()
    if count <= 5 && ideal > 1.5 { return count }
    let least = max(1, Int(min(ideal, Double(count))))
    let most = max(least, Int((ideal * 1.5).rounded(.up)))
    func emptyPlaces(_ columns: Int) -> Int { (columns - count % columns) % columns }
    return (least...most).min { emptyPlaces($0) < emptyPlaces($1) } ?? 1
  }

  private static func gap(columns: Int, hasCaptions: Bool) -> Double {
    if hasCaptions { return 12 }
    return columns <= 8 ? 10 : columns <= 16 ? 8 : columns <= 40 ? 5 : 2
  }

  private static func largest(of pictures: [Picture]) -> (width: Double, height: Double) {
    (
      Double(pictures.map(\.width).max() ?? 1), Double(pictures.map(\.height).max() ?? 1)
    )
  }

  /// The room for each picture: that of the largest one when it is enlarged as far as is pleasant.
  private static func box(
    for pictures: [Picture], columns: Int, widest: Double
  ) -> (width: Double, height: Double) {
    let (width, height) = largest(of: pictures)
    let rows = (pictures.count + columns - 1) / columns
    let pleasant = min(320, max(112, 480 / Double(columns)))
    let tallest = min(592, max(16, 4000 / Double(max(rows, 1)) - 60))
    return size(
      width, height,
      in: (min(widest, max(pleasant, min(width, 592))), min(tallest, max(pleasant, height))))
  }

  private static func size(
    of picture: Picture, in box: (width: Double, height: Double)
  ) -> (width: Double, height: Double) {
    size(Double(picture.width), Double(picture.height), in: box)
  }

  /// The size of a picture that fills `box`. Enlarged pixels are whole numbers of the PNG's pixels,
  /// two to the point, so that all are equally large.
  private static func size(
    _ width: Double, _ height: Double, in box: (width: Double, height: Double)
  ) -> (width: Double, height: Double) {
    let factor = 2 * min(box.width / width, box.height / height)
    // The tolerance is for a box that was itself computed here.
    let whole = (factor + 1e-9).rounded(.down)
    let scale = (whole >= 1 ? whole : factor) / 2
    return (width * scale, height * scale)
  }

  /// The nearest edge between pixels of the PNG.
  private static func onPixels(_ value: Double) -> Double { (value * 2).rounded() / 2 }
}
