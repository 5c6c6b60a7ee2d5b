import CCairo

/// Draws into an image in memory, `scale` pixels for each unit of the drawing.
struct CairoCanvas: Canvas {
  private let surface: CairoSurface
  private let scale: Double

  /// A white image.
  init(width: Int, height: Int, scale: Double) {
    self.scale = scale
    surface = CairoSurface(
      width: Int((Double(width) * scale).rounded()),
      height: Int((Double(height) * scale).rounded()))
    cairo_set_source_rgb(context, 1, 1, 1)
    cairo_paint(context)
    cairo_scale(context, scale, scale)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
  }

  private var context: OpaquePointer { surface.context }

  func drawLine(through points: [Point], _ stroke: Stroke) {
    trace(points)
    apply(stroke)
  }

  func fillPolygon(_ points: [Point], _ color: Color) {
    trace(points)
    cairo_close_path(context)
    use(color)
    cairo_fill(context)
  }

  func drawRectangle(_ rectangle: Rectangle, fill: Color, outline: Stroke?) {
    cairo_rectangle(
      context, rectangle.left, rectangle.top, rectangle.width, rectangle.height)
    paint(fill: fill, outline: outline)
  }

  func drawCircle(center: Point, radius: Double, fill: Color, outline: Stroke?) {
    cairo_new_sub_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
    paint(fill: fill, outline: outline)
  }

  func drawText(
    _ text: String, at point: Point, _ style: TextStyle, anchor: TextAnchor, degrees: Double
  ) {
    let width = surface.width(of: text, style)
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_rotate(context, degrees * .pi / 180)
    switch anchor {
    case .start: cairo_move_to(context, 0, 0)
    case .middle: cairo_move_to(context, -width / 2, 0)
    case .end: cairo_move_to(context, -width, 0)
    }
    use(style.color)
    cairo_show_text(context, text)
    cairo_restore(context)
  }

  func drawRaster(_ raster: Raster, in rectangle: Rectangle) {
    let image = CairoSurface(raster)
    cairo_save(context)
    cairo_translate(context, rectangle.left, rectangle.top)
    cairo_scale(
      context, rectangle.width / Double(raster.width), rectangle.height / Double(raster.height))
    cairo_set_source_surface(context, image.surface, 0, 0)
    let pattern = cairo_get_source(context)
    let isEnlarged = rectangle.width * scale >= Double(raster.width)
    cairo_pattern_set_filter(pattern, isEnlarged ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD)
    // Otherwise the edge of a reduced picture would be mixed with what lies beyond it.
    cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
    cairo_rectangle(context, 0, 0, Double(raster.width), Double(raster.height))
    cairo_fill(context)
    cairo_restore(context)
  }

  /// The image as the bytes of a PNG file.
  func png() throws -> [UInt8] {
    try surface.png()
  }

  /// How many pixels within `rectangle` are not white.
  func inkedPixels(in rectangle: Rectangle) -> Int {
    surface.inkedPixels(in: rectangle)
  }

  private func trace(_ points: [Point]) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
  }

  private func paint(fill: Color, outline: Stroke?) {
    use(fill)
    if let outline {
      cairo_fill_preserve(context)
      apply(outline)
    } else {
      cairo_fill(context)
    }
  }

  private func apply(_ stroke: Stroke) {
    use(stroke.color)
    cairo_set_line_width(context, stroke.width)
    cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
    cairo_stroke(context)
  }

  private func use(_ color: Color) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
      color.opacity)
  }
}
