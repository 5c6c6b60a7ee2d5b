import DataFiles

/// Lists the tensors of an HDF5 file. Every group is visited once, as groups may contain one another.
struct HDF5Catalog {
  private struct Group {
    let address: Int
    let path: [String]
  }

  /// More objects than any network has.
  private static let countLimit = 16_384
  private static let depthLimit = 32

  private let bytes: HDF5Bytes
  private var waiting: [Group] = []
  private var visited: Set<Int> = []
  private var found: [HDF5File.Dataset] = []
  private var count = 0

  init(_ bytes: HDF5Bytes) { self.bytes = bytes }

  mutating func datasets(root: Int) throws -> [HDF5File.Dataset] {
    visited.insert(root)
    waiting.append(Group(address: root, path: []))
    while let group = waiting.popLast() {
      let header = try HDF5Header(bytes, at: group.address)
      guard let entries = try HDF5Group(header, in: bytes)?.entries else {
        throw bytes.damaged("it has no outermost group")
      }
      guard group.path.count < Self.depthLimit else {
        throw DataError("\(bytes.name) has groups within groups without end.")
      }
      let layer = try header.text("name", in: bytes) ?? layerName(in: group.path)
      for entry in entries {
        count += 1
        guard count <= Self.countLimit else {
          throw DataError("\(bytes.name) has more entries than any network has layers.")
        }
        try note(entry.target, path: group.path + [entry.name], layer: layer ?? entry.name)
      }
    }
    return found
  }

  private mutating func note(_ target: HDF5Group.Target, path: [String], layer: String) throws {
    let place = path.joined(separator: "/")
    switch target {
    // Keras writes none, and a tensor has its own entry besides.
    case .path: return
    case .outside:
      throw DataError(
        "\(bytes.name): \(place) is a link to another file, which a weight file does not need."
      )
    case .object(let address):
      let header = try HDF5Header(bytes, at: address)
      if let space = try header.first(.dataspace) {
        found.append(
          .init(path: place, layer: layer, shape: try shape(space, place), address: address))
      } else if try HDF5Group(header, in: bytes) != nil, visited.insert(address).inserted {
        waiting.append(Group(address: address, path: path))
      }
    }
  }

  private func shape(_ message: HDF5Cursor, _ place: String) throws -> [Int] {
    var cursor = message
    let version = try cursor.byte()
    let rank = try cursor.byte()
    guard version == 1 || version == 2, rank <= 8 else {
      throw bytes.damaged("the shape of \(place) cannot be read")
    }
    try cursor.skip(1)
    // Nothing at all is a kind of its own in the newer form.
    if version == 2, try cursor.byte() == 2 { return [0] }
    try cursor.skip(version == 1 ? 5 : 0)
    return try (0..<rank).map { _ in try cursor.number(8) }
  }

  /// The layer by the groups that lead to a tensor; files of whole models have one more around.
  private func layerName(in path: [String]) -> String? {
    path.first == "model_weights" && path.count > 1 ? path[1] : path.first
  }
}
