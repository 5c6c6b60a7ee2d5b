import Foundation

/// A piece of a PNG file: its length, four letters that say what it is, what it holds, and a checksum.
struct PNGChunk {
  /// What every PNG file starts with.
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  let kind: String
  let content: Data

  /// The chunk as it stands in a file.
  var bytes: Data {
    let named = Data(kind.utf8) + content
    return Self.big(UInt32(content.count)) + named + Self.big(Self.checksum(of: named))
  }

  /// The chunks of a file that libpng has written, which is whole.
  static func all(in file: Data) -> [PNGChunk] {
    let bytes = [UInt8](file)
    var chunks: [PNGChunk] = []
    var place = signature.count
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard place + 12 + length <= bytes.count else { break }
      chunks.append(
        PNGChunk(
          kind: String(decoding: bytes[place + 4..<place + 8], as: UTF8.self),
          content: Data(bytes[place + 8..<place + 8 + length])))
      place += 12 + length
    }
    return chunks
  }

  private static func big(_ number: UInt32) -> Data {
    Data([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
  }

  /// The cyclic redundancy check of the PNG standard, appendix D.
  static func checksum(of data: Data) -> UInt32 {
    ~data.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { (number: UInt32) in
    (0..<8).reduce(number) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }
}
