import Foundation

extension Image {
  /// Reads a PNG or JPEG file. What it is, its content says, not its name.
  ///
  /// Transparent pixels are laid on white. The orientation that a camera notes in a JPEG file is
  /// applied, so that people stand upright (Keras' `load_img` leaves them lying).
  ///
  /// - Throws: ``ImageError`` if there is no such file, or if it is not a complete picture.
  public init(contentsOf path: String) throws {
    try self.init(decoding: ImageFile.read(path), name: path)
  }

  /// Reads the bytes of a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - name: what errors call it.
  /// - Throws: ``ImageError`` if the bytes are no whole picture.
  public init(decoding data: [UInt8], name: String) throws {
    self = try data.withUnsafeBufferPointer { try Image.decode($0, name: name) }
  }

  /// Reads the bytes of a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - name: what errors call it.
  ///   - limit: the number of pixels that it may have at most.
  /// - Throws: ``ImageError`` if the bytes are no whole picture, or it has more pixels.
  public init(decoding data: Data, name: String, limit: Int = largestPixelCount) throws {
    self = try data.withUnsafeBytes { bytes in
      try bytes.withMemoryRebound(to: UInt8.self) {
        try Image.decode($0, name: name, limit: limit)
      }
    }
  }

  private static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, name: String, limit: Int = largestPixelCount
  ) throws -> Image {
    guard !bytes.isEmpty else {
      throw ImageError("\(name) is empty: replace it by a whole copy, or remove it.")
    }
    switch ImageKind(bytes) {
    case .png: return try PNGReader.decode(bytes, name: name, limit: limit)
    case .jpeg: return try JPEGReader.decode(bytes, name: name, limit: limit)
    case .other(let kind):
      throw ImageError(
        "\(name) is not a PNG or JPEG picture but \(kind): convert it, or choose another file.")
    }
  }

  /// Makes sure that a size read from a file is worth allocating memory for.
  static func checkSize(_ width: Int, _ height: Int, name: String, limit: Int) throws {
    guard width > 0, height > 0 else {
      throw ImageError.damaged(name, "\(width) x \(height) pixels")
    }
    let (area, isLarge) = width.multipliedReportingOverflow(by: height)
    guard !isLarge, area <= limit else {
      throw ImageError(
        """
        \(name) claims \(width) x \(height) pixels, more than the \
        \(limit / 1_000_000) million that are read here: scale it down first.
        """)
    }
  }
}
