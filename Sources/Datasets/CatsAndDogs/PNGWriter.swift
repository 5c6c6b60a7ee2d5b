import DataFiles

/// Writes pictures as PNG files, for whatever reads files.
enum PNGWriter {
  /// A PNG file of 8-bit red, green and blue pixels, not compressed: that takes no time.
  static func file(width: Int, height: Int, pixels: [UInt8]) -> [UInt8] {
    var rows = [UInt8]()
    rows.reserveCapacity(height * (3 * width + 1))
    for row in 0..<height {
      // No filter.
      rows.append(0)
      rows += pixels[row * width * 3..<(row + 1) * width * 3]
    }
    var data: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: rows.count, by: 65_535) {
      let block = rows[start..<min(start + 65_535, rows.count)]
      data.append(block.endIndex == rows.count ? 1 : 0)
      data += little(block.count) + little(~block.count & 0xffff) + block
    }
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in rows {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    data += big(b << 16 | a)
    return [0x89] + Array("PNG\r\n".utf8) + [0x1a, 0x0a]
      + chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, 2, 0, 0, 0])
      + chunk("IDAT", data) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    let sum = body.withUnsafeBytes { extendedCRC32(0, over: $0) }
    return big(UInt32(data.count)) + body + big(UInt32(truncatingIfNeeded: sum))
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
  }

  private static func little(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }
}
