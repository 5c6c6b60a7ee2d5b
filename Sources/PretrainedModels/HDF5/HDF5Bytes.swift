import DataFiles

/// The bytes of an HDF5 file, on disk or in memory; every read is checked against their number.
struct HDF5Bytes: Sendable {
  private enum Place: Sendable {
    case file(InputFile)
    case memory([UInt8])
  }

  private let place: Place
  /// What the file is called in error messages.
  let name: String
  /// How many there are.
  let count: Int

  init(_ file: InputFile) {
    (place, name, count) = (.file(file), file.path, file.size)
  }

  init(_ bytes: [UInt8], name: String) {
    (place, self.name, count) = (.memory(bytes), name, bytes.count)
  }

  func damaged(_ reason: String) -> DataError {
    DataError("\(name) is truncated or damaged: \(reason); fetch it again.")
  }

  /// Some bytes to read numbers from, one after the other.
  func cursor(at offset: Int, count: Int) throws -> HDF5Cursor {
    HDF5Cursor(try read(count, at: offset), name: name)
  }

  func read(_ count: Int, at offset: Int) throws -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
      throw damaged("something in it lies beyond its end")
    }
    switch place {
    case .file(let file): return try file.read(count, at: offset)
    case .memory(let bytes): return Array(bytes[offset..<(offset + count)])
    }
  }

  /// Fills the buffer.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    guard offset >= 0, offset <= count, buffer.count <= count - offset else {
      throw damaged("something in it lies beyond its end")
    }
    switch place {
    case .file(let file):
      guard try file.read(into: buffer, at: offset) == buffer.count else {
        throw damaged("it became shorter")
      }
    case .memory(let bytes): buffer.copyBytes(from: bytes[offset..<(offset + buffer.count)])
    }
  }
}

/// A place in some bytes that moves on as numbers are read; all numbers are little-endian.
struct HDF5Cursor {
  private let bytes: [UInt8]
  private let name: String
  private(set) var position = 0

  init(_ bytes: [UInt8], name: String) {
    (self.bytes, self.name) = (bytes, name)
  }

  /// How many bytes are left.
  var rest: Int { bytes.count - position }

  mutating func skip(_ count: Int) throws {
    guard count >= 0, count <= rest else {
      throw DataError("\(name) is truncated or damaged: a record ends too early; fetch it again.")
    }
    position += count
  }

  mutating func take(_ count: Int) throws -> [UInt8] {
    try skip(count)
    return Array(bytes[(position - count)..<position])
  }

  /// An unsigned number of up to eight bytes; those that no address or size can be become the
  /// largest there is, as does the address that stands for "nowhere".
  mutating func number(_ width: Int) throws -> Int {
    try skip(width)
    var value: UInt64 = 0
    for byte in bytes[(position - width)..<position].reversed() {
      value = value << 8 | UInt64(byte)
    }
    return Int(clamping: value)
  }

  mutating func byte() throws -> Int { try number(1) }
  mutating func address() throws -> Int { try number(8) }

  /// Whether the next four bytes are these letters.
  mutating func isNext(_ letters: String) throws -> Bool { try take(4) == Array(letters.utf8) }

  /// Bytes up to a zero, or to the end.
  mutating func text(_ count: Int) throws -> String {
    String(decoding: try take(count).prefix { $0 != 0 }, as: UTF8.self)
  }
}
