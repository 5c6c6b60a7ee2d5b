/// A chart: one description that becomes a PNG or an SVG.
///
/// ```swift
/// let figure = Figure(title: "Training and validation loss", x: "Epochs", y: "Loss") {
///   Dots(history["loss"], "Training loss")
///   Line(history["val_loss"], "Validation loss")
/// }
/// try figure.writePNG(to: folder.appending(path: "loss.png"))
/// ```
public struct Figure: Drawable {
  /// The heading; a long one is broken into lines.
  public var title: String
  /// The name of the horizontal axis.
  public var x: String
  /// The name of the vertical axis.
  public var y: String
  /// How the values are spread over the vertical axis.
  public var yScale: Scale
  /// What is written below the places 1, 2, 3, ... instead of these numbers.
  public var names: [String]
  /// A remark below the chart, for example that the data is a stand-in.
  public var footnote: String?
  let width: Int
  let height: Int
  private(set) var layers: [MarkLayer]

  /// Describes a chart.
  ///
  /// - Parameters:
  ///   - title: the heading.
  ///   - x: the name of the horizontal axis.
  ///   - y: the name of the vertical axis.
  ///   - yScale: linear, or logarithmic for what spans several powers of ten.
  ///   - names: labels for the places 1, 2, 3, ..., for example below `Bars`.
  ///   - footnote: a remark below the chart.
  ///   - width: in points, 320 to 4000; a PNG has two pixels to the point.
  ///   - height: in points, 240 to 4000.
  ///   - marks: what the chart shows.
  public init(
    title: String, x: String, y: String, yScale: Scale = .linear, names: [String] = [],
    footnote: String? = nil, width: Int = 640, height: Int = 480,
    @FigureBuilder marks: () -> [any Mark]
  ) {
    guard (320...4000).contains(width), (240...4000).contains(height) else {
      fail("A figure cannot have \(width) x \(height) points: give 320 x 240 to 4000 x 4000.")
    }
    self.title = title
    self.x = x
    self.y = y
    self.yScale = yScale
    self.names = names
    self.footnote = footnote
    self.width = width
    self.height = height
    layers = marks().map(\.layer)
  }

  /// The figure with what others have measured beside its own marks, as far as its own horizontal axis goes.
  public func beside(@FigureBuilder marks: () -> [any Mark]) -> Figure {
    var figure = self
    let end = layers.flatMap(\.x).filter(\.isFinite).max() ?? 0
    figure.layers += marks().map { $0.layer.until(end) }
    return figure
  }

  /// The chart as the bytes of a PNG file, two pixels to the point.
  /// - Throws: ``FigureError`` when the memory does not suffice.
  public func png() throws -> [UInt8] { try Chart(self).png() }

  /// The chart as an SVG document whose text is text, ready to be embedded in a web page.
  public func svg() -> String { Chart(self).svg() }
}
