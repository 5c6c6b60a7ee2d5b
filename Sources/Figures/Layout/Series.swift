/// A layer with everything decided that depends on its neighbours.
struct Series {
  let layer: MarkLayer
  private(set) var color: Color
  let dash: [Double]
  /// Among the bars that stand side by side, the place of this one and their number.
  var bar = (index: 0, count: 1)

  var label: String? { layer.label }

  /// Gives every layer its colour.
  static func resolve(_ layers: [MarkLayer]) -> [Series] {
    var place = 0
    var series: [Series] = []
    var waiting: [Int] = []
    for (index, layer) in layers.enumerated() {
      var color = layer.color ?? Color.palette[place % Color.palette.count]
      let dash = dash(of: layer, place: place)
      if isPlainBand(layer) {
        // A band has the colour of the mark after it or, as the last one, of the mark before it.
        waiting.append(index)
        if index > 0, index == layers.count - 1 { color = series[index - 1].color }
      } else {
        if layer.color == nil { place += 1 }
        for band in waiting { series[band].color = color }
        waiting = []
      }
      series.append(Series(layer: layer, color: color, dash: dash))
    }
    let bars = series.indices.filter { series[$0].isBars }
    for (place, index) in bars.enumerated() { series[index].bar = (place, bars.count) }
    return series
  }

  private static func isPlainBand(_ layer: MarkLayer) -> Bool {
    if case .band = layer.shape { layer.color == nil } else { false }
  }

  /// Once the palette starts again, dashes tell lines of one colour apart.
  private static func dash(of layer: MarkLayer, place: Int) -> [Double] {
    switch layer.shape {
    case .line(let dashed, _):
      let patterns: [[Double]] = [[], [7, 4], [2, 3], [9, 3, 2, 3]]
      return dashed ? [7, 4] : patterns[place / Color.palette.count % patterns.count]
    case .verticalMarker: return [4, 4]
    default: return []
    }
  }

  var isBars: Bool { if case .bars = layer.shape { true } else { false } }

  var isMarker: Bool { if case .verticalMarker = layer.shape { true } else { false } }

  var isHistogram: Bool { if case .histogram = layer.shape { true } else { false } }

  /// All values that the vertical axis must reach.
  var heights: [Double] {
    if case .band(let lower) = layer.shape { lower + layer.y } else { layer.y }
  }

  /// All places that the horizontal axis must reach.
  var places: [Double] {
    switch layer.shape {
    case .histogram(let edges): edges
    case .bars: layer.x.map { $0 - barSpacing / 2 } + layer.x.map { $0 + barSpacing / 2 }
    default: layer.x
    }
  }

  /// The distance between neighbouring bars.
  var barSpacing: Double {
    let sorted = layer.x.filter(\.isFinite).sorted()
    return zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? 1
  }
}
