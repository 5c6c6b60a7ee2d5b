/// The list of what the marks of a chart mean.
struct Legend {
  /// One entry; without a series it is a remark.
  struct Entry {
    var series: Series?
    var lines: [String]
    var width: Double
    var origin = Point(x: 0, y: 0)
  }

  static let style = TextStyle(size: 13)
  static let keyWidth = 26.0
  private static let gap = 8.0
  private static let padding = 8.0

  private(set) var entries: [Entry]
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// Nothing when no series has a name.
  init?(_ series: [Series], in plot: Plot, _ ruler: Ruler, widest: Double) {
    let limit = widest - Legend.keyWidth - Legend.gap - 2 * Legend.padding
    entries = series.compactMap { series in
      guard var label = series.label else { return nil }
      // What was never a number must not look as if it were hidden behind another mark.
      if !series.isVisible(in: plot) { label += " (no values)" }
      let lines = ruler.lines(of: label, Legend.style, limit: limit, atMost: 3)
      guard !lines.isEmpty else { return nil }
      let text = ruler.width(of: lines, Legend.style)
      return Entry(series: series, lines: lines, width: Legend.keyWidth + Legend.gap + text)
    }
    if entries.isEmpty { return nil }
  }

  /// One entry below the other, for a box in a corner of the plot.
  func stacked() -> Legend {
    var legend = self
    var top = Legend.padding
    for index in entries.indices {
      legend.entries[index].origin = Point(x: Legend.padding, y: top)
      top += Legend.height(of: entries[index]) + 2
    }
    legend.width = (entries.map(\.width).max() ?? 0) + 2 * Legend.padding
    legend.height = top - 4 + Legend.padding
    return legend
  }

  /// Columns of equal width, for the space below the chart; what does not fit is counted.
  func tabled(width limit: Double, height: Double, _ ruler: Ruler) -> Legend {
    var legend = self
    let column = (entries.map(\.width).max() ?? 0) + 2 * Legend.gap
    let columns = min(max(1, Int((limit + 2 * Legend.gap) / column)), entries.count)
    var top = 0.0
    var row = 0
    while row * columns < entries.count {
      let places = (row * columns)..<min((row + 1) * columns, entries.count)
      let rowHeight = places.map { Legend.height(of: entries[$0]) }.max() ?? 0
      let isLast = places.upperBound == entries.count
      if top + rowHeight + (isLast ? 0 : Legend.style.lineHeight) > height && row > 0 {
        legend.entries.removeSubrange(places.lowerBound...)
        let remark = "and \(entries.count - places.lowerBound) more"
        legend.entries.append(
          Entry(
            lines: [remark], width: ruler.width(of: remark, Legend.style),
            origin: Point(x: 0, y: top)))
        top += Legend.style.lineHeight
        break
      }
      for place in places {
        legend.entries[place].origin = Point(x: Double(place % columns) * column, y: top)
      }
      top += rowHeight + 2
      row += 1
    }
    legend.width = Double(columns) * column - 2 * Legend.gap
    legend.height = top
    return legend
  }

  private static func height(of entry: Entry) -> Double {
    Double(entry.lines.count) * style.lineHeight + 2
  }

  /// Draws key and text of every entry, the upper left corner of the legend at `corner`.
  func draw(at corner: Point, dotRadius: Double, on canvas: inout some Canvas) {
    for entry in entries {
      var place = Point(x: corner.x + entry.origin.x, y: corner.y + entry.origin.y)
      if let series = entry.series {
        let key = Rectangle(
          left: place.x, top: place.y, width: Legend.keyWidth, height: Legend.style.lineHeight)
        series.drawKey(in: key, dotRadius: dotRadius, on: &canvas)
        place.x += Legend.keyWidth + Legend.gap
      }
      for line in entry.lines {
        canvas.drawText(
          line, at: Point(x: place.x, y: place.y + Legend.style.size), Legend.style,
          anchor: .start, degrees: 0)
        place.y += Legend.style.lineHeight
      }
    }
  }
}
