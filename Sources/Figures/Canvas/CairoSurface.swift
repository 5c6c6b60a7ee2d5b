import CCairo

/// Owns one of Cairo's images and the context that draws on it, and knows how wide texts are.
final class CairoSurface {
  /// Text is set in the first of these families that the machine has; their widths are alike.
  static let fontFamily = "DejaVu Sans"

  let surface: OpaquePointer
  let context: OpaquePointer

  /// Cairo never returns nothing: without memory it returns an object on which drawing has no
  /// effect, and ``png()`` says so.
  init(width: Int, height: Int) {
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    context = cairo_create(surface)

    // Without hinting a text is equally wide at every scale, so PNG and SVG share one layout.
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  /// An image of the pixels of `raster`.
  convenience init(_ raster: Raster) {
    self.init(width: raster.width, height: raster.height)
    cairo_surface_flush(surface)
    guard let bytes = UnsafeMutableRawPointer(cairo_image_surface_get_data(surface)) else { return }
    let stride = Int(cairo_image_surface_get_stride(surface))
    raster.colors.withUnsafeBufferPointer { colors in
      for row in 0..<raster.height {
        for column in 0..<raster.width {
          (bytes + row * stride + 4 * column).storeBytes(
            of: colors[row * raster.width + column], as: UInt32.self)
        }
      }
    }
    cairo_surface_mark_dirty(surface)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Chooses the font of `style` and measures how far `text` moves the pen.
  func width(of text: String, _ style: TextStyle) -> Double {
    cairo_select_font_face(
      context, CairoSurface.fontFamily, CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, style.size)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  func png() throws -> [UInt8] {
    try check(cairo_status(context))
    cairo_surface_flush(surface)
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { destination in
      cairo_surface_write_to_png_stream(
        surface,
        { destination, piece, count in
          guard let destination, let piece else { return CAIRO_STATUS_WRITE_ERROR }
          destination.assumingMemoryBound(to: [UInt8].self).pointee.append(
            contentsOf: UnsafeBufferPointer(start: piece, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, destination)
    }
    try check(status)
    return bytes
  }

  /// How many pixels within `rectangle`, measured in pixels, are not white.
  func inkedPixels(in rectangle: Rectangle) -> Int {
    cairo_surface_flush(surface)
    guard let bytes = cairo_image_surface_get_data(surface) else { return 0 }
    let stride = Int(cairo_image_surface_get_stride(surface))
    let columns = pixels(
      rectangle.left, rectangle.right, below: Int(cairo_image_surface_get_width(surface)))
    let rows = pixels(
      rectangle.top, rectangle.bottom, below: Int(cairo_image_surface_get_height(surface)))
    var count = 0
    for row in rows {
      let line = bytes + row * stride
      // Four bytes a pixel; the fourth is unused.
      for column in columns
      where line[4 * column] & line[4 * column + 1] & line[4 * column + 2] != 255 {
        count += 1
      }
    }
    return count
  }

  private func pixels(_ start: Double, _ end: Double, below count: Int) -> Range<Int> {
    let first = min(max(0, Int(start.rounded(.down))), count)
    return first..<min(max(first, Int(end.rounded(.up))), count)
  }

  private func check(_ status: cairo_status_t) throws {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw FigureError.drawing(String(cString: cairo_status_to_string(status)))
  }
}
