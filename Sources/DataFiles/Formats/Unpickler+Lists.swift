/// How the lists of a pickle are filled.
extension Unpickler {
  /// Notes a mark. Nearly always the numbers of a list follow: those are stored at once, not by way of the stack.
  mutating func mark() throws {
    if case .list(let list)? = stack.last, stack.count > marks.last ?? 0, takesNumbers(list) {
      let first = lists[list].integers.isEmpty ? integers.count : lists[list].integers.lowerBound
      if let end = storeNumbers() {
        lists[list].integers = first..<integers.count
        position = end
        return
      }
    }
    guard marks.count < Self.stackLimit else { throw damaged("endless marks") }
    marks.append(stack.count)
  }

  /// Puts values at the end of a list.
  mutating func append(_ values: ArraySlice<Value>, to list: Int) throws {
    for value in values {
      if case .integer(let value) = value, let number = Int32(exactly: value),
        lists[list].items.isEmpty
      {
        guard takesNumbers(list) else { throw damaged("lists filled in turns") }
        let first = lists[list].integers.isEmpty ? integers.count : lists[list].integers.lowerBound
        integers.append(number)
        lists[list].integers = first..<integers.count
      } else {
        try store(1, "items of lists")
        lists[list].items.append(value)
      }
    }
  }

  /// Whether a number that is now stored at the end can belong to a list.
  private func takesNumbers(_ list: Int) -> Bool {
    lists[list].items.isEmpty
      && (lists[list].integers.isEmpty || lists[list].integers.upperBound == integers.count)
  }

  /// Stores small numbers up to the APPENDS behind them, and returns where that ends; nil, and nothing stored, if
  /// anything else comes first.
  private mutating func storeNumbers() -> Int? {
    let (before, input) = (integers.count, self.input)
    let end = input.withUnsafeBufferPointer { input -> Int? in
      var place = position
      while place + 1 < input.count {
        switch input[place] {
        case 0x4b:
          integers.append(Int32(input[place + 1]))
          place += 2
        case 0x4d where place + 2 < input.count:
          integers.append(Int32(input[place + 1]) | Int32(input[place + 2]) << 8)
          place += 3
        case 0x4a where place + 4 < input.count:
          let low = UInt32(input[place + 1]) | UInt32(input[place + 2]) << 8
          let high = UInt32(input[place + 3]) << 16 | UInt32(input[place + 4]) << 24
          integers.append(Int32(bitPattern: low | high))
          place += 5
        case 0x65 where integers.count > before: return place + 1
        default: return nil
        }
      }
      return nil
    }
    if end == nil { integers.removeLast(integers.count - before) }
    return end
  }
}
