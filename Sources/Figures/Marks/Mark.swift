/// Something that a ``Figure`` shows: ``Dots``, a ``Line``, ``Crosses``, ``Bars``, a ``Histogram``,
/// a ``Band``, a ``VerticalMarker`` or ``Labels``.
public protocol Mark: Sendable {
  /// What the mark hands to the drawing code.
  var layer: MarkLayer { get }
}

/// A mark in the form that every mark shares: points, and the shape in which they are drawn.
public struct MarkLayer: Sendable {
  enum Shape: Sendable {
    case dots
    case crosses
    case line(dashed: Bool, thin: Bool)
    /// From the given lower values up to the points.
    case band(lower: [Double])
    case bars
    /// Columns between neighbouring edges; there is one edge more than there are points.
    case histogram(edges: [Double])
    case verticalMarker
    /// Dots, each with its text beside it.
    case labels([String])
  }

  let shape: Shape
  let label: String?
  let color: Color?
  let x: [Double]
  let y: [Double]

  /// - Parameter x: the places of `y`; 1, 2, 3, ... when there are none.
  init(
    _ shape: Shape, _ y: some Sequence<some BinaryFloatingPoint>, at x: [Double]?, label: String?,
    color: Color?
  ) {
    let y = y.map { MarkLayer.drawable(Double($0)) }
    if let x, x.count != y.count {
      fail("A mark of a figure has \(y.count) values but \(x.count) places: give one for each.")
    }
    self.shape = shape
    self.label = label
    self.color = color
    self.x = x?.map(MarkLayer.drawable) ?? y.indices.map { Double($0 + 1) }
    self.y = y
  }

  /// The points up to a place; of a band or a histogram, which are more than points, all.
  func until(_ end: Double) -> MarkLayer {
    switch shape {
    case .dots, .crosses, .line:
      let kept = zip(x, y).filter { $0.0 <= end }
      return MarkLayer(shape, kept.map(\.1), at: kept.map(\.0), label: label, color: color)
    default: return self
    }
  }

  /// Values that no axis could show become gaps, those too small to tell from zero become zero:
  /// the arithmetic of axes then never overflows.
  static func drawable(_ value: Double) -> Double {
    guard value.magnitude <= 1e300 else { return .nan }
    return value.magnitude < 1e-300 ? 0 : value
  }
}

/// Stops the program with a sentence: the caller made a mistake that no run could mend.
func fail(_ sentence: String) -> Never {
  fatalError(sentence)
}

/// Collects the marks of a ``Figure``; `if` and `for` work as in any Swift code.
@resultBuilder
public enum FigureBuilder {
  /// One mark.
  public static func buildExpression(_ mark: any Mark) -> [any Mark] { [mark] }
  /// Marks that were collected elsewhere.
  public static func buildExpression(_ marks: [any Mark]) -> [any Mark] { marks }
  /// Statements one after the other.
  public static func buildBlock(_ parts: [any Mark]...) -> [any Mark] { parts.flatMap { $0 } }
  /// An `if` without `else`.
  public static func buildOptional(_ part: [any Mark]?) -> [any Mark] { part ?? [] }
  /// The first branch of `if` ... `else`.
  public static func buildEither(first part: [any Mark]) -> [any Mark] { part }
  /// The second branch of `if` ... `else`.
  public static func buildEither(second part: [any Mark]) -> [any Mark] { part }
  /// A `for` loop.
  public static func buildArray(_ parts: [[any Mark]]) -> [any Mark] { parts.flatMap { $0 } }
}
