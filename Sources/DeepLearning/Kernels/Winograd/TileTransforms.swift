import CVector

/// The transformations of Winograd's algorithm along one axis of a tile, for 16 channels at a time.
///
/// Eight numbers stand for a polynomial: its values at 0, ±1, ±2 and ±1/2, and its highest coefficient (Toom and Cook;
/// Lavin and Gray, 2015). Each function reads and writes vectors of 16 channels at given strides.
enum TileTransforms {
  typealias Vector = SIMD16<Float>
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  /// The numbers that a tile has along an axis.
  static let points = 8
  /// What ``evaluate`` and ``gather`` multiply the values at 0, ±1, ±2, ±1/2 and infinity with, if scaled.
  private static let scales: (Float, Float, Float) = (-2 / 9, 1 / 90, 32 / 45)

  /// Eight pixels of an image, made ready to be multiplied point by point.
  @inline(__always)
  static func spread(_ x: Source, _ stride: Int, _ y: Target, _ step: Int) {
    @inline(__always) func at(_ i: Int) -> Vector { vector_load(x + i * stride) }
    let (x0, x1, x2, x3) = (at(0), at(1), at(2), at(3))
    let (x4, x5, x6, x7) = (at(4), at(5), at(6), at(7))
    vector_store(x0 - x6 + 5.25 * (x4 - x2), y)
    store(x2 + x6 - 4.25 * x4, x1 + x5 - 4.25 * x3, y, 1, step)
    store(0.25 * x2 - 1.25 * x4 + x6, 0.5 * x1 - 2.5 * x3 + 2 * x5, y, 3, step)
    store(4 * x2 - 5 * x4 + x6, 2 * x1 - 2.5 * x3 + 0.5 * x5, y, 5, step)
    vector_store(x7 - x1 + 5.25 * (x3 - x5), y + 7 * step)
  }

  /// The transpose of ``spread``: what gradients go through.
  @inline(__always)
  static func collect(_ x: Source, _ stride: Int, _ y: Target, _ step: Int) {
    @inline(__always) func at(_ i: Int) -> Vector { vector_load(x + i * stride) }
    let (first, last) = (at(0), at(7))
    let (s1, d1) = (at(1) + at(2), at(1) - at(2))
    let (s2, d2) = (at(3) + at(4), at(3) - at(4))
    let (s3, d3) = (at(5) + at(6), at(5) - at(6))
    vector_store(first, y)
    vector_store(d1 + 0.5 * d2 + 2 * d3 - last, y + step)
    vector_store(s1 + 0.25 * s2 + 4 * s3 - 5.25 * first, y + 2 * step)
    vector_store(5.25 * last - 4.25 * d1 - 2.5 * (d2 + d3), y + 3 * step)
    vector_store(5.25 * first - 4.25 * s1 - 1.25 * s2 - 5 * s3, y + 4 * step)
    vector_store(d1 + 2 * d2 + 0.5 * d3 - 5.25 * last, y + 5 * step)
    vector_store(s1 + s2 + s3 - first, y + 6 * step)
    vector_store(last, y + 7 * step)
  }

  /// The values of the polynomial with the given coefficients, two to seven.
  @inline(__always)
  static func evaluate(
    _ count: Int, isScaled: Bool, _ x: Source, _ stride: Int, _ y: Target, _ step: Int
  ) {
    var (e1, e2, e3) = (Vector(), Vector(), Vector())
    var (o1, o2, o3) = (Vector(), Vector(), Vector())
    var (two, half): (Float, Float) = (1, 1)
    var i = 0
    while i < count {
      let even = vector_load(x + i * stride)
      e1 += even
      e2 += two * even
      e3 += half * even
      if i + 1 < count {
        let odd = vector_load(x + (i + 1) * stride)
        o1 += odd
        o2 += (2 * two) * odd
        o3 += (0.5 * half) * odd
      }
      (two, half) = (4 * two, 0.25 * half)
      i += 2
    }
    let (s1, s2, s3) = isScaled ? scales : (1, 1, 1)
    vector_store(vector_load(x), y)
    store(s1 * e1, s1 * o1, y, 1, step)
    store(s2 * e2, s2 * o2, y, 3, step)
    store(s3 * e3, s3 * o3, y, 5, step)
    vector_store(vector_load(x + (count - 1) * stride), y + 7 * step)
  }

  /// The transpose of ``evaluate``: results from their points, and gradients of coefficients.
  @inline(__always)
  static func gather(
    _ count: Int, isScaled: Bool, _ x: Source, _ stride: Int, _ y: Target, _ step: Int
  ) {
    @inline(__always) func at(_ i: Int) -> Vector { vector_load(x + i * stride) }
    let (s1, s2, s3) = isScaled ? scales : (1, 1, 1)
    let (e1, o1) = (s1 * (at(1) + at(2)), s1 * (at(1) - at(2)))
    let (e2, o2) = (s2 * (at(3) + at(4)), s2 * (at(3) - at(4)))
    let (e3, o3) = (s3 * (at(5) + at(6)), s3 * (at(5) - at(6)))
    var (two, half): (Float, Float) = (1, 1)
    var i = 0
    while i < count {
      var sum = i % 2 == 0 ? e1 + two * e2 + half * e3 : o1 + two * o2 + half * o3
      if i == 0 { sum += at(0) }
      if i == count - 1 { sum += at(7) }
      vector_store(sum, y + i * step)
      (two, half) = (2 * two, 0.5 * half)
      i += 1
    }
  }

  /// Stores the values at a number and at its negative.
  @inline(__always)
  private static func store(
    _ even: Vector, _ odd: Vector, _ y: Target, _ position: Int, _ step: Int
  ) {
    vector_store(even + odd, y + position * step)
    vector_store(even - odd, y + (position + 1) * step)
  }
}
