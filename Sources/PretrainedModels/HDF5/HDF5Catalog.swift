import CHDF5
import Datasets

/// Lists the tensors of an open HDF5 file.
///
/// Only hard links are followed, by the address of what they lead to, and every group is visited
/// once: links may form a circle.
struct HDF5Catalog {
  let file: hid_t
  let name: String

  private struct Group {
    let address: haddr_t
    let path: [String]
  }

  /// More groups, tensors or steps than any network has.
  private static let countLimit = 4096
  private static let depthLimit = 32

  private var waiting: [Group] = []
  private var visited: Set<haddr_t> = []
  private var found: [HDF5File.Dataset] = []
  private var linkCount = 0

  init(file: hid_t, name: String) {
    self.file = file
    self.name = name
  }

  mutating func datasets() throws -> [HDF5File.Dataset] {
    guard let root = HDF5Handle(H5Gopen2(file, "/", dl_h5_default()), H5Gclose) else {
      throw damaged("it has no root group")
    }
    var address: haddr_t = 0
    guard dl_h5_address(root.id, &address) >= 0 else { throw damaged("it has no root group") }
    visited.insert(address)
    try list(root.id, path: [])
    while let group = waiting.popLast() {
      guard let object = HDF5Handle(H5Oopen_by_addr(file, group.address), H5Oclose) else {
        throw damaged("the group \(group.path.joined(separator: "/")) cannot be read")
      }
      try list(object.id, path: group.path)
    }
    return found
  }

  private func damaged(_ reason: String) -> DataError {
    DataError("\(name) is damaged: \(reason); fetch it again.")
  }

  /// Notes the tensors of a group, and its groups for later.
  private mutating func list(_ group: hid_t, path: [String]) throws {
    var facts = H5G_info_t()
    guard H5Gget_info(group, &facts) >= 0, path.count < Self.depthLimit else {
      throw damaged("the group \(path.joined(separator: "/")) cannot be read")
    }
    let layer = layerName(besides: group) ?? layerName(in: path)
    for index in 0..<facts.nlinks {
      linkCount += 1
      guard linkCount <= Self.countLimit else {
        throw DataError("\(name) has more entries than any network has layers.")
      }
      try note(link: index, of: group, path: path, layer: layer)
    }
  }

  private mutating func note(
    link index: hsize_t, of group: hid_t, path: [String], layer: String?
  ) throws {
    var text = [CChar](repeating: 0, count: 1024)
    let length = H5Lget_name_by_idx(
      group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &text, text.count, dl_h5_default())
    var (type, address): (Int32, haddr_t) = (0, 0)
    guard length > 0, length < text.count, dl_h5_link(group, index, &type, &address) >= 0 else {
      throw damaged("an entry of its groups cannot be read")
    }
    let entry = String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let place = path + [entry]
    switch H5L_type_t(type) {
    case H5L_TYPE_HARD: break
    // Keras writes none, and a tensor has its own entry besides.
    case H5L_TYPE_SOFT: return
    default:
      throw DataError(
        "\(name): \(place.joined(separator: "/")) is a link to another file, which a weight file "
          + "has no business with.")
    }
    guard let object = HDF5Handle(H5Oopen_by_addr(file, address), H5Oclose) else {
      throw damaged("\(place.joined(separator: "/")) cannot be opened")
    }
    switch H5Iget_type(object.id) {
    case H5I_GROUP:
      if visited.insert(address).inserted {
        waiting.append(Group(address: address, path: place))
      }
    case H5I_DATASET:
      found.append(
        .init(
          path: place.joined(separator: "/"), layer: layer ?? entry,
          shape: try shape(of: object.id, path: place), address: address))
    default: break
    }
  }

  private func shape(of dataset: hid_t, path: [String]) throws -> [Int] {
    let bad = damaged("the shape of \(path.joined(separator: "/")) cannot be read")
    guard let space = HDF5Handle(H5Dget_space(dataset), H5Sclose) else { throw bad }
    let rank = Int(H5Sget_simple_extent_ndims(space.id))
    guard rank >= 0, rank <= 32 else { throw bad }
    var lengths = [hsize_t](repeating: 0, count: rank)
    guard H5Sget_simple_extent_dims(space.id, &lengths, nil) >= 0 else { throw bad }
    return lengths.map { Int(clamping: $0) }
  }

  /// The layer by the groups that lead to a tensor; files of whole models have one more around.
  private func layerName(in path: [String]) -> String? {
    path.first == "model_weights" && path.count > 1 ? path[1] : path.first
  }

  /// The attribute `name`, which Keras 3 gives the group of a layer's weights.
  private func layerName(besides group: hid_t) -> String? {
    guard H5Aexists(group, "name") > 0,
      let attribute = HDF5Handle(H5Aopen(group, "name", dl_h5_default()), H5Aclose),
      let type = HDF5Handle(H5Aget_type(attribute.id), H5Tclose),
      let space = HDF5Handle(H5Aget_space(attribute.id), H5Sclose),
      H5Tget_class(type.id) == H5T_STRING, H5Sget_simple_extent_npoints(space.id) == 1
    else { return nil }
    if H5Tis_variable_str(type.id) > 0 {
      var pointer: UnsafeMutablePointer<CChar>?
      guard H5Aread(attribute.id, type.id, &pointer) >= 0, let pointer else { return nil }
      defer { H5free_memory(pointer) }
      return String(cString: pointer)
    }
    let size = H5Tget_size(type.id)
    guard size > 0, size <= 1024 else { return nil }
    var text = [UInt8](repeating: 0, count: size)
    guard H5Aread(attribute.id, type.id, &text) >= 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }
}
