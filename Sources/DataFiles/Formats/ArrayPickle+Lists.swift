extension Unpickler {
  /// Decodes a pickled array of lists of whole numbers.
  ///
  /// - Parameters:
  ///   - start: where the pickle starts in the bytes.
  ///   - name: what the file is called in error messages.
  static func integerLists(_ bytes: [UInt8], from start: Int, name: String) throws -> IntegerLists {
    var machine = Unpickler(bytes, at: start, name: name)
    var policy = ArrayPickle()
    let value = try machine.run(&policy)
    return try machine.joined(machine.ranges(of: policy.list(value, in: machine)))
  }

  /// Where the numbers of the lists in a list stand.
  private func ranges(of list: List) throws -> [Range<Int>] {
    let ranges = try list.items.map { item -> Range<Int> in
      switch item {
      case .list(let number):
        let child = lists[number]
        if let item = child.items.first {
          if case .integer(let number) = item, Int32(exactly: number) == nil {
            throw tooLarge(number)
          }
          throw DataError("\(name) should hold lists of whole numbers, not of lists or texts.")
        }
        return child.integers
      case .integer(let number) where Int32(exactly: number) == nil: throw tooLarge(number)
      case .integer: throw DataError("\(name) mixes numbers and lists in one list.")
      default:
        throw DataError("\(name) should hold lists of whole numbers, and holds something else.")
      }
    }
    guard list.integers.isEmpty else {
      throw DataError("\(name) should hold lists of whole numbers, not numbers.")
    }
    return ranges
  }

  private func tooLarge(_ number: Int) -> DataError {
    DataError("\(name) holds the number \(number), too large for 32 bits.")
  }

  /// The lists in order; a copy is made only where the order of storage is another one.
  private func joined(_ ranges: [Range<Int>]) throws -> IntegerLists {
    var starts = [0]
    starts.reserveCapacity(ranges.count + 1)
    var total = 0
    var isInOrder = true
    for range in ranges {
      isInOrder = isInOrder && range.lowerBound == total
      total += range.count
      // One list may be named many times: a small file must not become a huge array.
      guard total <= integers.count + Self.stackLimit else {
        throw DataError("\(name) repeats its lists more often than can be accepted.")
      }
      starts.append(total)
    }
    if isInOrder && total == integers.count {
      return IntegerLists(values: integers, starts: starts)
    }
    var result = [Int32]()
    result.reserveCapacity(total)
    for range in ranges { result.append(contentsOf: integers[range]) }
    return IntegerLists(values: result, starts: starts)
  }
}

extension ArrayPickle {
  /// The list that is a value, or the contents of an array.
  fileprivate func list(_ value: Unpickler.Value, in machine: Unpickler) throws -> Unpickler.List {
    if case .list(let number) = value { return machine.lists[number] }
    guard case .object(let number) = value, case .array(let contents) = objects[number] else {
      throw machine.damaged("no array")
    }
    switch contents {
    case nil: throw machine.damaged("array without contents")
    case .bytes: throw DataError("\(machine.name) should hold an array of lists.")
    case .lists(let length, let list):
      let list = machine.lists[list]
      guard list.integers.count + list.items.count == length else {
        throw machine.damaged("array and its shape differ")
      }
      return list
    }
  }
}
