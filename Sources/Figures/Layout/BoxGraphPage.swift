/// A graph with the place of everything decided, ready to be drawn on any canvas.
struct BoxGraphPage: Page {
  /// A box, where it stands and what is in it.
  struct Cell {
    /// The box's position in the graph.
    let box: Int
    var place: Rectangle
    let lines: [String]
    let isMarked: Bool
    /// Whether it only repeats the box at which the column before was cut.
    let isRepeated: Bool
  }

  private static let nameStyle = TextStyle(size: 12, isBold: true)
  private static let detailStyle = TextStyle(size: 11, color: .quietText)
  private static let padding = (across: 9.0, down: 4.0)
  /// Columns are cut where they become taller than this.
  private static let tallestColumn = 1500.0
  private static let columnGap = 44.0
  private static let widestText = 260.0

  let width: Double
  let height: Double
  let text: PageText
  private(set) var cells: [Cell] = []
  private(set) var edges: [[Point]] = []

  init(_ graph: BoxGraph) {
    let ruler = Ruler()
    let lines = graph.boxes.map { BoxGraphPage.lines(of: $0, ruler) }
    let sizes = lines.map { BoxGraphPage.size(of: $0, ruler) }
    let columns = BoxGraphPage.columns(graph, sizes)
    let layouts = columns.map { column in
      LayeredLayout(
        sizes: column.map { sizes[$0] },
        inputs: column.map { box in
          graph.boxes[box].inputs.compactMap { column.firstIndex(of: $0) }
        })
    }
    let gaps = BoxGraphPage.columnGap * Double(layouts.count - 1)
    let inner = layouts.map(\.width).reduce(0, +) + max(gaps, 0)
    width = (max(360, inner + 4 * PageText.margin) / 2).rounded(.up) * 2
    text = PageText(title: graph.title, footnote: graph.footnote, width: width, ruler)
    let tallest = layouts.map(\.height).max() ?? 0
    height = (text.top + 8 + max(tallest, 40) + 8 + text.bottom).rounded(.up)

    var left = (width - inner) / 2
    for (number, (column, layout)) in zip(columns, layouts).enumerated() {
      let (dx, dy) = (left, text.top + 8)
      for (place, box) in zip(layout.places, column) {
        var moved = place
        moved.left += dx
        moved.top += dy
        let isRepeated = number > 0 && columns[number - 1].contains(box)
        cells.append(
          Cell(
            box: box, place: moved, lines: lines[box], isMarked: graph.boxes[box].isMarked,
            isRepeated: isRepeated))
      }
      edges += layout.edges.map { $0.map { Point(x: $0.x + dx, y: $0.y + dy) } }
      left += layout.width + BoxGraphPage.columnGap
    }
  }

  /// The boxes of each column. One that ends a column begins the next as well: all that goes on passes it.
  private static func columns(
    _ graph: BoxGraph, _ sizes: [(width: Double, height: Double)]
  ) -> [[Int]] {
    let inputs = graph.boxes.map(\.inputs)
    let ranks = LayeredLayout.ranks(of: inputs)
    guard let last = ranks.max() else { return [] }
    var heights = [Double](repeating: 0, count: last + 1)
    var counts = [Int](repeating: 0, count: last + 1)
    var isPassed = [Bool](repeating: false, count: last + 1)
    for (box, rank) in ranks.enumerated() {
      heights[rank] = max(heights[rank], sizes[box].height + LayeredLayout.gap.down)
      counts[rank] += 1
      for source in inputs[box] {
        for passed in (ranks[source] + 1)..<rank { isPassed[passed] = true }
      }
    }
    let isWaist = (0...last).map { counts[$0] == 1 && !isPassed[$0] }
    let total = heights.reduce(0, +)
    // Columns of one height look better than full ones and a stump.
    let limit = total / (total / tallestColumn).rounded(.up)
    var cuts = [0]
    var height = 0.0
    for rank in 0..<last {
      height += heights[rank]
      if isWaist[rank], rank > (cuts.last ?? 0), height >= limit {
        cuts.append(rank)
        height = heights[rank]
      }
    }
    return zip(cuts, cuts.dropFirst() + [last]).map { first, end in
      graph.boxes.indices.filter { (first...end).contains(ranks[$0]) }
    }
  }

  private static func lines(of box: BoxGraph.Box, _ ruler: Ruler) -> [String] {
    let name = ruler.lines(of: box.name, nameStyle, limit: widestText, atMost: 1)
    return (name.isEmpty ? [" "] : name)
      + box.details.flatMap { ruler.lines(of: $0, detailStyle, limit: widestText, atMost: 1) }
  }

  private static func size(of lines: [String], _ ruler: Ruler) -> (width: Double, height: Double) {
    let widest = max(
      ruler.width(of: lines[0], nameStyle), ruler.width(of: Array(lines.dropFirst()), detailStyle))
    let height =
      nameStyle.lineHeight + detailStyle.height(of: Array(lines.dropFirst())) + 2 * padding.down
    return ((widest + 2 * padding.across).rounded(.up), height.rounded(.up))
  }

  func draw(on canvas: inout some Canvas) {
    text.draw(height: height, on: &canvas)
    if cells.isEmpty {
      canvas.drawLines(
        ["no boxes to show"], TextStyle(size: 14), centredOn: width / 2, top: text.top + 16)
    }
    let line = Stroke(color: .axis, width: 1.2)
    for edge in edges {
      guard let end = edge.last else { continue }
      canvas.drawLine(through: edge, line)
      canvas.fillPolygon(
        [
          end, Point(x: end.x - 3.5, y: end.y - 7), Point(x: end.x + 3.5, y: end.y - 7),
        ], .axis)
    }
    for cell in cells {
      let color: Color = cell.isMarked ? .vermilion : .blue
      canvas.drawRectangle(
        cell.place, fill: .white,
        outline: Stroke(color: color, width: 1.2, dash: cell.isRepeated ? [4, 3] : []))
      let middle = cell.place.left + cell.place.width / 2
      let top = cell.place.top + BoxGraphPage.padding.down
      canvas.drawLines(
        [cell.lines[0]], BoxGraphPage.nameStyle, centredOn: middle, top: top)
      canvas.drawLines(
        Array(cell.lines.dropFirst()), BoxGraphPage.detailStyle, centredOn: middle,
        top: top + BoxGraphPage.nameStyle.lineHeight)
    }
  }
}
