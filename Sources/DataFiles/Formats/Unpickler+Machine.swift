/// The loop over the instructions of a pickle.
extension Unpickler {
  /// Runs the pickle up to its STOP and returns what is on top of the stack.
  package mutating func run(_ policy: inout some PicklePolicy) throws -> Value {
    while true {
      let instruction = try byte()
      switch instruction {
      case 0x80:  // PROTO
        let version = try byte()
        guard policy.protocols.contains(version) else {
          throw DataError(
            "\(name) is a pickle of protocol \(version); known are \(policy.protocols.lowerBound) "
              + "to \(policy.protocols.upperBound).")
        }
      case 0x95: _ = try size(8)  // FRAME; its length is of no use here
      case 0x2e: return try pop()  // STOP
      case 0x63:  // GLOBAL
        let module = try line()
        try pushGlobal("\(module).\(try line())", policy)
      case 0x93:  // STACK_GLOBAL
        guard let name = string(try pop()), let module = string(try pop()) else {
          throw damaged("a name is not text")
        }
        try pushGlobal("\(module).\(name)", policy)
      case 0x52:  // REDUCE
        let arguments = try items(try pop())
        guard case .global(let function) = try pop() else {
          throw damaged("call of something that is not a function")
        }
        try store(1, "calls")
        try push(policy.call(globals[function], arguments, in: &self))
      case 0x62:  // BUILD
        let state = try pop()
        try policy.build(try top(), from: state, in: &self)
      case 0x51:  // BINPERSID
        try store(1, "calls")
        try push(policy.outside(try pop(), in: &self))
      default:
        if try pushLiteral(instruction) { continue }
        if try moveItems(instruction) { continue }
        if try useMemo(instruction) { continue }
        let code = String(instruction, radix: 16)
        throw damaged("instruction 0x\(code) is none that such a file needs")
      }
    }
  }

  private mutating func pushGlobal(_ global: String, _ policy: some PicklePolicy) throws {
    guard policy.globals.contains(global) else { throw policy.refusal(of: global, in: name) }
    try store(1, "names")
    globals.append(global)
    try push(.global(globals.count - 1))
  }

  /// Pushes a value that stands in the input; returns whether the instruction does that.
  private mutating func pushLiteral(_ instruction: UInt8) throws -> Bool {
    switch instruction {
    case 0x4e: try push(.none)
    case 0x88: try push(.bool(true))
    case 0x89: try push(.bool(false))
    case 0x4b: try push(.integer(Int(try byte())))  // BININT1
    case 0x4d: try push(.integer(try size(2)))  // BININT2
    case 0x4a: try push(.integer(Int(Int32(truncatingIfNeeded: try size(4)))))  // BININT
    case 0x8a:  // LONG1
      let digits = try skip(Int(try byte()))
      try push(digits.count <= 8 ? .integer(signed(digits)) : .other)
    case 0x47:  // BINFLOAT
      _ = try skip(8)
      try push(.other)
    case 0x55: try push(.latin1(try skip(Int(try byte()))))  // SHORT_BINSTRING (Python 2)
    case 0x54: try push(.latin1(try skip(try size(4))))  // BINSTRING (Python 2)
    case 0x8c: try push(.text(try skip(Int(try byte()))))  // SHORT_BINUNICODE
    case 0x58: try push(.text(try skip(try size(4))))  // BINUNICODE
    case 0x8d: try push(.text(try skip(try size(8))))  // BINUNICODE8
    case 0x43: try push(.bytes(try skip(Int(try byte()))))  // SHORT_BINBYTES
    case 0x42: try push(.bytes(try skip(try size(4))))  // BINBYTES
    case 0x8e: try push(.bytes(try skip(try size(8))))  // BINBYTES8
    default: return false
    }
    return true
  }

  /// Makes and fills tuples, lists and dictionaries; returns whether the instruction does that.
  private mutating func moveItems(_ instruction: UInt8) throws -> Bool {
    switch instruction {
    case 0x28: try mark()  // MARK
    case 0x30: _ = try pop()  // POP
    case 0x31: stack.removeSubrange(try popMark()...)  // POP_MARK
    case 0x29: try pushTuple(from: stack.count)  // EMPTY_TUPLE
    case 0x85: try pushTuple(from: stack.count - 1)  // TUPLE1
    case 0x86: try pushTuple(from: stack.count - 2)  // TUPLE2
    case 0x87: try pushTuple(from: stack.count - 3)  // TUPLE3
    case 0x74: try pushTuple(from: try popMark())  // TUPLE
    case 0x5d:  // EMPTY_LIST
      try store(1, "lists")
      lists.append(List())
      try push(.list(lists.count - 1))
    case 0x61: try append(from: stack.count - 1)  // APPEND
    case 0x65: try append(from: try popMark())  // APPENDS
    case 0x7d: try push(makeDictionary())  // EMPTY_DICT
    case 0x73: try setItems(from: stack.count - 2)  // SETITEM
    case 0x75: try setItems(from: try popMark())  // SETITEMS
    default: return false
    }
    return true
  }

