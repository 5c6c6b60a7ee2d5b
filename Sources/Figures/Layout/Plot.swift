/// The part of a chart between its axes: knows where on the drawing a value lies.
struct Plot {
  var area: Rectangle
  let xAxis: Axis
  let yAxis: Axis

  init(of series: [Series], yScale: Scale, names: Int) {
    area = Rectangle(left: 0, top: 0, width: 1, height: 1)
    let stand = series.contains { $0.isBars || $0.isHistogram }
    let named = names > 0 ? [1, Double(names)].flatMap { [$0 - 0.4, $0 + 0.4] } : []
    xAxis = Axis(showing: series.flatMap(\.places) + named, margin: stand ? 0.02 : 0.04)
    yAxis = Axis(showing: series.flatMap(\.heights), scale: yScale, standsOnZero: stand)
  }

  func horizontal(_ x: Double) -> Double? {
    xAxis.fraction(of: x).map { area.left + $0 * area.width }
  }

  func vertical(_ y: Double) -> Double? {
    yAxis.fraction(of: y).map { area.bottom - $0 * area.height }
  }

  func point(_ x: Double, _ y: Double) -> Point? {
    guard let x = horizontal(x), let y = vertical(y) else { return nil }
    return Point(x: x, y: y)
  }

  /// Where bars stand: on zero, or on the axis where it does not show zero.
  var ground: Double {
    vertical(0).map { min(max($0, area.top), area.bottom) } ?? area.bottom
  }
}
