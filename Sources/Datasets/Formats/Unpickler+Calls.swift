/// The few Python calls that rebuild a NumPy array.
extension Unpickler {
  mutating func pushGlobal(module: String, name: String) throws {
    let global: Global
    switch (module, name) {
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
      global = .reconstruct
    case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"):
      global = .scalar
    case ("numpy", "ndarray"): global = .array
    case ("numpy", "dtype"): global = .type
    case ("_codecs", "encode"): global = .encode
    default:
      throw DataError(
        "\(self.name) refuses to load global \(module).\(name): it is a pickle that would run code."
      )
    }
    try push(Value(kind: .global, payload: global.rawValue))
  }

  /// Calls the function below the top with the tuple on top.
  mutating func reduce() throws {
    let arguments = try items(try pop())
    let function = try pop()
    guard function.kind == .global, let global = Global(rawValue: function.payload) else {
      throw damaged("call of something that is no function")
    }
    let first = arguments.first
    switch global {
    case .reconstruct:
      guard first?.kind == .global, first?.payload == Global.array.rawValue,
        arrays.count < Self.storeLimit
      else { throw damaged("reconstruction of something else than an array") }
      try push(Value(kind: .array, payload: arrays.count))
      arrays.append(ArrayRecord())
    case .type:
      guard let first, types.count < Self.storeLimit else { throw damaged("type without a name") }
      let code = try string(first)
      try push(Value(kind: .type, payload: types.count))
      types.append(TypeRecord(code: code))
    case .encode:
      // Python 2 and protocol 2 have no bytes: they travel as text, one Latin-1 character per byte.
      guard let text = first, text.kind == .text, arguments.count == 2,
        try string(arguments[arguments.startIndex + 1]) == "latin1"
      else { throw damaged("unknown encoding") }
      try push(text)
    case .scalar:
      guard arguments.count == 2, let first, first.kind == .type, let data = arguments.last else {
        throw damaged("number without type")
      }
      try push(Value(kind: .integer, payload: try number(data, of: types[first.payload])))
    case .array: throw damaged("call of the array class")
    }
  }

  /// Fills the array or type below the top with the state on top.
  mutating func build() throws {
    let state = Array(try items(try pop()))
    let target = try top()
    switch target.kind {
    case .array:
      if try buildBytes(state, of: target.payload) { return }
      // (version, shape, type, is in Fortran order, list of elements)
      guard state.count == 5, state[4].kind == .list, state[2].kind == .type else {
        throw damaged("array without a list of elements")
      }
      let shape = Array(try items(state[1]))
      guard shape.count == 1, shape[0].kind == .integer else {
        throw DataError("\(name) should hold an array of one dimension.")
      }
      guard types[state[2].payload].code.hasPrefix("O") else {
        throw DataError("\(name) should hold an array of lists.")
      }
      arrays[target.payload] = ArrayRecord(length: shape[0].payload, list: state[4].payload)
    case .type:
      // (version, byte order, ...)
      guard state.count >= 2 else { throw damaged("type without byte order") }
      types[target.payload].isBigEndian = try string(state[1]) == ">"
    default: throw damaged("state for something that has none")
    }
  }

  /// Fills an array of bytes; returns whether it is one.
  private mutating func buildBytes(_ state: [Value], of array: Int) throws -> Bool {
    guard state.count == 5, state[2].kind == .type, types[state[2].payload].code == "u1",
      [.bytes, .latin1, .text].contains(state[4].kind)
    else { return false }
    let shape = try items(state[1]).map(\.payload)
    let bytes = range(state[4])
    // (version, shape, type, is in Fortran order, elements)
    guard try items(state[1]).allSatisfy({ $0.kind == .integer && $0.payload >= 0 }),
      state[3].kind == .bool, state[3].payload == 0
    else { throw damaged("array and its shape differ") }
    // The bytes of a text are counted when they are wanted: it may be named many times.
    let isText = state[4].kind == .text
    guard isText || Self.count(of: shape) == bytes.count else {
      throw damaged("array and its shape differ")
    }
    arrays[array] = ArrayRecord(bytes: bytes, isText: isText, shape: shape)
    return true
  }

  /// The number of elements; nil if that is impossible.
  private static func count(of shape: [Int]) -> Int? {
    shape.reduce(1) { total, length in
      guard let total else { return nil }
      let (product, overflows) = total.multipliedReportingOverflow(by: length)
      return overflows ? nil : product
    }
  }

  /// The bytes that a text in UTF-8 stands for, a character for each.
  func latin1Bytes(of array: ArrayRecord) throws -> [UInt8] {
    guard let range = array.bytes else { return [] }
    var result = [UInt8]()
    result.reserveCapacity(range.count)
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = input[position]
      position += 1
      if byte < 0x80 {
        result.append(byte)
        continue
      }
      // Two bytes, of which the first is C2 or C3, make up the characters from 128 to 255.
      guard byte & 0xfe == 0xc2, position < range.upperBound, input[position] & 0xc0 == 0x80 else {
        throw damaged("no byte")
      }
      result.append(byte << 6 | input[position] & 0x3f)
      position += 1
    }
    guard Self.count(of: array.shape) == result.count else {
      throw damaged("array and its shape differ")
    }
    return result
  }

  /// The whole number that a NumPy scalar stands for.
  private func number(_ data: Value, of type: TypeRecord) throws -> Int {
    guard data.kind == .bytes || data.kind == .text || data.kind == .latin1 else {
      throw damaged("number without bytes")
    }
    var bytes = [UInt8]()
    if data.kind == .text {
      guard range(data).count <= 16 else { throw damaged("number too large") }
      for scalar in String(decoding: input[range(data)], as: UTF8.self).unicodeScalars {
        guard let byte = UInt8(exactly: scalar.value) else { throw damaged("no byte") }
        bytes.append(byte)
      }
    } else {
      guard range(data).count <= 8 else { throw damaged("number too large") }
      bytes = Array(input[range(data)])
    }
    if type.isBigEndian { bytes.reverse() }
    let isSigned = type.code.hasPrefix("i")
    guard isSigned || type.code.hasPrefix("u"), let width = Int(type.code.dropFirst()),
      width == bytes.count, [1, 2, 4, 8].contains(width), let last = bytes.last
    else { throw DataError("\(name) should hold whole numbers, and holds NumPy's \(type.code).") }
    var value = isSigned && last >= 128 ? -1 : 0
    for byte in bytes.reversed() { value = value << 8 | Int(byte) }
    guard isSigned || value >= 0 else { throw damaged("number too large") }
    return value
  }
}
