/// Snappy, a fast compression without check sums that column files use (raw format, as its description defines it).
enum Snappy {
  /// Decodes a piece; nil if it is damaged or does not come to exactly `size` bytes.
  static func decoded(_ input: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    var source = input
    // Three bytes become 64 at best: a larger claim is a lie, found before memory is taken.
    guard let claim = source.takeVariableLength(), claim == size, size / 32 <= input.count else {
      return nil
    }
    var output = [UInt8]()
    output.reserveCapacity(size)
    while let tag = source.popFirst() {
      if tag & 3 == 0 {
        guard let length = literalLength(tag, &source), length <= source.count,
          length <= size - output.count
        else { return nil }
        output.append(contentsOf: source.prefix(length))
        source = source.dropFirst(length)
      } else {
        guard let (length, distance) = copy(tag, &source), distance >= 1,
          distance <= output.count, length <= size - output.count
        else { return nil }
        // The copy may overlap what it makes: byte by byte.
        for _ in 0..<length { output.append(output[output.count - distance]) }
      }
    }
    return output.count == size ? output : nil
  }

  private static func literalLength(_ tag: UInt8, _ source: inout ArraySlice<UInt8>) -> Int? {
    let code = Int(tag >> 2)
    if code < 60 { return code + 1 }
    return source.takeLittleEndian(code - 59).map { $0 + 1 }
  }

  private static func copy(
    _ tag: UInt8, _ source: inout ArraySlice<UInt8>
  ) -> (length: Int, distance: Int)? {
    if tag & 3 == 1 {
      return source.popFirst().map { (Int(tag >> 2) & 7 + 4, Int(tag >> 5) << 8 | Int($0)) }
    }
    return source.takeLittleEndian(tag & 3 == 2 ? 2 : 4).map { (Int(tag >> 2) + 1, $0) }
  }
}

extension ArraySlice where Element == UInt8 {
  /// Takes a number of 1 to 4 bytes, the lowest first; nil where the bytes end.
  mutating func takeLittleEndian(_ width: Int) -> Int? {
    guard width <= count else { return nil }
    defer { removeFirst(width) }
    return prefix(width).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Takes a number in groups of seven bits, the lowest first; nil where the bytes end or for more than 32 bits.
  mutating func takeVariableLength() -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard let byte = popFirst() else { return nil }
      value |= Int(byte & 127) << shift
      if byte < 128 { return value <= UInt32.max ? value : nil }
    }
    return nil
  }
}
