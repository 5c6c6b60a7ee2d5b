/// The framing of TensorFlow's record files: length, check sum of the length, data, check sum of the data.
enum TFRecord {
  /// A record around some bytes.
  static func frame(_ data: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(data.count))
    return length + littleEndian(maskedChecksum(length)) + data
      + littleEndian(maskedChecksum(data))
  }

  /// CRC-32C, turned and moved: a check sum of data that holds its own check sum would be of little use.
  static func maskedChecksum(_ data: [UInt8]) -> UInt32 {
    let sum = crc32c(data)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }

  /// The cyclic redundancy check with Castagnoli's polynomial.
  static func crc32c(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~0) { sum, byte in sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0x82f6_3b78 : 0) }
  }
}
