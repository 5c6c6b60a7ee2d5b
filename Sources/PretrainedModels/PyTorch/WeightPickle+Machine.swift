import Datasets

/// The loop over the instructions of a pickle.
extension WeightPickle {
  /// Runs the pickle up to its STOP and returns what it made.
  mutating func run() throws -> Value {
    while true {
      switch try byte() {
      case 0x80:  // PROTO
        let version = try byte()
        guard (2...5).contains(version) else {
          throw damaged("a pickle of protocol \(version)")
        }
      case 0x95: _ = try size(8)  // FRAME; its length is of no use here
      case 0x2e: return try pop()  // STOP
      case 0x28:  // MARK
        guard marks.count < Self.storeLimit else { throw damaged("endless marks") }
        marks.append(stack.count)
      case 0x30: _ = try pop()  // POP
      case 0x4e: try push(.none)
      case 0x88: try push(.bool(true))
      case 0x89: try push(.bool(false))
      case 0x4b: try push(.integer(Int(try byte())))  // BININT1
      case 0x4d: try push(.integer(try size(2)))  // BININT2
      case 0x4a:  // BININT
        try push(.integer(Int(Int32(truncatingIfNeeded: try size(4)))))
      case 0x8a: try push(try long())  // LONG1
      case 0x47:  // BINFLOAT
        try skip(8)
        try push(.other)
      case 0x8c: try pushText(length: Int(try byte()))  // SHORT_BINUNICODE
      case 0x58: try pushText(length: try size(4))  // BINUNICODE
      case 0x5d: try pushSequence([], as: Value.list)  // EMPTY_LIST
      case 0x61: try append([try pop()])  // APPEND
      case 0x65: try append(try popToMark())  // APPENDS
      case 0x29: try pushSequence([], as: Value.tuple)  // EMPTY_TUPLE
      case 0x85: try pushTuple(1)
      case 0x86: try pushTuple(2)
      case 0x87: try pushTuple(3)
      case 0x74: try pushSequence(try popToMark(), as: Value.tuple)  // TUPLE
      case 0x7d: try pushDictionary()  // EMPTY_DICT
      case 0x73:  // SETITEM
        let value = try pop()
        try setItems([try pop(), value])
      case 0x75: try setItems(try popToMark())  // SETITEMS
      case 0x63:  // GLOBAL
        let module = try line()
        try pushGlobal(module: module, name: try line())
      case 0x93:  // STACK_GLOBAL
        guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
          throw damaged("a name that is no text")
        }
        try pushGlobal(module: module, name: name)
      case 0x51: try pushStorage()  // BINPERSID
      case 0x52: try reduce()
      case 0x62:  // BUILD: the versions of the layers, which the dictionary carries as a remark
        _ = try pop()
        guard case .dictionary = try top() else { throw damaged("a remark on something else") }
      case 0x71: try remember(Int(try byte()))  // BINPUT
      case 0x72: try remember(try size(4))  // LONG_BINPUT
      case 0x94: try remember(memo.count)  // MEMOIZE
      case 0x68: try recall(Int(try byte()))  // BINGET
      case 0x6a: try recall(try size(4))  // LONG_BINGET
      case let other:
        throw damaged("instruction 0x\(String(other, radix: 16)) is none that a weight file needs")
      }
    }
  }

  // MARK: Input

  private mutating func byte() throws -> UInt8 {
    guard position < input.count else { throw damaged("it ends too early") }
    defer { position += 1 }
    return input[position]
  }

  private mutating func skip(_ count: Int) throws {
    guard count <= input.count - position else { throw damaged("it ends too early") }
    position += count
  }

  /// A little-endian number of 1 to 8 bytes without sign.
  private mutating func size(_ width: Int) throws -> Int {
    let start = position
    try skip(width)
    let value = input[start..<position].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let size = Int(exactly: value) else { throw damaged("impossible length") }
    return size
  }

  /// A little-endian number with sign; those of more than 64 bits describe no tensor.
  private mutating func long() throws -> Value {
    let width = Int(try byte())
    let start = position
    try skip(width)
    guard width <= 8 else { return .other }
    let isNegative = width > 0 && input[position - 1] >= 128
    return .integer(
      input[start..<position].reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) })
  }

  private mutating func line() throws -> String {
    let start = position
    while try byte() != 10 {
      guard position - start < 256 else { throw damaged("endless name") }
    }
    return String(decoding: input[start..<(position - 1)], as: UTF8.self)
  }

  private mutating func pushText(length: Int) throws {
    let start = position
    try skip(length)
    // No name is that long; others, the source code of a network for instance, are not needed.
    try push(
      length <= 1024 ? .text(String(decoding: input[start..<position], as: UTF8.self)) : .other)
  }

  // MARK: Stack, memo and stores

  mutating func push(_ value: Value) throws {
    guard stack.count < Self.storeLimit else { throw damaged("endless stack") }
    stack.append(value)
  }

  /// Takes the top value; nothing below the last mark can be taken.
  mutating func pop() throws -> Value {
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

  private mutating func popToMark() throws -> [Value] {
    guard let start = marks.popLast(), start <= stack.count else { throw damaged("missing mark") }
    defer { stack.removeSubrange(start...) }
    return Array(stack[start...])
  }

  private mutating func remember(_ index: Int) throws {
    guard memo.count < Self.storeLimit else { throw damaged("endless memo") }
    memo[index] = try top()
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw damaged("nothing remembered under \(index)") }
    try push(value)
  }

  /// Notes that so many more values are kept.
  private mutating func store(_ count: Int) throws {
    itemCount += count + 1
    guard itemCount <= Self.storeLimit else { throw damaged("too many values") }
  }

  private mutating func pushTuple(_ count: Int) throws {
    let values = try (0..<count).map { _ in try pop() }
    try pushSequence(values.reversed(), as: Value.tuple)
  }

  private mutating func pushSequence(_ items: [Value], as kind: (Int) -> Value) throws {
    try store(items.count)
    sequences.append(items)
    try push(kind(sequences.count - 1))
  }

  private mutating func append(_ items: [Value]) throws {
    guard case .list(let list) = try top() else { throw damaged("no list to append to") }
    try store(items.count)
    sequences[list] += items
  }

  mutating func pushDictionary() throws {
    try store(0)
    dictionaries.append([])
    try push(.dictionary(dictionaries.count - 1))
  }

  private mutating func setItems(_ items: [Value]) throws {
    guard case .dictionary(let number) = try top(), items.count.isMultiple(of: 2) else {
      throw damaged("no dictionary to fill")
    }
    try store(items.count)
    for index in stride(from: 0, to: items.count, by: 2) {
      dictionaries[number].append((items[index], items[index + 1]))
    }
  }
}
