/// How the lists of a pickle are filled.
extension Unpickler {
  /// Notes a mark. Nearly always the integers of a list follow: those are stored at once, not by
  /// way of the stack.
  mutating func mark() throws {
    if let list = stack.last, list.kind == .list, stack.count > marks.last ?? 0,
      lists[list.payload].content == .nothing
        || lists[list.payload].content == .integers && lists[list.payload].end == integerCount
    {
      let startOfRun = position
      if let end = run(from: position, to: integerCount) {
        if lists[list.payload].content == .nothing { lists[list.payload].start = integerCount }
        lists[list.payload].content = .integers
        lists[list.payload].end = end
        integerCount = end
        return
      }
      position = startOfRun
    }
    guard marks.count < Self.storeLimit else { throw damaged("endless marks") }
    marks.append(stack.count)
  }

  /// Stores small integers up to the APPENDS behind them; nil if anything else comes first.
  private mutating func run(from start: Int, to firstTarget: Int) -> Int? {
    let end = input.count
    var source = start
    var target = firstTarget
    while source + 1 < end, target < integers.count {
      switch input[source] {
      case 0x4b:
        integers[target] = Int32(input[source + 1])
        source += 2
      case 0x4d where source + 2 < end:
        integers[target] = Int32(input[source + 1]) | Int32(input[source + 2]) << 8
        source += 3
      case 0x4a where source + 4 < end:
        let low = UInt32(input[source + 1]) | UInt32(input[source + 2]) << 8
        let high = UInt32(input[source + 3]) << 16 | UInt32(input[source + 4]) << 24
        integers[target] = Int32(bitPattern: low | high)
        source += 5
      case 0x65 where target > firstTarget:
        position = source + 1
        return target
      default: return nil
      }
      target += 1
    }
    return nil
  }

  mutating func append(_ items: [Value], to target: Value) throws {
    guard target.kind == .list else { throw damaged("no list to append to") }
    for item in items {
      switch item.kind {
      case .integer:
        guard let value = Int32(exactly: item.payload) else {
          throw DataError("\(name) holds the number \(item.payload), too large for 32 bits.")
        }
        try extend(target.payload, .integers, at: integerCount)
        guard integerCount < integers.count else { throw damaged("more numbers than bytes") }
        integers[integerCount] = value
        integerCount += 1
      case .list:
        try extend(target.payload, .lists, at: children.count)
        guard children.count < Self.listLimit else { throw damaged("too many lists") }
        children.append(Int32(item.payload))
      case .text, .bytes, .latin1:
        guard [.nothing, .texts].contains(lists[target.payload].content) else {
          throw DataError("\(name) should hold lists of whole numbers, and holds something else.")
        }
        lists[target.payload].content = .texts
      default:
        throw DataError("\(name) should hold lists of whole numbers, and holds something else.")
      }
    }
  }

  /// Makes room for one more item at the end of a list, which must be the end of the store as well.
  private mutating func extend(_ list: Int, _ content: List.Content, at end: Int) throws {
    if lists[list].content == .nothing {
      lists[list] = List(content: content, start: end, end: end)
    }
    guard lists[list].content == content else {
      throw DataError("\(name) mixes numbers and lists in one list.")
    }
    guard lists[list].end == end else { throw damaged("lists filled in turns") }
    lists[list].end += 1
  }
}