  /// Keeps values for later, and brings them back; returns whether the instruction does that.
  private mutating func useMemo(_ instruction: UInt8) throws -> Bool {
    func remember(_ index: Int) throws {
      guard memo.count < Self.stackLimit else { throw damaged("endless memo") }
      memo[index] = try top()
    }
    func recall(_ index: Int) throws {
      guard let value = memo[index] else { throw damaged("nothing remembered under \(index)") }
      try push(value)
    }
    switch instruction {
    case 0x71: try remember(Int(try byte()))  // BINPUT
    case 0x72: try remember(try size(4))  // LONG_BINPUT
    case 0x94: try remember(memo.count)  // MEMOIZE
    case 0x68: try recall(Int(try byte()))  // BINGET
    case 0x6a: try recall(try size(4))  // LONG_BINGET
    default: return false
    }
    return true
  }

  // MARK: Input

  private mutating func byte() throws -> UInt8 { input[try skip(1).lowerBound] }

  /// Passes over bytes and says where they lie.
  private mutating func skip(_ count: Int) throws -> Range<Int> {
    guard count <= input.count - position else { throw damaged("it ends too early") }
    defer { position += count }
    return position..<position + count
  }

  /// A little-endian number of 1 to 8 bytes without sign.
  private mutating func size(_ width: Int) throws -> Int {
    let value = input[try skip(width)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let size = Int(exactly: value) else { throw damaged("impossible length") }
    return size
  }

  /// The little-endian number with sign that lies in a part of the input.
  private func signed(_ range: Range<Int>) -> Int {
    let isNegative = range.last.map { input[$0] >= 128 } ?? false
    return input[range].reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
  }

  private mutating func line() throws -> String {
    let start = position
    while try byte() != 10 {
      guard position - start < 256 else { throw damaged("endless name") }
    }
    return String(decoding: input[start..<(position - 1)], as: UTF8.self)
  }

  // MARK: Stack

  private mutating func push(_ value: Value) throws {
    guard stack.count < Self.stackLimit else { throw damaged("endless stack") }
    stack.append(value)
  }

  /// Takes the top value; nothing below the last mark can be taken.
  private mutating func pop() throws -> Value {
    let value = try top()
    stack.removeLast()
    return value
  }

  private func top() throws -> Value {
    guard let value = stack.last, stack.count > marks.last ?? 0 else {
      throw damaged("empty stack")
    }
    return value
  }

  private mutating func popMark() throws -> Int {
    guard let start = marks.popLast(), start <= stack.count else { throw damaged("missing mark") }
    return start
  }

  private mutating func pushTuple(from start: Int) throws {
    guard start >= marks.last ?? 0 else { throw damaged("empty stack") }
    try store(stack.count - start, "items of tuples")
    let first = tupleItems.count
    tupleItems += stack[start...]
    stack.removeSubrange(start...)
    try push(.tuple(first..<tupleItems.count))
  }

  /// A new dictionary without entries.
  package mutating func makeDictionary() throws -> Value {
    try store(1, "dictionaries")
    dictionaries.append([])
    return .dictionary(dictionaries.count - 1)
  }

  /// Puts the keys and values from a place of the stack on into the dictionary below them.
  private mutating func setItems(from start: Int) throws {
    guard start > marks.last ?? 0, (stack.count - start).isMultiple(of: 2),
      case .dictionary(let number) = stack[start - 1]
    else { throw damaged("no dictionary to put items into") }
    try store(stack.count - start, "entries of dictionaries")
    for index in stride(from: start, to: stack.count, by: 2) {
      dictionaries[number].append((stack[index], stack[index + 1]))
    }
    stack.removeSubrange(start...)
  }

  /// Puts the values from a place of the stack on into the list below them.
  private mutating func append(from start: Int) throws {
    guard start > marks.last ?? 0, case .list(let number) = stack[start - 1] else {
      throw damaged("no list to append to")
    }
    try append(stack[start...], to: number)
    stack.removeSubrange(start...)
  }
}
