import DataFiles

/// The entries of a group, in the older form (a tree of tables of names) and the newer (a message
/// for each entry).
struct HDF5Group {
  /// What an entry leads to.
  enum Target: Equatable {
    /// An object in this file.
    case object(Int)
    /// A path, in this file.
    case path
    /// Another file, or something that only another program understands.
    case outside
  }

  private let bytes: HDF5Bytes
  private(set) var entries: [(name: String, target: Target)] = []

  /// More entries than any group of layers has.
  private static let limit = 4096

  /// Lists a group; nil if the header is another object's.
  init?(_ header: HDF5Header, in bytes: HDF5Bytes) throws {
    self.bytes = bytes
    let links = header.messages.filter { $0.kind == .link }
    if var table = try header.first(.symbolTable) {
      try readTree(at: table.address(), names: table.address())
    } else if let info = try header.first(.linkInfo) {
      try checkNotDense(info)
    } else if links.isEmpty {
      return nil
    }
    for link in links { try readLink(HDF5Cursor(link.contents, name: bytes.name)) }
  }

  private mutating func add(_ name: String, _ target: Target) throws {
    guard entries.count < Self.limit else {
      throw DataError("\(bytes.name) has more entries than any network has layers.")
    }
    entries.append((name, target))
  }

  /// The newest libraries keep many entries in a heap of its own kind, if asked to.
  private func checkNotDense(_ info: HDF5Cursor) throws {
    var info = info
    try info.skip(1)
    try info.skip(info.byte() & 1 == 0 ? 0 : 8)
    guard try info.address() == .max else {
      throw DataError(
        "\(bytes.name) keeps its groups in a form that is not known here; save it with Keras' "
          + "default settings.")
    }
  }

  private mutating func readLink(_ cursor: HDF5Cursor) throws {
    var cursor = cursor
    try cursor.skip(1)
    let flags = try cursor.byte()
    let kind = flags & 8 == 0 ? 0 : try cursor.byte()
    try cursor.skip((flags & 4 == 0 ? 0 : 8) + (flags & 16 == 0 ? 0 : 1))
    let name = try cursor.text(cursor.number(1 << (flags & 3)))
    switch kind {
    case 0: try add(name, .object(cursor.address()))
    case 1: try add(name, .path)
    default: try add(name, .outside)
    }
  }

  private mutating func readTree(at root: Int, names heap: Int) throws {
    var head = try bytes.cursor(at: heap, count: 32)
    guard try head.isNext("HEAP") else { throw bytes.damaged("a group has no names") }
    try head.skip(4)
    let (size, _, start) = (try head.number(8), try head.number(8), try head.address())
    guard size <= 1 << 20 else { throw bytes.damaged("the names of a group are endless") }
    let names = try bytes.read(size, at: start)
    var waiting = [root]
    var visited: Set<Int> = [root]
    var steps = 0
    while let address = waiting.popLast() {
      var node = try bytes.cursor(at: address, count: 24)
      if try node.isNext("SNOD") {
        try readTable(at: address, names: names)
        continue
      }
      guard visited.count <= Self.limit, try node.byte() == 0 else {
        throw bytes.damaged("a group has no entries")
      }
      try node.skip(1)
      let count = try node.number(2)
      steps += count
      guard steps <= 1 << 16 else { throw bytes.damaged("the entries of a group are endless") }
      var children = try bytes.cursor(at: address + 24, count: 16 * count)
      var found: [Int] = []
      for _ in 0..<count {
        try children.skip(8)
        let child = try children.address()
        if visited.insert(child).inserted { found.append(child) }
      }
      waiting += found.reversed()
    }
  }

  private mutating func readTable(at address: Int, names: [UInt8]) throws {
    var head = try bytes.cursor(at: address + 6, count: 2)
    let count = try head.number(2)
    var table = try bytes.cursor(at: address + 8, count: 40 * count)
    for _ in 0..<count {
      let (start, target, kind) = (
        try table.number(8), try table.address(), try table.number(4)
      )
      try table.skip(20)
      guard start < names.count else { throw bytes.damaged("an entry of a group has no name") }
      let name = String(decoding: names[start...].prefix { $0 != 0 }, as: UTF8.self)
      try add(name, kind == 2 ? .path : .object(target))
    }
  }
}
