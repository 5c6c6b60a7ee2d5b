import Foundation

/// The labels below the horizontal axis, chosen so that they do not touch each other.
struct TickLabels {
  private struct Label {
    var lines: [String]
    var width: Double
    var place: Double
  }

  private var labels: [Label] = []
  private var isSlanted = false
  /// The room that the labels need below the axis.
  private(set) var height = 0.0
  /// How far the labels need room from the left edge of the drawing; the plot may have to give way.
  private(set) var overhangLeft = 0.0
  /// How far the last label reaches beyond the right end of the axis.
  private(set) var overhangRight = 0.0

  private static let slant = 40.0

  /// Where the axis has a tick.
  var places: [Double] { labels.map(\.place) }

  init() {}

  /// Round numbers, as many as fit.
  init(of plot: Plot, _ series: [Series], _ style: TextStyle, _ ruler: Ruler) {
    let places = series.flatMap(\.layer.x).filter(\.isFinite)
    let isWhole =
      !series.contains { $0.isHistogram } && places.allSatisfy { $0 == $0.rounded() }
    for count in stride(from: 12, through: 1, by: -1) {
      labels = plot.xAxis.ticks(atMost: count, wholeNumbers: isWhole).compactMap { tick in
        plot.horizontal(tick.value).map { place in
          Label(lines: [tick.label], width: ruler.width(of: tick.label, style), place: place)
        }
      }
      if hasRoom(gap: 14) { break }
    }
    height = style.lineHeight
    measureOverhang(in: plot.area, style)
  }

  /// Names at evenly spaced places: in lines where the words fit side by side, slanted otherwise.
  init(
    of names: [String], at places: [Double], in area: Rectangle, _ style: TextStyle, _ ruler: Ruler
  ) {
    let slots = places.count > 1 ? places[1] - places[0] : area.width
    let room = slots - 8
    let isNarrow = names.contains { name in
      name.split(separator: " ").contains { ruler.width(of: String($0), style) > room }
        || ruler.lines(of: name, style, limit: room, atMost: 4).count > 3
    }
    isSlanted = isNarrow
    // Slanted lines may follow each other closely; beyond that only every second, third, ... fits.
    let every = isSlanted ? max(1, Int((style.lineHeight / max(slots, 0.01)).rounded(.up))) : 1
    for (index, (name, place)) in zip(names, places).enumerated() where index % every == 0 {
      let lines =
        isSlanted
        ? ruler.lines(of: name, style, limit: 180, atMost: 1)
        : ruler.lines(of: name, style, limit: room, atMost: 3)
      labels.append(Label(lines: lines, width: ruler.width(of: lines, style), place: place))
    }
    let most = labels.map(\.lines.count).max() ?? 0
    height = Double(most) * style.lineHeight
    if isSlanted {
      let angle = TickLabels.slant * .pi / 180
      let widest = labels.map(\.width).max() ?? 0
      height = widest * sin(angle) + style.size * cos(angle)
    }
    measureOverhang(in: area, style)
  }

  private func hasRoom(gap: Double) -> Bool {
    zip(labels, labels.dropFirst()).allSatisfy { left, right in
      right.place - left.place >= (left.width + right.width) / 2 + gap
    }
  }

  private mutating func measureOverhang(in area: Rectangle, _ style: TextStyle) {
    for label in labels {
      if isSlanted {
        let reach = label.width * cos(TickLabels.slant * .pi / 180) + style.size
        overhangLeft = max(overhangLeft, reach - (label.place - area.left))
      } else {
        overhangLeft = max(overhangLeft, label.width / 2 - (label.place - area.left))
        overhangRight = max(overhangRight, label.place + label.width / 2 - area.right)
      }
    }
  }

  func draw(below top: Double, _ style: TextStyle, on canvas: inout some Canvas) {
    for label in labels {
      for (index, line) in label.lines.enumerated() {
        let y = top + Double(index) * style.lineHeight + style.size
        if isSlanted {
          canvas.drawText(
            line, at: Point(x: label.place + style.size / 3, y: top + 0.8 * style.size), style,
            anchor: .end, degrees: -TickLabels.slant)
        } else {
          canvas.drawText(
            line, at: Point(x: label.place, y: y), style, anchor: .middle, degrees: 0)
        }
      }
    }
  }
}
