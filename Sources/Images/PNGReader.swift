import CPNG

/// Reads PNG through libpng's simplified interface, which never jumps over Swift's frames.
enum PNGReader {
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, name: String, limit: Int
  ) throws -> Image {
    var reader = png_image()
    reader.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&reader) }
    guard png_image_begin_read_from_memory(&reader, bytes.baseAddress, bytes.count) != 0 else {
      throw ImageError.damaged(name, message(of: reader))
    }
    let (width, height) = (Int(reader.width), Int(reader.height))
    try Image.checkSize(width, height, name: name, limit: limit)

    // Some versions of libpng write beyond the buffer here, and mended ones mix up the rows.
    guard !(bytes.count > 28 && bytes[24] == 16 && bytes[28] != 0) else {
      throw ImageError(
        """
        \(name) is an interlaced PNG picture of 16 bits, which cannot be read safely: save it \
        again without interlacing.
        """)
    }

    // 16-bit samples are as bright as 8-bit ones; libpng would take them for linear light.
    reader.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
    let hasAlpha = reader.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
    reader.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    if hasAlpha { reader.format |= png_uint_32(PNG_FORMAT_FLAG_ALPHA) }

    let channels = hasAlpha ? 4 : 3
    let pixels = try [UInt8](unsafeUninitializedCapacity: width * height * channels) {
      buffer, count in
      guard png_image_finish_read(&reader, nil, buffer.baseAddress, 0, nil) != 0 else {
        throw ImageError.damaged(name, message(of: reader))
      }
      count = width * height * channels
    }
    return Image(width: width, height: height, pixels: hasAlpha ? onWhite(pixels) : pixels)
  }

  /// Red, green and blue of pixels with opacity, laid on white.
  static func onWhite(_ pixels: [UInt8]) -> [UInt8] {
    let area = pixels.count / 4
    return pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: area * 3) { target, count in
        for pixel in 0..<area {
          let opacity = Int32(source[pixel * 4 + 3])
          let white = 255 * (255 - opacity) + 127
          for channel in 0..<3 {
            let value = (Int32(source[pixel * 4 + channel]) * opacity + white) / 255
            target[pixel * 3 + channel] = UInt8(truncatingIfNeeded: value)
          }
        }
        count = area * 3
      }
    }
  }

  /// libpng's reason for refusing.
  static func message(of image: png_image) -> String {
    withUnsafeBytes(of: image.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
