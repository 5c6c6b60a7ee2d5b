/// A heat map with the place of everything decided, ready to be drawn on any canvas.
struct HeatMapPage: Page {
  private static let nameStyle = TextStyle(size: 14)
  private static let widestPage = 960.0

  /// Beyond this many cells there is no room for numbers, and rectangles would make a large SVG.
  static let mostCells = 2500

  let map: HeatMap
  /// The values as they are written into the cells.
  let texts: [[String]]
  let scale: (lower: Double, upper: Double)
  let hasValues: Bool
  private let ruler = Ruler()
  private let count: (rows: Int, columns: Int)
  private let yLines: [String]
  private var xLines: [String] = []
  private var rowLabels: [[String]] = []
  private var columnLabels = TickLabels()
  private var labelStyle = TextStyle(size: 12.5, color: .quietText)

  private(set) var width = 640.0
  private(set) var height = 0.0
  private(set) var text: PageText
  /// Where the cells are.
  private(set) var matrix = Rectangle(left: 0, top: 0, width: 0, height: 0)
  private(set) var cell = (width: 0.0, height: 0.0)
  /// How the values are written; nothing where they do not fit.
  private(set) var numberStyle: TextStyle?
  private(set) var bar: ColorBar?
  /// The height of matrix, vertical name and colour bar, of which the matrix need not be the highest.
  private var blockHeight = 0.0

  init(_ map: HeatMap) {
    self.map = map
    count = (map.values.count, map.values.first?.count ?? 0)
    texts = count.rows * count.columns <= HeatMapPage.mostCells ? map.texts : []
    let shown = map.values.joined().filter { !$0.isNaN }
    hasValues = !shown.isEmpty
    let (least, greatest) = (shown.min() ?? 0, shown.max() ?? 1)
    // Counts and shares are seen as parts of the greatest, so their scale begins at zero.
    scale = Axis.widened(least > 0 && least < 0.25 * greatest ? 0 : least, greatest)
    yLines = ruler.lines(of: map.y, HeatMapPage.nameStyle, limit: 320, atMost: 2)
    text = PageText(title: map.title, footnote: map.footnote, width: width, ruler)
    arrange()
  }

  /// Decides the places of everything.
  private mutating func arrange() {
    var left = 0.0
    var right = 0.0
    // The labels need room beside the cells, and how they are set depends on the cells: further
    // passes settle it.
    for _ in 0..<3 {
      setCells(width: HeatMapPage.widestPage - left - max(right, 24))
      setLabels()
      let names = HeatMapPage.nameStyle.height(of: yLines) + (yLines.isEmpty ? 0 : 8)
      let labels = rowLabels.map { ruler.width(of: $0, labelStyle) }.max() ?? 0
      let overhang = columnLabels.overhangLeft + PageText.margin
      left = max(24, PageText.margin + names + labels + 8, overhang)
      right = max(24, columnLabels.overhangRight + PageText.margin)
      if let bar { right = max(right, 16 + bar.width + PageText.margin) }
    }
    let needed = left + matrix.width + right
    width = (max(640, needed) / 2).rounded(.up) * 2
    text = PageText(title: map.title, footnote: map.footnote, width: width, ruler)
    matrix.left = (left + (width - needed) / 2).rounded()
    matrix.top = (text.top + 2 + (blockHeight - matrix.height) / 2).rounded()
    setLabels()
    xLines = ruler.lines(of: map.x, HeatMapPage.nameStyle, limit: text.inner * 0.8, atMost: 2)
    let bottom = max(
      text.top + blockHeight, xNameTop + HeatMapPage.nameStyle.height(of: xLines))
    height = (bottom + 4 + text.bottom).rounded(.up)
  }

