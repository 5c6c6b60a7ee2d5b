import DataFiles

/// The messages in an object's header: what a group or a tensor is made of.
///
/// Knows both versions of headers. Their blocks may point to one another; no more are read than any real
/// object has.
struct HDF5Header {
  /// The kinds of message that matter here.
  enum Kind: Int {
    case dataspace = 0x01
    case linkInfo = 0x02
    case datatype = 0x03
    case link = 0x06
    case externalFiles = 0x07
    case layout = 0x08
    case filters = 0x0b
    case attribute = 0x0c
    case symbolTable = 0x11
  }

  struct Message {
    let kind: Kind
    /// Whether the contents lie elsewhere, for several objects in common.
    let isShared: Bool
    let contents: [UInt8]
  }

  private static let blockLimit = 64
  /// Of all blocks together.
  private static let sizeLimit = 1 << 20

  private(set) var messages: [Message] = []
  private let bytes: HDF5Bytes

  /// Reads the header at an address.
  init(_ bytes: HDF5Bytes, at address: Int) throws {
    self.bytes = bytes
    var start = try bytes.cursor(at: address, count: 16)
    if try start.isNext("OHDR") {
      try readVersion2(at: address)
    } else {
      try readVersion1(at: address)
    }
  }

  /// The first message of a kind.
  func first(_ kind: Kind) throws -> HDF5Cursor? {
    guard let message = messages.first(where: { $0.kind == kind }) else { return nil }
    guard !message.isShared else {
      throw DataError("\(bytes.name) shares descriptions between tensors, which is not known here.")
    }
    return HDF5Cursor(message.contents, name: bytes.name)
  }

  private mutating func readVersion1(at address: Int) throws {
    var start = try bytes.cursor(at: address, count: 16)
    guard try start.byte() == 1 else { throw bytes.damaged("an object has no header") }
    try start.skip(7)
    var blocks = [(offset: address + 16, count: try start.number(4))]
    var next = 0
    while next < blocks.count {
      let block = blocks[next]
      next += 1
      try check(blocks)
      var cursor = try bytes.cursor(at: block.offset, count: block.count)
      while cursor.rest >= 8 {
        let (kind, size, flags) = (try cursor.number(2), try cursor.number(2), try cursor.byte())
        try cursor.skip(3)
        try note(kind, flags, try cursor.take(size), &blocks)
      }
    }
  }

  private mutating func readVersion2(at address: Int) throws {
    var start = try bytes.cursor(at: address, count: min(40, bytes.count - address))
    try start.skip(4)
    guard try start.byte() == 2 else { throw bytes.damaged("an object has no header") }
    let flags = try start.byte()
    try start.skip((flags & 0x20 == 0 ? 0 : 16) + (flags & 0x10 == 0 ? 0 : 4))
    let size = try start.number(1 << (flags & 3))
    var blocks = [(offset: address + start.position, count: size)]
    var next = 0
    while next < blocks.count {
      let block = blocks[next]
      try check(blocks)
      var cursor = try bytes.cursor(at: block.offset, count: block.count)
      if next > 0 {
        // Later blocks start with a mark and end with a check sum.
        guard block.count >= 8, try cursor.isNext("OCHK") else {
          throw bytes.damaged("a header does not go on where it says")
        }
      }
      let tail = next > 0 ? 4 : 0
      next += 1
      while cursor.rest >= 4 + tail {
        let (kind, size, ownFlags) = (try cursor.byte(), try cursor.number(2), try cursor.byte())
        if flags & 4 != 0 { try cursor.skip(2) }
        try note(kind, ownFlags, try cursor.take(size), &blocks)
      }
    }
  }

  private func check(_ blocks: [(offset: Int, count: Int)]) throws {
    guard blocks.count <= Self.blockLimit, blocks.allSatisfy({ $0.count <= Self.sizeLimit }),
      blocks.reduce(0, { $0 + $1.count }) <= Self.sizeLimit
    else { throw bytes.damaged("a header is larger than any") }
  }

  private mutating func note(
    _ kind: Int, _ flags: Int, _ contents: [UInt8], _ blocks: inout [(offset: Int, count: Int)]
  ) throws {
    if kind == 0x10 {
      var cursor = HDF5Cursor(contents, name: bytes.name)
      blocks.append((try cursor.address(), try cursor.number(8)))
    } else if let kind = Kind(rawValue: kind) {
      messages.append(Message(kind: kind, isShared: flags & 2 != 0, contents: contents))
    }
  }
}
