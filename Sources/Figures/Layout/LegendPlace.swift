/// Where a legend stands.
enum LegendPlace: Equatable {
  /// Below the chart.
  case below
  /// In a corner of the plot.
  case corner(isRight: Bool, isTop: Bool)

  /// The corners in the order in which they are tried.
  static let corners: [LegendPlace] = [
    .corner(isRight: true, isTop: true), .corner(isRight: true, isTop: false),
    .corner(isRight: false, isTop: true), .corner(isRight: false, isTop: false),
  ]

  /// The box of a legend that stands in this corner of `area`.
  func box(of legend: Legend, in area: Rectangle) -> Rectangle {
    guard case .corner(let isRight, let isTop) = self else { return area }
    let gap = 8.0
    return Rectangle(
      left: isRight ? area.right - gap - legend.width : area.left + gap,
      top: isTop ? area.top + gap : area.bottom - gap - legend.height,
      width: legend.width, height: legend.height)
  }
}
