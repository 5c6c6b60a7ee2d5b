/// The loop over the instructions of a pickle.
extension Unpickler {
  /// Runs the pickle up to its STOP and returns what is on top of the stack.
  mutating func run() throws -> Value {
    while true {
      switch try byte() {
      case 0x80:  // PROTO
        let version = try byte()
        guard (2...4).contains(version) else {
          throw DataError("\(name) is a pickle of protocol \(version); known are 2 to 4.")
        }
      case 0x95:  // FRAME; its length is of no use here
        _ = try size(8)
      case 0x28:  // MARK
        try mark()
      case 0x2e:  // STOP
        return try pop()
      case 0x30:  // POP
        _ = try pop()
      case 0x31:  // POP_MARK
        stack.removeSubrange(try popMark()...)
      case 0x4e: try push(Value(kind: .none))
      case 0x88: try push(Value(kind: .bool, payload: 1))
      case 0x89: try push(Value(kind: .bool, payload: 0))
      case 0x4b:  // BININT1
        try push(Value(kind: .integer, payload: Int(try byte())))
      case 0x4d:  // BININT2
        try push(Value(kind: .integer, payload: try size(2)))
      case 0x4a:  // BININT
        let bits = UInt32(truncatingIfNeeded: try size(4))
        try push(Value(kind: .integer, payload: Int(Int32(bitPattern: bits))))
      case 0x8a:  // LONG1
        try push(Value(kind: .integer, payload: try long(Int(try byte()))))
      case 0x55: try blob(.latin1, length: Int(try byte()))  // SHORT_BINSTRING (Python 2)
      case 0x54: try blob(.latin1, length: size(4))  // BINSTRING (Python 2)
      case 0x8c: try blob(.text, length: Int(try byte()))  // SHORT_BINUNICODE
      case 0x58: try blob(.text, length: size(4))  // BINUNICODE
      case 0x8d: try blob(.text, length: size(8))  // BINUNICODE8
      case 0x43: try blob(.bytes, length: Int(try byte()))  // SHORT_BINBYTES
      case 0x42: try blob(.bytes, length: size(4))  // BINBYTES
      case 0x8e: try blob(.bytes, length: size(8))  // BINBYTES8
      case 0x5d:  // EMPTY_LIST
        guard lists.count < Self.listLimit else { throw damaged("too many lists") }
        try push(Value(kind: .list, payload: lists.count))
        lists.append(List())
      case 0x61:  // APPEND
        let item = try pop()
        try append([item], to: try top())
      case 0x65:  // APPENDS
        let start = try popMark()
        guard start > 0 else { throw damaged("no list to append to") }
        let items = Array(stack[start...])
        stack.removeSubrange(start...)
        try append(items, to: try top())
      case 0x7d:  // EMPTY_DICT
        try push(Value(kind: .dictionary, payload: dictionaryCount))
        dictionaryCount += 1
      case 0x73: try setItems(from: stack.count - 2)  // SETITEM
      case 0x75: try setItems(from: try popMark())  // SETITEMS
      case 0x29: try pushTuple(from: stack.count)
      case 0x85: try pushTuple(from: stack.count - 1)
      case 0x86: try pushTuple(from: stack.count - 2)
      case 0x87: try pushTuple(from: stack.count - 3)
      case 0x74: try pushTuple(from: try popMark())
      case 0x63:  // GLOBAL
        let module = try line()
        try pushGlobal(module: module, name: try line())
      case 0x93:  // STACK_GLOBAL
        let name = try pop()
        let module = try pop()
        try pushGlobal(module: try string(module), name: try string(name))
      case 0x52: try reduce()
      case 0x62: try build()
      case 0x71: try remember(Int(try byte()))  // BINPUT
      case 0x72: try remember(size(4))  // LONG_BINPUT
      case 0x94: try remember(memo.count)  // MEMOIZE
      case 0x68: try recall(Int(try byte()))  // BINGET
      case 0x6a: try recall(size(4))  // LONG_BINGET
      case let other:
        throw damaged("instruction 0x\(String(other, radix: 16)) is none that such a file needs")
      }
    }
  }

  // MARK: Input

