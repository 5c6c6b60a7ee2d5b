/// Points with a text beside each, for example words on a map.
///
/// Texts are placed so that they cover neither each other nor a point; those for which there is no such place are left
/// out. NaN and infinite places leave out the point.
public struct Labels: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// Up to 1000 points at `x` and `y` with their texts, named `label` in the legend.
  public init(
    _ texts: [String], x: [Double], y: [Double], _ label: String? = nil, color: Color? = nil
  ) {
    layer = MarkLayer(.labels(texts), y, at: x, label: label, color: color)
    if texts.count != y.count || texts.count > 1000 {
      fail(
        "Labels have \(texts.count) texts for \(y.count) points: give one for each of up to 1000.")
    }
  }
}

/// Where the texts of all ``Labels`` of a chart stand.
struct LabelPlacement {
  private struct Item {
    let text: String
    let width: Double
    let point: Point
    var box: Rectangle
  }

  private static let style = TextStyle(size: 12)
  private var items: [Item] = []

  /// Finds a place for each text: again and again each takes the side of its point where it covers the least.
  init(of series: [Series], in plot: Plot, dotRadius: Double) {
    guard series.contains(where: { if case .labels = $0.layer.shape { true } else { false } })
    else { return }
    let ruler = Ruler()
    for series in series {
      guard case .labels(let texts) = series.layer.shape else { continue }
      for (index, text) in texts.enumerated() {
        guard let point = plot.point(series.layer.x[index], series.layer.y[index]) else { continue }
        let shown = ruler.lines(of: text, Self.style, limit: 160, atMost: 1).first ?? ""
        let item = Item(
          text: shown, width: ruler.width(of: shown, Self.style), point: point,
          box: Rectangle(left: point.x, top: point.y, width: 0, height: 0))
        items.append(item)
      }
    }
    let dots = items.map { item in
      Rectangle(left: item.point.x, top: item.point.y, width: 0, height: 0).grown(by: dotRadius)
    }
    for _ in 0..<12 {
      var hasMoved = false
      for index in items.indices {
        let places = Self.places(of: items[index], dotRadius: dotRadius)
        let costs = places.map { cost(of: $0, index, dots, in: plot.area) }
        guard let best = costs.indices.min(by: { costs[$0] < costs[$1] }) else { continue }
        hasMoved = hasMoved || items[index].box != places[best]
        items[index].box = places[best]
      }
      if !hasMoved { break }
    }
    dropCovered(dots, in: plot.area)
  }

  /// The boxes in which a text may stand, the best first: right, left, above, below and between.
  private static func places(of item: Item, dotRadius: Double) -> [Rectangle] {
    let (width, height) = (item.width, style.size)
    let gap = dotRadius + 2.5
    let near = dotRadius * 0.6 + 1
    let (x, y) = (item.point.x, item.point.y)
    let corners = [
      (x + gap, y - height / 2), (x - gap - width, y - height / 2),
      (x - width / 2, y - gap - height), (x - width / 2, y + gap),
      (x + near, y - near - height), (x + near, y + near), (x - near - width, y - near - height),
      (x - near - width, y + near),
    ]
    return corners.map { Rectangle(left: $0, top: $1, width: width, height: height) }
  }

  /// How much a text would cover in a place: points, other texts, or what lies outside the plot.
  private func cost(
    of box: Rectangle, _ own: Int, _ dots: [Rectangle], in area: Rectangle
  ) -> Double {
    var cost = box.width * box.height - box.overlap(with: area)
    for index in items.indices where index != own {
      cost += box.overlap(with: dots[index]) * 3 + box.grown(by: 1).overlap(with: items[index].box)
    }
    return cost
  }

  /// Leaves out texts, the one that covers the most first, until none covers anything.
  private mutating func dropCovered(_ dots: [Rectangle], in area: Rectangle) {
    while true {
      let costs = items.indices.map { index -> Double in
        items[index].text.isEmpty ? 0 : cost(of: items[index].box, index, dots, in: area)
      }
      guard let worst = costs.indices.max(by: { costs[$0] < costs[$1] }), costs[worst] > 0.5
      else { return }
      let item = items[worst]
      items[worst] = Item(
        text: "", width: 0, point: item.point,
        box: Rectangle(left: item.point.x, top: item.point.y, width: 0, height: 0))
    }
  }

  func draw(on canvas: inout some Canvas) {
    for item in items where !item.text.isEmpty {
      canvas.drawText(
        item.text, at: Point(x: item.box.left, y: item.box.top + 0.86 * item.box.height),
        Self.style, anchor: .start, degrees: 0)
    }
  }
}

extension Rectangle {
  /// The area that two rectangles share.
  func overlap(with other: Rectangle) -> Double {
    let wide = min(right, other.right) - max(left, other.left)
    let high = min(bottom, other.bottom) - max(top, other.top)
    return wide > 0 && high > 0 ? wide * high : 0
  }
}
