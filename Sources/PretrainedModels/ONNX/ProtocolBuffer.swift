import DataFiles

/// The fields of a message in Google's protocol buffers, one after the other; every length is checked.
///
/// The generated code of a library would be larger than the four fields that are read here, and take minutes to build.
struct ProtocolBuffer {
  /// What a field holds.
  enum Value: Equatable {
    case number(UInt64)
    /// Where its bytes lie.
    case bytes(Range<Int>)
  }

  private let bytes: [UInt8]
  private var range: Range<Int>
  private let name: String

  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - range: where the message lies in it.
  ///   - name: what the file is called in error messages.
  init(_ bytes: [UInt8], _ range: Range<Int>, name: String) {
    (self.bytes, self.range, self.name) = (bytes, range, name)
  }

  /// The next field's number and value; nil at the end.
  ///
  /// - Throws: `DataError` if it reaches beyond the message, or is of a kind that there is not.
  mutating func next() throws -> (number: UInt64, value: Value)? {
    if range.isEmpty { return nil }
    let key = try number()
    guard key >> 3 > 0 else { throw damaged }
    switch key & 7 {
    case 0: return (key >> 3, .number(try number()))
    case 1: return (key >> 3, .bytes(try take(8)))
    case 2: return (key >> 3, .bytes(try take(number())))
    case 5: return (key >> 3, .bytes(try take(4)))
    default: throw damaged
    }
  }

  /// The next of numbers that lie packed; nil at the end.
  mutating func packedNumber() throws -> UInt64? { range.isEmpty ? nil : try number() }

  /// Seven bits a byte, the lowest first.
  private mutating func number() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = range.first.map({ bytes[$0] }) else { throw damaged }
      range = range.lowerBound + 1..<range.upperBound
      let part = UInt64(byte & 127)
      guard (part << shift) >> shift == part else { throw damaged }
      value |= part << shift
      if byte < 128 { return value }
    }
    throw damaged
  }

  private mutating func take(_ count: UInt64) throws -> Range<Int> {
    guard count <= UInt64(range.count) else { throw damaged }
    let taken = range.lowerBound..<range.lowerBound + Int(count)
    range = taken.upperBound..<range.upperBound
    return taken
  }

  private var damaged: DataError {
    DataError(
      "\(name) is damaged, or not an ONNX file: a field reaches beyond its end, or is of no known kind."
    )
  }
}