  mutating func byte() throws -> UInt8 {
    guard position < input.count else { throw damaged("it ends too early") }
    defer { position += 1 }
    return input[position]
  }

  /// A little-endian number of 1 to 8 bytes without sign.
  mutating func size(_ width: Int) throws -> Int {
    guard width <= input.count - position else { throw damaged("it ends too early") }
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(input[position + index]) << UInt64(8 * index) }
    position += width
    guard let size = Int(exactly: value) else { throw damaged("impossible length") }
    return size
  }

  /// A little-endian number with sign.
  private mutating func long(_ width: Int) throws -> Int {
    guard width <= 8, width <= input.count - position else { throw damaged("number too large") }
    let start = position
    position += width
    return signed(start..<position)
  }

  func signed(_ range: Range<Int>) -> Int {
    guard let last = range.last else { return 0 }
    var value = input[last] >= 128 ? -1 : 0
    for index in range.reversed() { value = value << 8 | Int(input[index]) }
    return value
  }

  private mutating func line() throws -> String {
    let start = position
    while try byte() != 10 {
      guard position - start < 256 else { throw damaged("endless name") }
    }
    return String(decoding: input[start..<(position - 1)], as: UTF8.self)
  }

  /// Strings stay where they are in the input: the value is start and length.
  private mutating func blob(_ kind: Value.Kind, length: Int) throws {
    guard length <= input.count - position else { throw damaged("it ends too early") }
    try push(Value(kind: kind, payload: position << 31 | length))
    position += length
  }

  func range(_ value: Value) -> Range<Int> {
    let start = value.payload >> 31
    return start..<(start + value.payload & 0x7fff_ffff)
  }

  func string(_ value: Value) throws -> String {
    guard value.kind == .text || value.kind == .latin1 || value.kind == .bytes,
      range(value).count < 256
    else { throw damaged("a name is no text") }
    return String(decoding: input[range(value)], as: UTF8.self)
  }

  // MARK: Stack and memo

  mutating func push(_ value: Value) throws {
    guard stack.count < Self.storeLimit else { throw damaged("endless stack") }
    stack.append(value)
  }

  /// Takes the top value; nothing below the last mark can be taken.
  mutating func pop() throws -> Value {
    guard let value = stack.last, stack.count > marks.last ?? 0 else {
      throw damaged("empty stack")
    }
    stack.removeLast()
    return value
  }

  func top() throws -> Value {
    guard let value = stack.last, stack.count > marks.last ?? 0 else {
      throw damaged("empty stack")
    }
    return value
  }

  /// Puts the keys and values from a place of the stack on into the dictionary below them.
  private mutating func setItems(from start: Int) throws {
    guard start > marks.last ?? 0, (stack.count - start) % 2 == 0,
      stack[start - 1].kind == .dictionary
    else { throw damaged("no dictionary to put items into") }
    guard entries.count + stack.count - start <= Self.storeLimit else {
      throw damaged("too many items")
    }
    for index in stride(from: start, to: stack.count, by: 2) {
      entries.append((stack[start - 1].payload, stack[index], stack[index + 1]))
    }
    stack.removeSubrange(start...)
  }

  private mutating func popMark() throws -> Int {
    guard let start = marks.popLast(), start <= stack.count else { throw damaged("missing mark") }
    return start
  }

  private mutating func remember(_ index: Int) throws {
    guard memo.count < Self.storeLimit else { throw damaged("endless memo") }
    memo[index] = try top()
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw damaged("nothing remembered under \(index)") }
    try push(value)
  }

  private mutating func pushTuple(from start: Int) throws {
    guard start >= marks.last ?? 0 else { throw damaged("empty stack") }
    guard tuples.count < Self.storeLimit, tupleItems.count + stack.count - start <= Self.storeLimit
    else { throw damaged("too many tuples") }
    let first = tupleItems.count
    tupleItems.append(contentsOf: stack[start...])
    stack.removeSubrange(start...)
    try push(Value(kind: .tuple, payload: tuples.count))
    tuples.append(first..<tupleItems.count)
  }

  func items(_ value: Value) throws -> ArraySlice<Value> {
    guard value.kind == .tuple else { throw damaged("a tuple is missing") }
    return tupleItems[tuples[value.payload]]
  }
}
