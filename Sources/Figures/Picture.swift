/// One picture of a ``PictureGrid``: pixels row by row, grey or coloured.
public struct Picture: Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// What is written below the picture.
  public var caption: String?
  /// 1 for grey, 3 for red, green and blue.
  private let channels: Int
  private let pixels: [UInt8]

  /// A picture of bytes, from 0 for black to 255.
  ///
  /// - Parameters:
  ///   - pixels: `height` x `width` x `channels` values, row by row, channels last.
  ///   - width: the number of columns, 1 to 8192.
  ///   - height: the number of rows, 1 to 8192.
  ///   - channels: 1 for grey, 3 for red, green and blue.
  ///   - caption: what is written below the picture.
  public init(
    pixels: [UInt8], width: Int, height: Int, channels: Int = 1, caption: String? = nil
  ) {
    guard (1...8192).contains(width), (1...8192).contains(height) else {
      fail("A picture cannot have \(width) x \(height) pixels: give 1 x 1 to 8192 x 8192.")
    }
    guard channels == 1 || channels == 3 else {
      fail("A picture cannot have \(channels) channels: give 1 (grey) or 3 (red, green, blue).")
    }
    guard pixels.count == width * height * channels else {
      fail(
        """
        A picture of \(width) x \(height) pixels with \(channels) channels needs \
        \(width * height * channels) values, not \(pixels.count).
        """)
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.caption = caption
    self.pixels = pixels
  }

  /// A picture of numbers, from 0 for black to 1.
  ///
  /// Numbers beyond this range are taken for its nearer end, and NaN for black.
  ///
  /// - Parameters:
  ///   - pixels: `height` x `width` x `channels` values, row by row, channels last.
  ///   - width: the number of columns, 1 to 8192.
  ///   - height: the number of rows, 1 to 8192.
  ///   - channels: 1 for grey, 3 for red, green and blue.
  ///   - caption: what is written below the picture.
  public init(
    pixels: [Float], width: Int, height: Int, channels: Int = 1, caption: String? = nil
  ) {
    let bytes = pixels.map { value in
      value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
    }
    self.init(pixels: bytes, width: width, height: height, channels: channels, caption: caption)
  }

  /// The colours of all pixels.
  /// - Parameter isInverted: black becomes white.
  func raster(isInverted: Bool) -> Raster {
    let step = channels
    let flip: UInt32 = isInverted ? 0xFFFFFF : 0
    let colors = pixels.withUnsafeBufferPointer { pixels in
      (0..<width * height).map { index in
        let first = index * step
        // A grey pixel is its own green and blue.
        let (green, blue) = step == 3 ? (first + 1, first + 2) : (first, first)
        let color = UInt32(pixels[first]) << 16 | UInt32(pixels[green]) << 8 | UInt32(pixels[blue])
        return color ^ flip
      }
    }
    return Raster(width: width, height: height, colors: colors)
  }
}
