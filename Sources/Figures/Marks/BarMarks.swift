/// Values as bars that stand on zero; several `Bars` in one figure stand side by side.
///
/// The figure's `names` label the places 1, 2, 3, ... NaN and infinite values leave a gap.
public struct Bars: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// Bars as high as `values`, named `label` in the legend, placed at 1, 2, 3, ... or at `x`.
  public init(
    _ values: some Sequence<some BinaryFloatingPoint>, _ label: String? = nil,
    at x: [Double]? = nil,
    color: Color? = nil
  ) {
    layer = MarkLayer(.bars, values, at: x, label: label, color: color)
  }
}

/// How many of the values fall into each of `bins` equally wide intervals.
///
/// NaN and infinite values are not counted.
public struct Histogram: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// A histogram of `values` from their least to their greatest, named `label` in the legend.
  public init(
    _ values: some Sequence<some BinaryFloatingPoint>, _ label: String? = nil, bins: Int = 20,
    color: Color? = nil
  ) {
    guard (1...10_000).contains(bins) else {
      fail("A histogram cannot have \(bins) bins: give 1 to 10,000.")
    }
    let values = values.map { MarkLayer.drawable(Double($0)) }.filter { !$0.isNaN }
    var counts = [Double](repeating: 0, count: values.isEmpty ? 0 : bins)
    var edges: [Double] = []
    if let least = values.min(), let greatest = values.max() {
      let range = Axis.widened(least, greatest)
      let width = (range.upper - range.lower) / Double(bins)
      edges = (0...bins).map { range.lower + Double($0) * width }
      for value in values {
        // The greatest value belongs to the last bin, not to one of its own.
        counts[Int(min(Double(bins - 1), (value - range.lower) / width))] += 1
      }
    }
    layer = MarkLayer(
      .histogram(edges: edges), counts, at: zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 },
      label: label, color: color)
  }
}
