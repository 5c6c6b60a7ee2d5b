import Foundation

/// Writes SVG with real text: it can be selected and searched, and the files stay small.
struct SVGCanvas: Canvas {
  private var body: String

  /// A white drawing; `title` is what screen readers say.
  init(width: Int, height: Int, title: String) {
    body = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" \
      font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif">
      <title>\(SVGCanvas.escaped(title))</title>
      <rect width="\(width)" height="\(height)" fill="#ffffff"/>

      """
  }

  /// The whole drawing.
  var text: String { body + "</svg>\n" }

  mutating func drawLine(through points: [Point], _ stroke: Stroke) {
    body += "<polyline points=\"\(list(points))\" fill=\"none\"\(attributes(stroke))"
    body += " stroke-linejoin=\"round\"/>\n"
  }

  mutating func fillPolygon(_ points: [Point], _ color: Color) {
    body += "<polygon points=\"\(list(points))\"\(paint("fill", color))/>\n"
  }

  mutating func drawRectangle(_ rectangle: Rectangle, fill: Color, outline: Stroke?) {
    body += "<rect x=\"\(number(rectangle.left))\" y=\"\(number(rectangle.top))\""
    body += " width=\"\(number(rectangle.width))\" height=\"\(number(rectangle.height))\""
    body += paint("fill", fill) + (outline.map(attributes) ?? "") + "/>\n"
  }

  mutating func drawCircle(center: Point, radius: Double, fill: Color, outline: Stroke?) {
    body += "<circle cx=\"\(number(center.x))\" cy=\"\(number(center.y))\""
    body += " r=\"\(number(radius))\"" + paint("fill", fill)
    body += (outline.map(attributes) ?? "") + "/>\n"
  }

  mutating func drawText(
    _ text: String, at point: Point, _ style: TextStyle, anchor: TextAnchor, degrees: Double
  ) {
    let (x, y) = (number(point.x), number(point.y))
    body += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(style.size))\""
    if style.isBold { body += " font-weight=\"bold\"" }
    if anchor != .start { body += " text-anchor=\"\(anchor)\"" }
    if degrees != 0 { body += " transform=\"rotate(\(number(degrees)) \(x) \(y))\"" }
    body += paint("fill", style.color) + ">\(SVGCanvas.escaped(text))</text>\n"
  }

  /// Embeds the raster as a PNG. Without the memory to make one it is left out, as Cairo does.
  mutating func drawRaster(_ raster: Raster, in rectangle: Rectangle) {
    guard let png = try? CairoSurface(raster).png() else { return }
    body += "<image x=\"\(number(rectangle.left))\" y=\"\(number(rectangle.top))\""
    body += " width=\"\(number(rectangle.width))\" height=\"\(number(rectangle.height))\""
    body += " preserveAspectRatio=\"none\""
    if rectangle.width >= Double(raster.width) { body += " style=\"image-rendering:pixelated\"" }
    body += " href=\"data:image/png;base64,\(Data(png).base64EncodedString())\"/>\n"
  }

  /// Text without the characters that mean something to XML.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  private func attributes(_ stroke: Stroke) -> String {
    var text = paint("stroke", stroke.color) + " stroke-width=\"\(number(stroke.width))\""
    if !stroke.dash.isEmpty {
      text += " stroke-dasharray=\"\(stroke.dash.map(number).joined(separator: " "))\""
    }
    return text
  }

  private func paint(_ attribute: String, _ color: Color) -> String {
    let digits = [color.red, color.green, color.blue].map { part in
      (part < 16 ? "0" : "") + String(part, radix: 16)
    }
    let opacity = color.opacity < 1 ? " \(attribute)-opacity=\"\(number(color.opacity))\"" : ""
    return " \(attribute)=\"#\(digits.joined())\"" + opacity
  }

  private func list(_ points: [Point]) -> String {
    points.map { number($0.x) + "," + number($0.y) }.joined(separator: " ")
  }

  /// Two decimals are finer than any screen; trailing zeros go. A place that is none is far outside.
  private func number(_ value: Double) -> String {
    let value = value.isNaN ? -1e6 : min(max(value, -1e6), 1e6)
    let hundredths = Int((value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return sign + "\(whole)" }
    let decimals = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return sign + "\(whole)." + decimals
  }
}
