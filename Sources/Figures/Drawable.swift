/// Something that becomes a PNG or an SVG: a ``Figure``, a ``PictureGrid`` or a ``HeatMap``.
public protocol Drawable: Sendable {
  /// The heading.
  var title: String { get }
  /// A remark below the drawing, for example that the data is a stand-in.
  var footnote: String? { get set }

  /// The drawing as the bytes of a PNG file, two pixels to the point.
  /// - Throws: ``FigureError`` when the memory does not suffice.
  func png() throws -> [UInt8]

  /// The drawing as an SVG document whose text is text, ready to be embedded in a web page.
  func svg() -> String
}
