import Foundation

/// A square of red, green and blue on which shapes are painted, with soft edges.
struct PetCanvas {
  typealias Point = SIMD2<Float>
  typealias Color = SIMD3<Float>

  /// How points of a drawing, about -1 to 1, come to lie on the canvas.
  struct Frame {
    var center = Point(0, 0)
    var scale: Float = 1
    var angle: Float = 0
    var isMirrored = false

    func place(_ point: Point) -> Point {
      let x = (isMirrored ? -point.x : point.x) * scale
      let y = point.y * scale
      return center + Point(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle))
    }
  }

  /// What a shape is filled with: a colour and, on part of it, another one.
  struct Coat {
    var color: Color
    var second: Color
    /// Stripes across or spots; 0 for neither.
    var stripes: Float = 0
    var spots: Float = 0

    /// The colour at a point of the shape, in units of its size.
    func shade(_ point: Point) -> Color {
      if stripes > 0, sin(point.x * stripes + 2 * sin(point.y * 3)) > 0.35 { return second }
      if spots > 0, sin(point.x * spots) * sin(point.y * spots + 1) > 0.4 { return second }
      return color
    }
  }

  let side: Int
  private(set) var pixels: [Color]
  var frame = Frame()

  /// A canvas with a colour for each pixel.
  init(side: Int, background: (_ x: Float, _ y: Float) -> Color) {
    self.side = side
    pixels = (0..<side * side).map { background(Float($0 % side), Float($0 / side)) }
  }

  /// An ellipse, turned by `angle`.
  mutating func ellipse(_ center: Point, _ radii: Point, angle: Float = 0, _ coat: Coat) {
    let middle = frame.place(center)
    let turn = frame.angle + (frame.isMirrored ? -angle : angle)
    let size = radii * frame.scale
    let (c, s) = (cos(turn), sin(turn))
    let reach = max(size.x, size.y) + 1
    let softness = max(min(size.x, size.y), 1)
    paint(middle - Point(reach, reach), middle + Point(reach, reach)) { x, y in
      let offset = Point(x, y) - middle
      let local = Point(offset.x * c + offset.y * s, offset.y * c - offset.x * s) / size
      let distance = (1 - (local * local).sum().squareRoot()) * softness
      return (distance + 0.5, coat.shade(local))
    }
  }

  /// An ellipse of one colour.
  mutating func ellipse(_ center: Point, _ radii: Point, angle: Float = 0, _ color: Color) {
    ellipse(center, radii, angle: angle, Coat(color: color, second: color))
  }

  /// A triangle of one colour.
  mutating func triangle(_ a: Point, _ b: Point, _ c: Point, _ color: Color) {
    let corners = [a, b, c].map(frame.place)
    let low = Point(corners.map(\.x).min() ?? 0, corners.map(\.y).min() ?? 0)
    let high = Point(corners.map(\.x).max() ?? 0, corners.map(\.y).max() ?? 0)
    var edges = [(Point, Point)]()
    for index in 0..<3 {
      let way = corners[(index + 1) % 3] - corners[index]
      let length = max((way * way).sum().squareRoot(), 1e-3)
      var normal = Point(-way.y, way.x) / length
      // Towards the third corner.
      if (normal * (corners[(index + 2) % 3] - corners[index])).sum() < 0 { normal = -normal }
      edges.append((corners[index], normal))
    }
    paint(low - Point(1, 1), high + Point(1, 1)) { x, y in
      let point = Point(x, y)
      let distance = edges.map { (($0.1) * (point - $0.0)).sum() }.min() ?? 0
      return (distance + 0.5, color)
    }
  }

  /// A line through points, `width` wide.
  mutating func line(_ points: [Point], width: Float, _ color: Color) {
    let places = points.map(frame.place)
    let radius = max(width * frame.scale / 2, 0.4)
    for (start, end) in zip(places, places.dropFirst()) {
      let way = end - start
      let length = max((way * way).sum(), 1e-6)
      let reach = Point(radius + 1, radius + 1)
      let low = Point(min(start.x, end.x), min(start.y, end.y)) - reach
      let high = Point(max(start.x, end.x), max(start.y, end.y)) + reach
      paint(low, high) { x, y in
        let offset = Point(x, y) - start
        let along = max(0, min(1, (offset * way).sum() / length))
        let gap = offset - way * along
        return (radius - (gap * gap).sum().squareRoot() + 0.5, color)
      }
    }
  }

  /// Blends colours over the pixels of a box.
  private mutating func paint(
    _ low: Point, _ high: Point, _ ink: (Float, Float) -> (cover: Float, color: Color)
  ) {
    let limit = Float(side)
    func range(_ low: Float, _ high: Float) -> Range<Int> {
      let first = Int(max(0, min(limit, low)))
      return first..<max(first, Int(max(0, min(limit, high + 1))))
    }
    for y in range(low.y, high.y) {
      for x in range(low.x, high.x) {
        let (cover, color) = ink(Float(x), Float(y))
        if cover <= 0 { continue }
        let index = y * side + x
        pixels[index] += (color - pixels[index]) * min(cover, 1)
      }
    }
  }
}
