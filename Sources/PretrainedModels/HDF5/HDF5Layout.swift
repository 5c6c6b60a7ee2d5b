import DataFiles

/// How the numbers of a tensor are written and where they lie.
struct HDF5Layout {
  /// The types of number that weights are made of.
  struct Element: Equatable {
    /// In bytes: 2, 4 or 8.
    let width: Int
    let isBigEndian: Bool
  }

  enum Place {
    /// In the header.
    case header([UInt8])
    /// In one piece.
    case piece(offset: Int, count: Int)
    /// In blocks of this shape that a tree leads to.
    case blocks(tree: Int, shape: [Int])
  }

  let element: Element
  let place: Place
  /// How blocks were packed: the numbers of filters, in the order in which they were applied.
  let filters: [Int]

  static let deflate = 1
  static let shuffle = 2

  /// Reads the description of a tensor.
  ///
  /// - Parameter owner: the file and the tensor's path, for error messages.
  init(_ header: HDF5Header, owner: String) throws {
    let damaged = DataError("\(owner) is damaged; fetch the file again.")
    guard try header.first(.externalFiles) == nil else { throw Self.elsewhere(owner) }
    guard let type = try header.first(.datatype), let layout = try header.first(.layout) else {
      throw damaged
    }
    element = try Self.element(type, owner: owner)
    filters = try header.first(.filters).map { try Self.filters($0, owner: owner) } ?? []
    var cursor = layout
    let version = try cursor.byte()
    switch (version, try cursor.byte()) {
    case (3...4, 0): place = .header(try cursor.take(cursor.number(2)))
    case (3...4, 1): place = .piece(offset: try cursor.address(), count: try cursor.number(8))
    case (3, 2):
      let rank = try cursor.byte() - 1
      let tree = try cursor.address()
      place = .blocks(tree: tree, shape: try (0..<max(rank, 0)).map { _ in try cursor.number(4) })
    case (4, 3): throw Self.elsewhere(owner)
    default:
      throw DataError(
        "\(owner) is stored in a form that is not known here; save it with Keras' default settings."
      )
    }
  }

  private static func elsewhere(_ owner: String) -> DataError {
    DataError("\(owner) is stored in another file, which a weight file has no need of.")
  }

  private static func element(_ type: HDF5Cursor, owner: String) throws -> Element {
    var cursor = type
    let (kind, order) = (try cursor.byte() & 15, try cursor.byte())
    try cursor.skip(2)
    let width = try cursor.number(4)
    let wrong = DataError("\(owner) is not made of floating-point numbers, as weights are.")
    guard kind == 1, order & 0x40 == 0 else { throw wrong }
    // Where exponent and fraction lie, their lengths and the exponent's offset: the standard's forms.
    let form =
      [try cursor.number(2), try cursor.number(2)] + (try (0..<4).map { _ in try cursor.byte() })
    let bias = try cursor.number(4)
    switch (width, form, bias) {
    case (2, [0, 16, 10, 5, 0, 10], 15), (4, [0, 32, 23, 8, 0, 23], 127),
      (8, [0, 64, 52, 11, 0, 52], 1023):
      return Element(width: width, isBigEndian: order & 1 == 1)
    default: throw wrong
    }
  }

  private static func filters(_ message: HDF5Cursor, owner: String) throws -> [Int] {
    var cursor = message
    let version = try cursor.byte()
    let count = try cursor.byte()
    try cursor.skip(version == 1 ? 6 : 0)
    return try (0..<count).map { _ in
      let filter = try cursor.number(2)
      guard filter == deflate || filter == shuffle else {
        throw DataError("\(owner) is compressed in a way that is not known here.")
      }
      let nameLength = version == 1 ? try cursor.number(2) : 0
      try cursor.skip(2)
      let values = try cursor.number(2)
      try cursor.skip((nameLength + 7) / 8 * 8 + 4 * values)
      if version == 1, !values.isMultiple(of: 2) { try cursor.skip(4) }
      return filter
    }
  }
}
