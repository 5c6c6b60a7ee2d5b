import CCairo
import CPNG

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

  /// The image as a PNG file.
  ///
  /// By libpng and not by Cairo, which compresses charts as slowly as photographs: large even areas gain nothing from that.
  func png() throws -> [UInt8] {
    try check(cairo_status(context))
    cairo_surface_flush(surface)
    let width = Int(cairo_image_surface_get_width(surface))
    let height = Int(cairo_image_surface_get_height(surface))
    guard let data = cairo_image_surface_get_data(surface) else {
      throw FigureError.drawing("no pixels")
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    // Cairo has blue, green, red and an unused byte for each pixel; the file needs three.
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { pixels, count in
      for row in 0..<height {
        let (source, target) = (data + row * stride, row * width)
        for column in 0..<width {
          for color in 0..<3 { pixels[3 * (target + column) + color] = source[4 * column + color] }
        }
      }
      count = 3 * width * height
    }
    var writer = png_image()
    writer.version = png_uint_32(PNG_IMAGE_VERSION)
    (writer.width, writer.height) = (png_uint_32(width), png_uint_32(height))
    writer.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_BGR)
    writer.flags = png_uint_32(PNG_IMAGE_FLAG_FAST)
    defer { png_image_free(&writer) }
    // More than any compression of these pixels needs: zlib's bound, a byte a row, and the chunks around it.
    let capacity = pixels.count + pixels.count / 1000 + height + 4096
    var size = capacity
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { bytes, count in
      let isWritten = png_image_write_to_memory(
        &writer, bytes.baseAddress, &size, 0, pixels, 0, nil)
      count = isWritten != 0 ? size : 0
    }
    guard !bytes.isEmpty else { throw FigureError.drawing("libpng could not write it") }
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
