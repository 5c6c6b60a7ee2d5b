/// A message of the protobuf wire format under construction: fields in the order in which they are added.
///
/// A field is a key, its number times 8 plus its wire type, and a value: a varint, 8 or 4 bytes, or a length and so many
/// bytes. That is all that events, summaries and graphs are made of.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  /// Adds a whole number: `int32`, `int64`, `bool`, or the number of an `enum`.
  mutating func add(_ field: Int, _ value: Int) {
    addKey(field, wireType: 0)
    addVarint(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a `double`.
  mutating func add(_ field: Int, _ value: Double) {
    addKey(field, wireType: 1)
    bytes += littleEndian(value.bitPattern)
  }

  /// Adds a `string`.
  mutating func add(_ field: Int, _ value: String) { add(field, Array(value.utf8)) }

  /// Adds a message within the message.
  mutating func add(_ field: Int, _ value: ProtobufMessage) { add(field, value.bytes) }

  /// Adds `bytes`, or a packed list of numbers.
  mutating func add(_ field: Int, _ value: [UInt8]) {
    addKey(field, wireType: 2)
    addVarint(UInt64(value.count))
    bytes += value
  }

  /// Adds a message within the message, made on the spot.
  mutating func add(_ field: Int, _ make: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    make(&message)
    add(field, message)
  }

  private mutating func addKey(_ field: Int, wireType: Int) {
    addVarint(UInt64(field << 3 | wireType))
  }

  /// Seven bits to the byte, the lowest first; the eighth says that more follow.
  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The bytes of a number, the lowest first.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
