/// A point of the drawing; the origin is the upper left corner.
struct Point: Equatable {
  var x: Double
  var y: Double
}

/// An upright rectangle of the drawing.
struct Rectangle: Equatable {
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  var right: Double { left + width }
  var bottom: Double { top + height }

  func grown(by margin: Double) -> Rectangle {
    Rectangle(
      left: left - margin, top: top - margin, width: width + 2 * margin,
      height: height + 2 * margin)
  }
}

/// How a line looks.
struct Stroke {
  var color: Color
  var width: Double
  /// Lengths of dash and gap; empty for a solid line.
  var dash: [Double] = []
}

/// How a text looks.
struct TextStyle {
  var size: Double
  var isBold = false
  var color = Color.text

  var lineHeight: Double { (size * 1.3).rounded(.up) }

  func height(of lines: [String]) -> Double { Double(lines.count) * lineHeight }
}

/// Which part of a text lies at the point where it is drawn.
enum TextAnchor {
  case start
  case middle
  case end
}

/// What a page is drawn on: an image (``CairoCanvas``) or a text of shapes (``SVGCanvas``).
protocol Canvas {
  mutating func drawLine(through points: [Point], _ stroke: Stroke)
  mutating func fillPolygon(_ points: [Point], _ color: Color)
  mutating func drawRectangle(_ rectangle: Rectangle, fill: Color, outline: Stroke?)
  mutating func drawCircle(center: Point, radius: Double, fill: Color, outline: Stroke?)
  /// `point` is on the base line; `degrees` turn the text around it, clockwise.
  mutating func drawText(
    _ text: String, at point: Point, _ style: TextStyle, anchor: TextAnchor, degrees: Double)
  /// Stretches the raster over `rectangle`; where that enlarges it, its pixels stay sharp squares.
  mutating func drawRaster(_ raster: Raster, in rectangle: Rectangle)
}

extension Canvas {
  /// Draws lines below each other, the first one's upper edge at `top`.
  mutating func drawLines(
    _ lines: [String], _ style: TextStyle, centredOn x: Double, top: Double
  ) {
    for (index, line) in lines.enumerated() {
      let y = top + Double(index) * style.lineHeight + style.size
      drawText(line, at: Point(x: x, y: y), style, anchor: .middle, degrees: 0)
    }
  }
}
