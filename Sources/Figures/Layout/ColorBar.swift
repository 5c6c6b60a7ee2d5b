/// The scale beside a heat map whose cells have no room for numbers.
struct ColorBar {
  private static let style = TextStyle(size: 12.5, color: .quietText)
  private static let thickness = 16.0

  private let range: (lower: Double, upper: Double)
  private let ticks: [(place: Double, label: String)]
  /// The room that bar and labels need.
  let width: Double

  /// - Parameters:
  ///   - height: for how many labels there is room.
  ///   - isPercent: shares are labelled as percentages.
  init(
    from lower: Double, to upper: Double, isPercent: Bool, height: Double, _ ruler: Ruler
  ) {
    range = (lower, upper)
    let factor = isPercent ? 100.0 : 1
    ticks = Ticks.linear(
      from: lower * factor, to: upper * factor, atMost: max(2, Int(height / 42))
    ).map { tick in
      let place = (tick.value / factor - lower) / (upper - lower)
      return (min(max(place, 0), 1), tick.label + (isPercent ? "%" : ""))
    }
    width = ColorBar.thickness + 8 + ruler.width(of: ticks.map(\.label), ColorBar.style)
  }

  /// Draws bar and labels, the upper left corner at `corner`.
  func draw(at corner: Point, height: Double, on canvas: inout some Canvas) {
    let steps = Int(min(height, 128))
    let (right, bottom) = (corner.x + ColorBar.thickness, corner.y + height)
    for step in 0..<steps {
      // Every strip reaches down to the end, so that no seams show between them.
      let top = corner.y + height * Double(step) / Double(steps)
      canvas.drawRectangle(
        Rectangle(left: corner.x, top: top, width: ColorBar.thickness, height: bottom - top),
        fill: Ramp.color(at: 1 - (Double(step) + 0.5) / Double(steps)), outline: nil)
    }
    for tick in ticks {
      let y = bottom - tick.place * height
      canvas.drawLine(
        through: [Point(x: right, y: y), Point(x: right + 4, y: y)],
        Stroke(color: .axis, width: 1.2))
      canvas.drawText(
        tick.label, at: Point(x: right + 8, y: y + 0.36 * ColorBar.style.size), ColorBar.style,
        anchor: .start, degrees: 0)
    }
  }
}
