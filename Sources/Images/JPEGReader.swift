import CJPEG

/// Reads JPEG through TurboJPEG.
enum JPEGReader {
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, name: String, limit: Int
  ) throws -> Image {
    guard let decoder = tjInitDecompress() else {
      throw ImageError("\(name) cannot be read: free some memory and run again.")
    }
    defer { tjDestroy(decoder) }

    var (width, height, subsampling, space) = (Int32(0), Int32(0), Int32(0), Int32(-1))
    let size = CUnsignedLong(bytes.count)
    // Fails for rare kinds of subsampling, which the decoder itself handles: the size decides.
    let status = tjDecompressHeader3(
      decoder, bytes.baseAddress, size, &width, &height, &subsampling, &space)
    guard width > 0, height > 0 else {
      throw refusal(status == 0 ? "no size" : message(of: decoder), name: name)
    }
    let (columns, rows) = (Int(width), Int(height))
    try Image.checkSize(columns, rows, name: name, limit: limit)

    let isCMYK = space == Int32(TJCS_CMYK.rawValue) || space == Int32(TJCS_YCCK.rawValue)
    let format = isCMYK ? TJPF_CMYK : TJPF_RGB
    let count = columns * rows * (isCMYK ? 4 : 3)
    let markers = JPEGMarkers(bytes)
    let pixels = try [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      // A first attempt ends at the first warning: a file of a few bytes is not to be filled up with
      // millions of grey pixels. A harmless warning earns a second one.
      for flags in [TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING, TJFLAG_LIMITSCANS] {
        let status = tjDecompress2(
          decoder, bytes.baseAddress, size, buffer.baseAddress, width, 0, height,
          Int32(format.rawValue), flags)
        if status == 0 { break }
        let text = message(of: decoder)
        let isWarning = tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
        guard isWarning, isHarmless(text) else { throw refusal(text, name: name) }
        // The text is that of the first warning; a harmless one may hide that the end is missing.
        guard markers.hasEnd else { throw refusal("its end is missing", name: name) }
      }
      written = count
    }
    let image = Image(
      width: columns, height: rows,
      pixels: isCMYK ? rgb(inks: pixels, isInverted: markers.isAdobe) : pixels)
    return image.upright(markers.orientation)
  }

  /// Whether the picture is whole in spite of a warning.
  ///
  /// Cameras and editors leave bytes between the pixels and the end, and old programs number the
  /// format oddly; the Kaggle cats and dogs are known for both. All other warnings mean lost pixels.
  static func isHarmless(_ warning: String) -> Bool {
    ["extraneous bytes before marker", "JFIF revision", "Adobe color transform"]
      .contains { warning.contains($0) }
  }

  private static func refusal(_ reason: String, name: String) -> ImageError {
    guard reason.contains("nsupported") else { return .damaged(name, reason) }
    return ImageError(
      "\(name) is a JPEG picture of a rare kind (\(reason)): save it again as a common one, or as PNG."
    )
  }

  /// Red, green and blue of cyan, magenta, yellow and black inks.
  ///
  /// - Parameter isInverted: 255 is no ink instead of full ink, as all programs write that, like
  ///   Adobe's, leave their mark in the file.
  static func rgb(inks: [UInt8], isInverted: Bool) -> [UInt8] {
    let area = inks.count / 4
    let flip: UInt8 = isInverted ? 0 : 255
    return inks.withUnsafeBufferPointer { inks in
      [UInt8](unsafeUninitializedCapacity: area * 3) { target, count in
        for pixel in 0..<area {
          let black = Int32(inks[pixel * 4 + 3] ^ flip)
          for channel in 0..<3 {
            let light = Int32(inks[pixel * 4 + channel] ^ flip) * black
            target[pixel * 3 + channel] = UInt8(truncatingIfNeeded: (light + 127) / 255)
          }
        }
        count = area * 3
      }
    }
  }

  static func message(of handle: tjhandle) -> String {
    tjGetErrorStr2(handle).map { String(cString: $0) } ?? "no reason given"
  }
}
