/// A drawing with the place of everything decided, ready to be drawn on any canvas.
protocol Page {
  /// In points.
  var width: Double { get }
  /// In points.
  var height: Double { get }
  /// The heading and the footnote.
  var text: PageText { get }

  func draw(on canvas: inout some Canvas)
}

extension Page {
  /// Two pixels to the point.
  func png() throws -> [UInt8] {
    var canvas = CairoCanvas(width: Int(width), height: Int(height), scale: 2)
    draw(on: &canvas)
    return try canvas.png()
  }

  func svg() -> String {
    var canvas = SVGCanvas(width: Int(width), height: Int(height), title: text.title)
    draw(on: &canvas)
    return canvas.text
  }
}

/// The heading above and the footnote below whatever a page shows.
struct PageText {
  /// The white edge of every page, in points.
  static let margin = 12.0
  private static let footnoteStyle = TextStyle(size: 12, color: .quietText)

  /// The width that long lines may take.
  let inner: Double
  private let width: Double
  private let titleStyle: TextStyle
  private let titleLines: [String]
  private let footnoteLines: [String]

  /// - Parameter width: that of the page.
  init(title: String, footnote: String?, width: Double, _ ruler: Ruler) {
    self.width = width
    inner = width - 4 * PageText.margin
    let large = TextStyle(size: 17, isBold: true)
    let small = TextStyle(size: 14, isBold: true)
    let largeLines = ruler.lines(of: title, large, limit: inner, atMost: 3)
    titleStyle = largeLines.count > 2 ? small : large
    titleLines =
      largeLines.count > 2 ? ruler.lines(of: title, small, limit: inner, atMost: 3) : largeLines
    footnoteLines = ruler.lines(
      of: footnote ?? "", PageText.footnoteStyle, limit: inner, atMost: 3)
  }

  /// The heading in one line.
  var title: String { titleLines.joined(separator: " ") }

  /// Where the heading ends, from the upper edge of the page.
  var top: Double {
    PageText.margin + 6 + (titleLines.isEmpty ? 0 : titleStyle.height(of: titleLines) + 6)
  }

  /// Where the footnote begins, from the lower edge of the page.
  var bottom: Double {
    PageText.margin
      + (footnoteLines.isEmpty ? 0 : PageText.footnoteStyle.height(of: footnoteLines) + 8)
  }

  /// - Parameter height: that of the page.
  func draw(height: Double, on canvas: inout some Canvas) {
    canvas.drawLines(titleLines, titleStyle, centredOn: width / 2, top: PageText.margin)
    let top = height - PageText.margin - PageText.footnoteStyle.height(of: footnoteLines)
    canvas.drawLines(footnoteLines, PageText.footnoteStyle, centredOn: width / 2, top: top)
  }
}
