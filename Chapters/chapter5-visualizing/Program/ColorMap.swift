/// Colours for numbers from 0 to 1.
enum ColorMap {
  /// From dark violet over green to yellow, evenly brighter: the book's map for activations.
  case viridis
  /// From blue over green to red: the book's map for heat.
  case jet

  /// Red, green and blue, 0 to 255; NaN counts as 0.
  func color(at place: Float) -> SIMD3<Float> {
    let place = place > 0 ? min(place, 1) : 0
    switch self {
    case .viridis:
      let position = place * Float(Self.knots.count - 1)
      let lower = min(Int(position), Self.knots.count - 2)
      let share = position - Float(lower)
      return Self.knots[lower] * (1 - share) + Self.knots[lower + 1] * share
    case .jet:
      return SIMD3(3, 2, 1).map { peak in 255 * min(max(1.5 - abs(4 * place - peak), 0), 1) }
    }
  }

  /// The bytes of a picture, three for each value.
  func pixels(_ values: some Sequence<Float>) -> [UInt8] {
    values.flatMap { value in
      let color = color(at: value)
      return (0..<3).map { UInt8((color[$0] + 0.5).rounded(.down)) }
    }
  }

  /// Viridis (S. van der Walt and N. Smith, 2015, public domain) at even distances.
  private static let knots: [SIMD3<Float>] = [
    0x440154, 0x471164, 0x482071, 0x472E7C, 0x443B84, 0x3F4889, 0x39558C, 0x34618D,
    0x2F6C8E, 0x2A768E, 0x26818E, 0x228B8D, 0x1F958B, 0x1FA088, 0x24AA83, 0x2FB47C,
    0x40BD72, 0x56C667, 0x70CF57, 0x8BD646, 0xA8DB34, 0xC5E021, 0xE2E418, 0xFDE725,
  ].map { (color: UInt32) in
    SIMD3(Float(color >> 16), Float(color >> 8 & 255), Float(color & 255))
  }
}

extension SIMD3<Float> {
  fileprivate func map(_ transform: (Float) -> Float) -> SIMD3<Float> {
    SIMD3(transform(self[0]), transform(self[1]), transform(self[2]))
  }
}
