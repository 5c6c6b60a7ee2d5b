/// A figure with the place of everything decided, ready to be drawn on any canvas.
struct Chart: Page {
  private static let tickStyle = TextStyle(size: 12.5, color: .quietText)
  private static let labelStyle = TextStyle(size: 14)

  let width: Double
  let height: Double
  let text: PageText
  private let series: [Series]
  private let ruler: Ruler
  private let names: [String]
  private let xLines: [String]
  private let yLabel: String
  private var yLines: [String] = []

  private(set) var plot: Plot
  private(set) var xTicks = TickLabels()
  private(set) var yTicks: [Tick] = []
  private(set) var legend: Legend?
  private(set) var legendPlace = LegendPlace.below

  init(_ figure: Figure) {
    let ruler = Ruler()
    self.ruler = ruler
    width = Double(figure.width)
    height = Double(figure.height)
    series = Series.resolve(figure.layers)
    names = figure.names
    plot = Plot(of: series, yScale: figure.yScale, names: names.count)

    text = PageText(title: figure.title, footnote: figure.footnote, width: width, ruler)
    xLines = ruler.lines(of: figure.x, Chart.labelStyle, limit: text.inner * 0.8, atMost: 2)
    yLabel = figure.y
    placeLegend()
  }

  /// Puts the legend into a corner where it hides nothing or, where there is none, below the chart.
  private mutating func placeLegend() {
    arrange(below: nil)
    guard let list = Legend(series, in: plot, ruler, widest: 0.6 * plot.area.width) else { return }
    let box = list.stacked()
    if box.height < 0.6 * plot.area.height {
      var ink = CairoCanvas(width: Int(width), height: Int(height), scale: 1)
      series.draw(in: plot, dotRadius: dotRadius, on: &ink)
      for place in LegendPlace.corners {
        let area = place.box(of: box, in: plot.area)
        if ink.inkedPixels(in: area.grown(by: 3)) == 0 {
          (legend, legendPlace) = (box, place)
          return
        }
      }
    }
    let wide = Legend(series, in: plot, ruler, widest: text.inner) ?? list
    let table = wide.tabled(width: text.inner, height: 0.35 * height, ruler)
    (legend, legendPlace) = (table, .below)
    arrange(below: table)
  }

  /// Decides the area of the plot and the ticks, with room for everything around it.
  private mutating func arrange(below table: Legend?) {
    let top = text.top
    var left = 90.0
    var right = width - 24
    // What the labels need depends on the room they get: a second pass settles it.
    for _ in 0..<3 {
      plot.area = Rectangle(left: left, top: top, width: right - left, height: height - top)
      xTicks =
        names.isEmpty
        ? TickLabels(of: plot, series, Chart.tickStyle, ruler)
        : TickLabels(
          of: names, at: names.indices.compactMap { plot.horizontal(Double($0 + 1)) },
          in: plot.area, Chart.tickStyle, ruler)
      let bottom = belowAxis(table).axis
      plot.area.height = max(60, bottom - top)
      yTicks = plot.yAxis.ticks(atMost: max(2, Int(plot.area.height / 42)))
      yLines = ruler.lines(
        of: yLabel, Chart.labelStyle, limit: plot.area.height, atMost: 2)
      let labels = ruler.width(of: yTicks.map(\.label), Chart.tickStyle)
      left = max(
        PageText.margin + Chart.labelStyle.height(of: yLines) + 6 + labels + 10,
        xTicks.overhangLeft + PageText.margin)
      right = width - max(24, xTicks.overhangRight + PageText.margin)
    }
  }

  /// The vertical places of what stands below the plot, from the lower edge upwards.
  private func belowAxis(
    _ table: Legend?
  ) -> (axis: Double, label: Double, legend: Double) {
    let legend = height - text.bottom - (table.map { $0.height + 8 } ?? 0)
    let label = legend - Chart.labelStyle.height(of: xLines) - 2
    return (label - xTicks.height - 12, label, legend)
  }

  /// Many dots are drawn small, or they would hide each other.
  private var dotRadius: Double {
    let most = series.map { $0.layer.y.count }.max() ?? 0
    return most <= 60 ? 4.5 : most <= 250 ? 2.8 : 1.6
  }

  /// Draws the whole chart.
  func draw(on canvas: inout some Canvas) {
    drawTexts(on: &canvas)
    drawAxes(on: &canvas)
    series.draw(in: plot, dotRadius: dotRadius, on: &canvas)
    if !series.contains(where: { !$0.isMarker && $0.isVisible(in: plot) }) {
      canvas.drawLines(
        ["no values to show"], Chart.labelStyle, centredOn: plot.area.left + plot.area.width / 2,
        top: plot.area.top + 0.45 * plot.area.height)
    }
    guard let legend else { return }
    switch legendPlace {
    case .below:
      let corner = Point(x: (width - legend.width) / 2, y: belowAxis(legend).legend + 4)
      legend.draw(at: corner, dotRadius: dotRadius, on: &canvas)
    case .corner:
      let box = legendPlace.box(of: legend, in: plot.area)
      canvas.drawRectangle(
        box, fill: .white, outline: Stroke(color: Color(red: 208, green: 208, blue: 208), width: 1))
      legend.draw(
        at: Point(x: box.left, y: box.top), dotRadius: dotRadius, on: &canvas)
    }
  }

  private func drawTexts(on canvas: inout some Canvas) {
    let middle = plot.area.left + plot.area.width / 2
    let below = belowAxis(legendPlace == .below ? legend : nil)
    text.draw(height: height, on: &canvas)
    canvas.drawLines(xLines, Chart.labelStyle, centredOn: middle, top: below.label)
    for (index, line) in yLines.enumerated() {
      let x =
        PageText.margin + Double(index) * Chart.labelStyle.lineHeight + Chart.labelStyle.size
      let centre = Point(x: x, y: plot.area.top + plot.area.height / 2)
      canvas.drawText(line, at: centre, Chart.labelStyle, anchor: .middle, degrees: -90)
    }
  }

  private func drawAxes(on canvas: inout some Canvas) {
    let area = plot.area
    let grid = Stroke(color: .grid, width: 1)
    let line = Stroke(color: .axis, width: 1.2)
    for tick in yTicks {
      guard let y = plot.vertical(tick.value) else { continue }
      canvas.drawLine(
        through: [Point(x: area.left, y: y), Point(x: area.right, y: y)], grid)
      canvas.drawText(
        tick.label, at: Point(x: area.left - 8, y: y + 0.36 * Chart.tickStyle.size),
        Chart.tickStyle, anchor: .end, degrees: 0)
    }
    for x in xTicks.places {
      if names.isEmpty {
        canvas.drawLine(
          through: [Point(x: x, y: area.top), Point(x: x, y: area.bottom)], grid)
      }
      canvas.drawLine(
        through: [Point(x: x, y: area.bottom), Point(x: x, y: area.bottom + 4)], line)
    }
    xTicks.draw(below: area.bottom + 8, Chart.tickStyle, on: &canvas)
    canvas.drawLine(
      through: [
        Point(x: area.left, y: area.top), Point(x: area.left, y: area.bottom),
        Point(x: area.right, y: area.bottom),
      ], line)
  }
}
