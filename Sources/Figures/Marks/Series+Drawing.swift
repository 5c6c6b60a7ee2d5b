extension [Series] {
  /// Draws all marks, broad ones first and small ones last, so that none hides another.
  func draw(in plot: Plot, dotRadius: Double, on canvas: inout some Canvas) {
    for depth in 0...2 {
      for series in self where series.depth == depth {
        series.draw(in: plot, dotRadius: dotRadius, on: &canvas)
      }
    }
    LabelPlacement(of: self, in: plot, dotRadius: dotRadius).draw(on: &canvas)
  }
}

extension Series {
  /// How broad a line is: thinner where it only stands beside others, and where values jump up and down at every pixel, as
  /// over years of weather.
  private var lineWidth: Double {
    if case .line(_, let thin) = layer.shape, thin { return 1.2 }
    return layer.y.count > 2000 ? 1.2 : 2.4
  }

  fileprivate var depth: Int {
    switch layer.shape {
    case .band, .bars, .histogram: 0
    case .line, .verticalMarker: 1
    case .dots, .crosses, .labels: 2
    }
  }

  /// Whether any value can be shown.
  func isVisible(in plot: Plot) -> Bool {
    if case .verticalMarker = layer.shape { return layer.x.contains { plot.horizontal($0) != nil } }
    return zip(layer.x, layer.y).contains { plot.point($0, $1) != nil }
  }

  fileprivate func draw(in plot: Plot, dotRadius: Double, on canvas: inout some Canvas) {
    switch layer.shape {
    case .dots, .labels:
      for point in Thinning.distinct(points(in: plot)) {
        drawDot(at: point, dotRadius, on: &canvas)
      }
    case .crosses:
      for point in Thinning.distinct(points(in: plot)) {
        drawCross(at: point, dotRadius, on: &canvas)
      }
    case .line: drawLine(in: plot, on: &canvas)
    case .band(let lower): drawBand(from: lower, in: plot, on: &canvas)
    case .bars: drawBars(in: plot, on: &canvas)
    case .histogram(let edges):
      for (index, count) in layer.y.enumerated() where count > 0 {
        drawColumn(from: edges[index], to: edges[index + 1], count, in: plot, on: &canvas)
      }
    case .verticalMarker:
      guard let first = layer.x.first, let x = plot.horizontal(first) else { return }
      canvas.drawLine(
        through: [Point(x: x, y: plot.area.top), Point(x: x, y: plot.area.bottom)],
        Stroke(color: color, width: 1.6, dash: dash))
    }
  }

  /// Draws the sample that stands before the label in the legend.
  func drawKey(in box: Rectangle, dotRadius: Double, on canvas: inout some Canvas) {
    let middle = Point(x: box.left + box.width / 2, y: box.top + 0.52 * box.height)
    let swatch = Rectangle(
      left: middle.x - 8, top: middle.y - 5.5, width: 16, height: 11)
    switch layer.shape {
    case .dots, .labels: drawDot(at: middle, max(dotRadius, 2.8), on: &canvas)
    case .crosses: drawCross(at: middle, max(dotRadius, 2.8), on: &canvas)
    case .line:
      canvas.drawLine(
        through: [Point(x: box.left, y: middle.y), Point(x: box.right, y: middle.y)],
        Stroke(color: color, width: lineWidth, dash: dash))
    case .band: canvas.drawRectangle(swatch, fill: color.faded(to: 0.22), outline: nil)
    case .bars, .histogram: canvas.drawRectangle(swatch, fill: color, outline: nil)
    case .verticalMarker:
      canvas.drawLine(
        through: [Point(x: middle.x, y: middle.y - 8), Point(x: middle.x, y: middle.y + 8)],
        Stroke(color: color, width: 1.6, dash: dash))
    }
  }

  func points(in plot: Plot) -> [Point] {
    zip(layer.x, layer.y).compactMap { plot.point($0, $1) }
  }

  private func drawDot(at point: Point, _ radius: Double, on canvas: inout some Canvas) {
    // The white rim keeps dots apart from each other and from lines.
    canvas.drawCircle(
      center: point, radius: radius, fill: color,
      outline: radius > 2 ? Stroke(color: .white, width: 0.8) : nil)
  }

  private func drawCross(at point: Point, _ radius: Double, on canvas: inout some Canvas) {
    let arm = radius * 1.25
    let stroke = Stroke(color: color, width: max(1.2, radius * 0.5))
    canvas.drawLine(
      through: [Point(x: point.x - arm, y: point.y), Point(x: point.x + arm, y: point.y)], stroke)
    canvas.drawLine(
      through: [Point(x: point.x, y: point.y - arm), Point(x: point.x, y: point.y + arm)], stroke)
  }

  private func drawLine(in plot: Plot, on canvas: inout some Canvas) {
    let points = zip(layer.x, layer.y).map { plot.point($0, $1) }
    let width = lineWidth
    for run in points.split(whereSeparator: { $0 == nil }).map({ $0.compactMap { $0 } }) {
      if let only = run.first, run.count == 1 {
        canvas.drawCircle(center: only, radius: width * 0.9, fill: color, outline: nil)
      } else {
        canvas.drawLine(
          through: Thinning.outline(of: run), Stroke(color: color, width: width, dash: dash))
      }
    }
  }

  private func drawBand(from lower: [Double], in plot: Plot, on canvas: inout some Canvas) {
    let pairs = layer.x.indices.map { index -> (low: Point, high: Point)? in
      guard let low = plot.point(layer.x[index], lower[index]),
        let high = plot.point(layer.x[index], layer.y[index])
      else { return nil }
      return (low, high)
    }
    for run in pairs.split(whereSeparator: { $0 == nil }).map({ $0.compactMap { $0 } }) {
      if let only = run.first, run.count == 1 {
        canvas.drawLine(
          through: [only.low, only.high], Stroke(color: color.faded(to: 0.4), width: 4))
      } else {
        canvas.fillPolygon(
          Thinning.outline(of: run.map(\.high)) + Thinning.outline(of: run.map(\.low)).reversed(),
          color.faded(to: 0.22))
      }
    }
  }

  private func drawBars(in plot: Plot, on canvas: inout some Canvas) {
    let group = barSpacing * (bar.count == 1 ? 0.62 : 0.78)
    let width = group / Double(bar.count)
    for (x, y) in zip(layer.x, layer.y) {
      let left = x - group / 2 + Double(bar.index) * width
      drawColumn(from: left, to: left + width, y, in: plot, on: &canvas)
    }
  }

  private func drawColumn(
    from left: Double, to right: Double, _ height: Double, in plot: Plot,
    on canvas: inout some Canvas
  ) {
    guard let from = plot.point(left, height), let to = plot.horizontal(right) else { return }
    let ground = plot.ground
    canvas.drawRectangle(
      Rectangle(
        left: from.x, top: min(from.y, ground), width: to - from.x,
        height: (from.y - ground).magnitude),
      fill: color, outline: isHistogram ? Stroke(color: .white, width: 0.8) : nil)
  }
}
