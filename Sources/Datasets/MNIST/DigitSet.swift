import DataFiles

/// Pictures of 28 x 28 bytes, one after another, with their labels.
struct DigitSet: Sendable, Equatable {
  /// Pixels along a side.
  static let side = 28
  /// Pixels in a picture.
  static let area = side * side
  /// The number of classes.
  static let classes = 10

  /// 0 is background, 255 is ink; row by row from the top.
  let pixels: [UInt8]
  /// 0 to 9 for each picture.
  let labels: [Int32]

  /// The number of pictures.
  var count: Int { labels.count }

  /// Puts pixels and labels together.
  ///
  /// - Parameters:
  ///   - shape: of the pixels; must be [n, 28, 28].
  ///   - name: what the source is called in error messages.
  init(pixels: [UInt8], shape: [Int], labels: [Int32], name: String) throws {
    guard shape.count == 3, shape[1] == Self.side, shape[2] == Self.side else {
      throw DataError("\(name) should hold pictures of 28 x 28 pixels, and has shape \(shape).")
    }
    guard shape[0] == labels.count, pixels.count == labels.count * Self.area else {
      throw DataError(
        "\(name) is damaged: it holds \(shape[0]) pictures and \(labels.count) labels; "
          + "fetch it again.")
    }
    guard !labels.isEmpty else { throw DataError("\(name) is empty; fetch it again.") }
    if let label = labels.first(where: { $0 < 0 || $0 >= Int32(Self.classes) }) {
      throw DataError("\(name) is damaged: it holds the label \(label), and 0 to 9 are possible.")
    }
    (self.pixels, self.labels) = (pixels, labels)
  }

  /// Some of the pictures, in this order.
  func selecting(_ order: [Int32], name: String) throws -> DigitSet {
    var chosen = [UInt8]()
    chosen.reserveCapacity(order.count * Self.area)
    for picture in order {
      chosen.append(
        contentsOf: pixels[(Int(picture) * Self.area)..<((Int(picture) + 1) * Self.area)])
    }
    return try DigitSet(
      pixels: chosen, shape: [order.count, Self.side, Self.side],
      labels: order.map { labels[Int($0)] }, name: name)
  }
}

/// Everything a source of digits gives.
struct DigitCorpus: Sendable, Equatable {
  var train: DigitSet
  var test: DigitSet
  var origin: DataOrigin

  /// The SHA-256 of the two halves' sums, each of labels and pixels.
  var fingerprint: String {
    SHA256.ofHalves(train, test) { half, sum in
      sum.add(half.labels)
      sum.add(half.pixels)
    }
  }
}
