/// A series of values as dots: the book's way to show what was measured in training.
///
/// NaN and infinite values leave a gap.
public struct Dots: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// Dots at `values`, named `label` in the legend, placed at 1, 2, 3, ... or at `x`.
  public init(
    _ values: some Sequence<some BinaryFloatingPoint>, _ label: String? = nil,
    at x: [Double]? = nil,
    color: Color? = nil
  ) {
    layer = MarkLayer(.dots, values, at: x, label: label, color: color)
  }
}

/// A series of values as a line: the book's way to show what was measured in validation.
///
/// NaN and infinite values leave a gap; a value between two gaps is drawn as a point.
public struct Line: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// A line through `values`, named `label` in the legend, placed at 1, 2, 3, ... or at `x`; thin for what only stands
  /// beside what the figure is about.
  public init(
    _ values: some Sequence<some BinaryFloatingPoint>, _ label: String? = nil,
    at x: [Double]? = nil,
    dashed: Bool = false, thin: Bool = false, color: Color? = nil
  ) {
    layer = MarkLayer(
      .line(dashed: dashed, thin: thin), values, at: x, label: label, color: color)
  }
}

/// A series of values as plus signs: the book's figures 4.4 to 4.9 set them against dots.
///
/// NaN and infinite values leave a gap.
public struct Crosses: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// Plus signs at `values`, named `label` in the legend, placed at 1, 2, 3, ... or at `x`.
  public init(
    _ values: some Sequence<some BinaryFloatingPoint>, _ label: String? = nil,
    at x: [Double]? = nil,
    color: Color? = nil
  ) {
    layer = MarkLayer(.crosses, values, at: x, label: label, color: color)
  }
}

/// A shaded band between two series, for example the least and the greatest value over several
/// seeds. Without a colour of its own it takes that of the next mark.
public struct Band: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// A band from `lower` to `upper`, named `label` in the legend, placed at 1, 2, 3, ... or at `x`.
  public init<Values: Sequence>(
    _ lower: Values, _ upper: Values, _ label: String? = nil, at x: [Double]? = nil,
    color: Color? = nil
  ) where Values.Element: BinaryFloatingPoint {
    let lower = lower.map { MarkLayer.drawable(Double($0)) }
    layer = MarkLayer(.band(lower: lower), upper, at: x, label: label, color: color)
    if lower.count != layer.y.count {
      fail("A band has \(lower.count) lower and \(layer.y.count) upper values: give as many.")
    }
  }
}

/// A vertical line across the whole chart, for example at the best epoch.
public struct VerticalMarker: Mark {
  /// What the mark hands to the drawing code.
  public let layer: MarkLayer

  /// A vertical line at `x`, named `label` in the legend.
  public init(at x: Double, _ label: String? = nil, color: Color = .gray) {
    layer = MarkLayer(.verticalMarker, [Double.nan], at: [x], label: label, color: color)
  }
}
