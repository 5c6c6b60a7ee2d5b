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
    let nearest = filters.map(\.name).min { distance($0, name) < distance($1, name) } ?? ""
    return "VGG16 has no layer \(name) with filters; did you mean \(nearest)?"
  }

  /// How many letters must be changed, added or left out to make one word of the other.
  private static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first.lowercased()), Array(second.lowercased().prefix(100)))
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let change = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[second.count]
  }
}
