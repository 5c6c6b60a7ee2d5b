import DeepLearning

/// Random numbers on a grid, smoothly interpolated: clouds of any fineness, the same for the same seed.
struct ValueNoise {
  private static let side = 64
  private let values: [Float]

  init(using random: inout RandomGenerator) {
    values = (0..<Self.side * Self.side).map { _ in 2 * random.uniform() - 1 }
  }

  /// The value at a point, from -1 to 1; the grid has one unit, and repeats after 64.
  func callAsFunction(_ x: Float, _ y: Float) -> Float {
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (u, v) = (Self.eased(x - left), Self.eased(y - top))
    func value(_ column: Int, _ row: Int) -> Float {
      let (column, row) = (column & (Self.side - 1), row & (Self.side - 1))
      return values[row * Self.side + column]
    }
    let (column, row) = (Int(left), Int(top))
    let upper = value(column, row) * (1 - u) + value(column + 1, row) * u
    let lower = value(column, row + 1) * (1 - u) + value(column + 1, row + 1) * u
    return upper * (1 - v) + lower * v
  }

  /// Several octaves of noise, each twice as fine and half as strong as the one before.
  func layered(_ x: Float, _ y: Float, _ layers: Int = 4) -> Float {
    var (sum, scale, height): (Float, Float, Float) = (0, 1, 0.5)
    for layer in 0..<layers {
      sum += height * self(x * scale + Float(17 * layer), y * scale + Float(31 * layer))
      scale *= 2
      height /= 2
    }
    return sum
  }

  private static func eased(_ t: Float) -> Float { t * t * (3 - 2 * t) }
}
