/// Texts that are attached to groups.
extension HDF5Header {
  /// The attribute of that name if it is one text; nil if it is something else, or not there.
  func text(_ wanted: String, in bytes: HDF5Bytes) throws -> String? {
    for message in messages where message.kind == .attribute && !message.isShared {
      var cursor = HDF5Cursor(message.contents, name: bytes.name)
      let version = try cursor.byte()
      guard (1...3).contains(version) else { continue }
      let flags = try cursor.byte()
      let sizes = (try cursor.number(2), try cursor.number(2), try cursor.number(2))
      if version == 3 { try cursor.skip(1) }
      // The first version pads everything to eight bytes.
      func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
      let name = try cursor.text(padded(sizes.0))
      guard name == wanted, flags & 1 == 0 || version == 1 else { continue }
      var type = HDF5Cursor(try cursor.take(padded(sizes.1)), name: bytes.name)
      let (kind, bits) = (try type.byte() & 15, try type.byte() & 15)
      try type.skip(2)
      let size = try type.number(4)
      try cursor.skip(padded(sizes.2))
      switch (kind, bits) {
      case (3, _): return try cursor.text(min(size, cursor.rest))
      case (9, 1):
        let length = try cursor.number(4)
        return try Self.heapText(length, at: cursor.address(), index: cursor.number(4), in: bytes)
      default: return nil
      }
    }
    return nil
  }

  /// A text of any length, which lies in a heap for all of them.
  private static func heapText(
    _ length: Int, at address: Int, index: Int, in bytes: HDF5Bytes
  ) throws -> String {
    var head = try bytes.cursor(at: address, count: 16)
    guard try head.isNext("GCOL") else { throw bytes.damaged("a text is missing") }
    try head.skip(4)
    let size = try head.number(8)
    guard size >= 16, size <= 1 << 20 else { throw bytes.damaged("a text is missing") }
    var heap = try bytes.cursor(at: address, count: size)
    try heap.skip(16)
    while heap.rest >= 16 {
      let number = try heap.number(2)
      try heap.skip(6)
      let count = try heap.number(8)
      if number == index, number > 0 { return try heap.text(min(length, count)) }
      guard number > 0, count <= heap.rest else { break }
      try heap.skip(min((count + 7) / 8 * 8, heap.rest))
    }
    throw bytes.damaged("a text is missing")
  }
}
