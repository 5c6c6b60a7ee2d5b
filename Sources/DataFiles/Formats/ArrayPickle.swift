/// What the pickles of data sets may do: rebuild NumPy arrays of lists of whole numbers, and of bytes.
package struct ArrayPickle: PicklePolicy {
  /// What a call made.
  package enum Object {
    /// An array; nothing is known of it before it is built.
    case array(Contents?)
    /// A type of number, by NumPy's code.
    case type(String, isBigEndian: Bool)
  }

  /// What an array holds.
  package enum Contents {
    /// So many lists, which a list holds.
    case lists(Int, list: Int)
    /// Bytes, by their place in the input. Python 3 writes them as text in protocol 2: in UTF-8, a character for each.
    case bytes(Range<Int>, isText: Bool, shape: [Int])
  }

  /// What calls have made; a value of the machine says which.
  package private(set) var objects: [Object] = []

  package let protocols: ClosedRange<UInt8> = 2...4
  package let globals: Set = [
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.ndarray",
    "numpy.dtype", "_codecs.encode",
  ]

  /// For one run of a machine.
  package init() {}

  package func refusal(of global: String, in file: String) -> DataError {
    DataError("\(file) refuses to load global \(global): it is a pickle that would run code.")
  }

  package mutating func call(
    _ global: String, _ arguments: [Unpickler.Value], in machine: inout Unpickler
  ) throws -> Unpickler.Value {
    switch global {
    case "numpy.dtype":
      guard let code = arguments.first.flatMap(machine.string) else {
        throw machine.damaged("type without a name")
      }
      return add(.type(code, isBigEndian: false))
    case "_codecs.encode":
      // Python 2 and protocol 2 have no bytes: they travel as text, one Latin-1 character per byte.
      guard arguments.count == 2, case .text = arguments[0],
        machine.string(arguments[1]) == "latin1"
      else { throw machine.damaged("unknown encoding") }
      return arguments[0]
    case "numpy.ndarray": throw machine.damaged("call of the array class")
    case let name where name.hasSuffix(".scalar"):
      guard arguments.count == 2, let (code, isBigEndian) = type(arguments[0]) else {
        throw machine.damaged("number without type")
      }
      return .integer(try number(arguments[1], code, isBigEndian, in: machine))
    default:
      guard case .global(let type)? = arguments.first, machine.globals[type] == "numpy.ndarray"
      else { throw machine.damaged("reconstruction of something else than an array") }
      return add(.array(nil))
    }
  }

  package mutating func build(
    _ target: Unpickler.Value, from state: Unpickler.Value, in machine: inout Unpickler
  ) throws {
    let state = try machine.items(state)
    guard case .object(let number) = target else {
      throw machine.damaged("state for something that has none")
    }
    switch objects[number] {
    case .array: objects[number] = .array(try contents(state, in: machine))
    case .type(let code, _):
      // (version, byte order, ...)
      guard state.count >= 2, let order = machine.string(state[1]) else {
        throw machine.damaged("type without byte order")
      }
      objects[number] = .type(code, isBigEndian: order == ">")
    }
  }

  package func outside(_ name: Unpickler.Value, in machine: inout Unpickler) throws
    -> Unpickler.Value
  {
    throw machine.damaged("something outside of the file")
  }

  private mutating func add(_ object: Object) -> Unpickler.Value {
    objects.append(object)
    return .object(objects.count - 1)
  }

  private func type(_ value: Unpickler.Value) -> (code: String, isBigEndian: Bool)? {
    guard case .object(let number) = value, case .type(let code, let isBigEndian) = objects[number]
    else { return nil }
    return (code, isBigEndian)
  }

  /// What the state of an array says: version, shape, type, whether it is in Fortran order, elements.
  private func contents(_ state: [Unpickler.Value], in machine: Unpickler) throws -> Contents {
    guard state.count == 5, let type = type(state[2])?.code else {
      throw machine.damaged("array without a list of elements")
    }
    let shape = try machine.items(state[1]).map { value -> Int in
      guard case .integer(let length) = value, length >= 0 else {
        throw machine.damaged("array and its shape differ")
      }
      return length
    }
    if type == "u1", let bytes = machine.range(state[4]) {
      // The bytes of a text are counted when they are wanted: it may be named many times.
      let isText = if case .text = state[4] { true } else { false }
      guard state[3] == .bool(false), isText || Self.count(of: shape) == bytes.count else {
        throw machine.damaged("array and its shape differ")
      }
      return .bytes(bytes, isText: isText, shape: shape)
    }
    guard case .list(let list) = state[4] else {
      throw machine.damaged("array without a list of elements")
    }
    guard shape.count == 1 else {
      throw DataError("\(machine.name) should hold an array of one dimension.")
    }
    guard type.hasPrefix("O") else {
      throw DataError("\(machine.name) should hold an array of lists.")
    }
    return .lists(shape[0], list: list)
  }

  /// The number of elements; nil if that is impossible.
  private static func count(of shape: [Int]) -> Int? {
    shape.reduce(1) { total, length in
      guard let total else { return nil }
      let (product, overflows) = total.multipliedReportingOverflow(by: length)
      return overflows ? nil : product
    }
  }

  /// The bytes that a text stands for, a character for each, as many as a shape has elements.
  package func latin1Bytes(
    _ text: Range<Int>, shape: [Int], in machine: Unpickler
  ) throws -> [UInt8] {
    let scalars = String(decoding: machine.input[text], as: UTF8.self).unicodeScalars
    let bytes = try scalars.map { scalar in
      guard let byte = UInt8(exactly: scalar.value) else { throw machine.damaged("no byte") }
      return byte
    }
    guard Self.count(of: shape) == bytes.count else {
      throw machine.damaged("array and its shape differ")
    }
    return bytes
  }

  /// The whole number that a NumPy scalar stands for.
  private func number(
    _ data: Unpickler.Value, _ code: String, _ isBigEndian: Bool, in machine: Unpickler
  ) throws -> Int {
    guard let range = machine.range(data) else { throw machine.damaged("number without bytes") }
    guard range.count <= 16 else { throw machine.damaged("number too large") }
    var bytes = Array(machine.input[range])
    let isSigned = code.hasPrefix("i")
    guard isSigned || code.hasPrefix("u"), let width = Int(code.dropFirst()),
      [1, 2, 4, 8].contains(width)
    else {
      throw DataError("\(machine.name) should hold whole numbers, and holds NumPy's \(code).")
    }
    if case .text = data { bytes = try latin1Bytes(range, shape: [width], in: machine) }
    guard bytes.count == width else { throw machine.damaged("number of another length") }
    if !isBigEndian { bytes.reverse() }
    let value = bytes.reduce(isSigned && bytes[0] >= 128 ? -1 : 0) { $0 << 8 | Int($1) }
    guard isSigned || value >= 0 else { throw machine.damaged("number too large") }
    return value
  }
}