  /// Decides how large the cells are, and whether numbers fit into them.
  /// - Parameter limit: the room for all columns.
  private mutating func setCells(width limit: Double) {
    let (rows, columns) = (Double(max(count.rows, 1)), Double(max(count.columns, 1)))
    let widest = ruler.width(of: Array(Set(texts.joined())), TextStyle(size: 10))
    let roomy = min(limit / columns, 900 / rows)
    let needed = widest > 0 && widest + 6 <= roomy ? widest + 6 : 16
    let side = min(96, roomy, max(480 / max(rows, columns), needed))
    // A single row or column is not drawn as a thread.
    cell = (onPixels(max(side, min(96, 200 / columns))), onPixels(max(side, min(48, 120 / rows))))
    matrix.width = columns * cell.width
    matrix.height = rows * cell.height

    let room = cell
    numberStyle = stride(from: 13, through: 9, by: -0.5).lazy.map { TextStyle(size: $0) }.first {
      widest > 0 && widest * $0.size / 10 <= room.width - 5 && $0.size * 1.25 <= room.height
    }
    blockHeight = max(matrix.height, ruler.width(of: yLines, HeatMapPage.nameStyle))
    bar = nil
    if numberStyle == nil && hasValues {
      blockHeight = max(blockHeight, 90)
      bar = ColorBar(
        from: scale.lower, to: scale.upper, isPercent: map.format == .percent,
        height: blockHeight, ruler)
    }
  }

  /// Down to half a point, which is a pixel of the PNG, so that all cells are equally large.
  private func onPixels(_ value: Double) -> Double { max(0.5, (value * 2).rounded(.down) / 2) }

  private mutating func setLabels() {
    labelStyle.size = min(12.5, max(9, 0.62 * min(cell.width, cell.height)))
    let places = map.columns.indices.map { matrix.left + (Double($0) + 0.5) * cell.width }
    columnLabels =
      places.isEmpty
      ? TickLabels() : TickLabels(of: map.columns, at: places, in: matrix, labelStyle, ruler)
    let lines = max(1, min(3, Int(cell.height / labelStyle.lineHeight)))
    // Where rows are lower than a line of text only every second, third, ... has a label.
    let every = max(1, Int((0.8 * labelStyle.lineHeight / cell.height).rounded(.up)))
    rowLabels = map.rows.enumerated().map { index, label in
      index % every == 0 ? ruler.lines(of: label, labelStyle, limit: 190, atMost: lines) : []
    }
  }

  /// The upper edge of the columns' name.
  private var xNameTop: Double {
    matrix.bottom + 8 + columnLabels.height + (columnLabels.height > 0 ? 4 : 0)
  }

  func draw(on canvas: inout some Canvas) {
    text.draw(height: height, on: &canvas)
    drawCells(on: &canvas)
    columnLabels.draw(below: matrix.bottom + 6, labelStyle, on: &canvas)
    for (row, lines) in rowLabels.enumerated() {
      let middle = matrix.top + (Double(row) + 0.5) * cell.height
      let top = middle - labelStyle.height(of: lines) / 2
      for (index, line) in lines.enumerated() {
        let y = top + (Double(index) + 0.5) * labelStyle.lineHeight + 0.36 * labelStyle.size
        canvas.drawText(
          line, at: Point(x: matrix.left - 8, y: y), labelStyle, anchor: .end, degrees: 0)
      }
    }
    drawNames(on: &canvas)
    if let bar {
      let top = matrix.top + (matrix.height - blockHeight) / 2
      bar.draw(at: Point(x: matrix.right + 16, y: top), height: blockHeight, on: &canvas)
    }
    if !hasValues {
      let lines = ruler.lines(
        of: "no values to show", HeatMapPage.nameStyle, limit: matrix.width - 4, atMost: 3)
      canvas.drawLines(
        lines, HeatMapPage.nameStyle, centredOn: matrix.left + matrix.width / 2,
        top: matrix.top + (matrix.height - HeatMapPage.nameStyle.height(of: lines)) / 2)
    }
  }

  private func drawNames(on canvas: inout some Canvas) {
    let style = HeatMapPage.nameStyle
    // Below a narrow matrix a long name keeps to the page.
    let half = ruler.width(of: xLines, style) / 2 + PageText.margin
    let middle = min(max(matrix.left + matrix.width / 2, half), width - half)
    canvas.drawLines(xLines, style, centredOn: middle, top: xNameTop)

    let labels = rowLabels.map { ruler.width(of: $0, labelStyle) }.max() ?? 0
    let left = matrix.left - 8 - labels - 8 - style.height(of: yLines)
    for (index, line) in yLines.enumerated() {
      let x = left + Double(index) * style.lineHeight + style.size
      canvas.drawText(
        line, at: Point(x: x, y: matrix.top + matrix.height / 2), style, anchor: .middle,
        degrees: -90)
    }
  }
}
