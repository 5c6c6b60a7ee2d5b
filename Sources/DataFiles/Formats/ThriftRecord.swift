/// A record in Thrift's compact form, in which Parquet files describe themselves: fields by number.
struct ThriftRecord {
  /// What a field holds.
  indirect enum Value {
    case integer(Int)
    case bytes(ArraySlice<UInt8>)
    case list([Value])
    case record(ThriftRecord)
    /// Flags and fractions, which nobody here asks for.
    case other
  }

  private var fields: [Int: Value] = [:]

  /// Takes a record from the front of some bytes; nil if they hold none.
  ///
  /// - Parameter depth: how deeply records may nest.
  init?(_ bytes: inout ArraySlice<UInt8>, depth: Int = 16) {
    guard depth > 0 else { return nil }
    var (number, overflows) = (0, false)
    while let head = bytes.popFirst() {
      if head == 0 { return }
      if head >> 4 == 0 {
        guard let next = Self.takeInteger(&bytes) else { return nil }
        number = next
      } else {
        (number, overflows) = number.addingReportingOverflow(Int(head >> 4))
      }
      // Fields are numbered in 16 bits.
      guard !overflows, Int(Int16.min)...Int(Int16.max) ~= number else { return nil }
      // Flags stand in the type itself.
      let isFlag = head & 15 == 1 || head & 15 == 2
      guard let value = isFlag ? .other : Self.takeValue(head & 15, &bytes, depth) else {
        return nil
      }
      fields[number] = value
    }
    return nil
  }

  /// A whole number.
  func integer(_ field: Int) -> Int? {
    if case .integer(let value) = fields[field] { value } else { nil }
  }

  /// A text or other bytes.
  func bytes(_ field: Int) -> ArraySlice<UInt8>? {
    if case .bytes(let value) = fields[field] { value } else { nil }
  }

  /// A record inside this one.
  func record(_ field: Int) -> ThriftRecord? {
    if case .record(let value) = fields[field] { value } else { nil }
  }

  /// The records of a list; those elements that are none are left out.
  func records(_ field: Int) -> [ThriftRecord] {
    list(field).compactMap { if case .record(let value) = $0 { value } else { nil } }
  }

  /// The elements of a list of texts.
  func texts(_ field: Int) -> [String] {
    list(field).compactMap {
      if case .bytes(let value) = $0 { String(decoding: value, as: UTF8.self) } else { nil }
    }
  }

  private func list(_ field: Int) -> [Value] {
    if case .list(let values) = fields[field] { values } else { [] }
  }

  private static func takeValue(
    _ type: UInt8, _ bytes: inout ArraySlice<UInt8>, _ depth: Int
  ) -> Value? {
    switch type {
    case 1, 2, 3: return bytes.popFirst().map { _ in .other }
    case 4, 5, 6: return takeInteger(&bytes).map(Value.integer)
    case 7:
      guard bytes.count >= 8 else { return nil }
      bytes = bytes.dropFirst(8)
      return .other
    case 8:
      guard let length = bytes.takeVariableLength(), length <= bytes.count else { return nil }
      defer { bytes = bytes.dropFirst(length) }
      return .bytes(bytes.prefix(length))
    case 9, 10: return takeList(&bytes, depth)
    case 12: return ThriftRecord(&bytes, depth: depth - 1).map(Value.record)
    default: return nil
    }
  }

  private static func takeList(_ bytes: inout ArraySlice<UInt8>, _ depth: Int) -> Value? {
    guard let head = bytes.popFirst(),
      let count = head >> 4 == 15 ? bytes.takeVariableLength() : Int(head >> 4),
      // Every element takes a byte at least.
      count <= bytes.count, depth > 0
    else { return nil }
    var values = [Value]()
    for _ in 0..<count {
      guard let value = takeValue(head & 15, &bytes, depth - 1) else { return nil }
      values.append(value)
    }
    return .list(values)
  }

  /// A number with its sign in the lowest bit, at most 64 bits.
  private static func takeInteger(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return Int(bitPattern: UInt(value >> 1 ^ (0 &- value & 1))) }
    }
    return nil
  }
}
