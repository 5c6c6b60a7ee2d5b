import Gallery

/// The layers of VGG16 that have filters, by name.
enum VGG16Layers {
  /// Their names, `block1_conv1` to `block5_conv3`, with the number of filters of each.
  static let filters: [(name: String, count: Int)] =
    zip(1..., [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]).flatMap { block, size in
      (1...size.0).map { ("block\(block)_conv\($0)", size.1) }
    }

  /// How many filters a layer has; 0 if there is no such layer.
  static func count(of name: String) -> Int { filters.first { $0.name == name }?.count ?? 0 }

  /// What is wrong with the name of a layer, in a sentence; nil if nothing is.
  static func problem(with name: String) -> String? {
    if count(of: name) > 0 { return nil }
    let nearest = nearestName(to: name, in: filters.map(\.name)) ?? ""
    return "VGG16 has no layer \(name) with filters; did you mean \(nearest)?"
  }
}
