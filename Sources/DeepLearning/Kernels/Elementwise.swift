import CVector

/// Element-wise kernels on contiguous memory, 16 numbers at a time.
///
/// Blocks from the pool are padded to whole vectors with slack behind, so the last vector may read past
/// the end of its inputs; it is written element by element. Everything that must be inlined into the
/// loops lies in this file, because the package is compiled without whole-module optimisation.
enum Elementwise {
  typealias Vector = SIMD16<Float>
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  /// Below this many elements a second core costs more than it gives.
  static let grain = 1 << 15

  @inline(__always)
  private static func store(_ vector: Vector, _ pointer: Target, _ index: Int, _ end: Int) {
    if index + 16 <= end {
      vector_store(vector, pointer + index)
    } else {
      for lane in 0..<end - index { pointer[index + lane] = vector[lane] }
    }
  }

  @inline(__always)
  private static func map(_ x: Source, _ y: Target, _ count: Int, _ f: (Vector) -> Vector) {
    Parallel.ranges(count, grain: grain) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        store(f(vector_load(x + i)), y, i, range.upperBound)
      }
    }
  }

  @inline(__always)
  private static func map2(
    _ a: Source, _ b: Source, _ y: Target, _ count: Int, _ f: (Vector, Vector) -> Vector
  ) {
    Parallel.ranges(count, grain: grain) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        store(f(vector_load(a + i), vector_load(b + i)), y, i, range.upperBound)
      }
    }
  }

  // MARK: Arithmetic

  /// An operation on two numbers.
  enum Binary { case add, subtract, multiply, divide, maximum }

  static func binary(_ operation: Binary, _ a: Source, _ b: Source, _ y: Target, _ count: Int) {
    switch operation {
    case .add: map2(a, b, y, count) { $0 + $1 }
    case .subtract: map2(a, b, y, count) { $0 - $1 }
    case .multiply: map2(a, b, y, count) { $0 * $1 }
    case .divide: map2(a, b, y, count) { $0 / $1 }
    case .maximum:
      // The instruction drops NaN.
      map2(a, b, y, count) {
        vector_max($0, $1).replacing(with: $0 + $1, where: ($0 .!= $0) .| ($1 .!= $1))
      }
    }
  }

  /// `y = scale · x + shift`
  static func affine(_ x: Source, _ y: Target, _ count: Int, scale: Float, shift: Float) {
    map(x, y, count) { $0 * scale + shift }
  }

  /// `y += x`
  static func accumulate(_ x: Source, into y: Target, _ count: Int) {
    map2(x, UnsafePointer(y), y, count) { $0 + $1 }
  }

  /// `y += factor · x`
  static func accumulate(_ x: Source, times factor: Float, into y: Target, _ count: Int) {
    map2(x, UnsafePointer(y), y, count) { $1 + factor * $0 }
  }

  /// `y = [lower ≤ x ≤ upper] · upstream`, the gradient of clipping.
  static func clipGradient(
    _ x: Source, _ upstream: Source, _ y: Target, _ count: Int, lower: Float, upper: Float
  ) {
    map2(x, upstream, y, count) { x, g in
      g.replacing(with: 0, where: (x .< lower) .| (x .> upper))
    }
  }

  // MARK: Functions of one number

  /// A function of one number whose derivative follows from its argument or its value.
  enum Unary { case exp, log, squareRoot, square, magnitude, sign, reciprocal }

  static func unary(_ function: Unary, _ x: Source, _ y: Target, _ count: Int) {
    switch function {
    case .exp: map(x, y, count, vector_exp)
    case .log: map(x, y, count, logarithm)
    case .squareRoot: map(x, y, count) { vector_sqrt($0) }
    case .square: map(x, y, count) { $0 * $0 }
    case .magnitude: map(x, y, count) { $0.replacing(with: -$0, where: $0 .< 0) }
    case .sign: map(x, y, count) { sign($0) }
    case .reciprocal: map(x, y, count) { 1 / $0 }
    }
  }

  static func leakyRelu(_ x: Source, _ y: Target, _ count: Int, slope: Float) {
    map(x, y, count) { $0.replacing(with: slope * $0, where: $0 .< 0) }
  }

  static func leakyReluGradient(
    _ x: Source, _ upstream: Source, _ y: Target, _ count: Int, slope: Float
  ) {
    map2(x, upstream, y, count) { $1.replacing(with: slope * $1, where: $0 .< 0) }
  }

  static func clip(_ x: Source, _ y: Target, _ count: Int, lower: Float, upper: Float) {
    map(x, y, count) {
      $0.replacing(with: Vector(repeating: lower), where: $0 .< lower)
        .replacing(with: Vector(repeating: upper), where: $0 .> upper)
    }
  }

  // MARK: Activations

  /// Applies an activation; `y` may be `x`. Softmax works on rows and is in `RowKernels`; swish is made of
  /// others.
  static func activate(_ activation: Activation, _ x: Source, _ y: Target, _ count: Int) {
    switch activation {
    case .linear, .softmax, .swish: if x != UnsafePointer(y) { y.update(from: x, count: count) }
    case .relu: map(x, y, count) { $0.replacing(with: 0, where: $0 .< 0) }
    case .sigmoid: map(x, y, count) { 1 / (1 + vector_exp(-$0)) }
    case .tanh: map(x, y, count, vector_tanh)
    case .hardSigmoid:
      map(x, y, count) {
        let line = 0.2 * $0 + 0.5
        return line.replacing(with: 0, where: line .< 0).replacing(with: 1, where: line .> 1)
      }
    case .elu: map(x, y, count) { $0.replacing(with: vector_exp($0) - 1, where: $0 .< 0) }
    case .selu:
      map(x, y, count) {
        seluScale * $0.replacing(with: seluAlpha * (vector_exp($0) - 1), where: $0 .< 0)
      }
    case .softplus:
      // log(1 + exp(x)) without overflow.
      map(x, y, count) {
        let magnitude = $0.replacing(with: -$0, where: $0 .< 0)
        return logarithm(1 + vector_exp(-magnitude)) + $0.replacing(with: 0, where: $0 .< 0)
      }
    case .softsign:
      map(x, y, count) { $0 / (1 + $0.replacing(with: -$0, where: $0 .< 0)) }
    case .relu6:
      map(x, y, count) { $0.replacing(with: 0, where: $0 .< 0).replacing(with: 6, where: $0 .> 6) }
    }
  }

  /// `gradient = upstream · activation'`, from the *output* `y` of the activation; may be in place.
  static func activationGradient(
    _ activation: Activation, output y: Source, upstream: Source, into gradient: Target,
    _ count: Int
  ) {
    switch activation {
    case .linear, .softmax:
      if upstream != UnsafePointer(gradient) { gradient.update(from: upstream, count: count) }
    case .swish: fail("swish is differentiated through the functions that it is made of.")
    case .relu: map2(y, upstream, gradient, count) { $1.replacing(with: 0, where: $0 .<= 0) }
    case .sigmoid: map2(y, upstream, gradient, count) { $1 * $0 * (1 - $0) }
    case .tanh: map2(y, upstream, gradient, count) { $1 * (1 - $0 * $0) }
    case .hardSigmoid:
      map2(y, upstream, gradient, count) {
        (0.2 * $1).replacing(with: 0, where: ($0 .<= 0) .| ($0 .>= 1))
      }
    case .elu:
      map2(y, upstream, gradient, count) { $1.replacing(with: $1 * ($0 + 1), where: $0 .< 0) }
    case .selu:
      map2(y, upstream, gradient, count) {
        (seluScale * $1).replacing(with: $1 * ($0 + seluScale * seluAlpha), where: $0 .< 0)
      }
    case .softplus: map2(y, upstream, gradient, count) { $1 * (1 - vector_exp(-$0)) }
    case .relu6:
      map2(y, upstream, gradient, count) { $1.replacing(with: 0, where: ($0 .<= 0) .| ($0 .>= 6)) }
    case .softsign:
      // y = x / (1 + |x|) means 1 / (1 + |x|) = 1 - |y|.
      map2(y, upstream, gradient, count) {
        let slope = 1 - $0.replacing(with: -$0, where: $0 .< 0)
        return $1 * slope * slope
      }
    }
  }

  private static let seluScale: Float = 1.0507009873554805
  private static let seluAlpha: Float = 1.6732632423543772

  // MARK: Transcendental functions

  /// ln(x) for positive x (Cephes' logf); -inf for 0, NaN below.
  @inline(__always)
  private static func logarithm(_ x: Vector) -> Vector {
    let isTiny = x .< Vector(repeating: .leastNormalMagnitude)
    let normal = x.replacing(with: x * 8_388_608, where: isTiny)
    let bits = unsafeBitCast(normal, to: SIMD16<UInt32>.self)
    // The exponent as a number, by putting it into the mantissa of 2²³.
    let exponentBits = (bits &>> 23) | 0x4B00_0000
    var e = unsafeBitCast(exponentBits, to: Vector.self) - 8_388_608 - 126
    e = e - Vector.zero.replacing(with: 23, where: isTiny)
    var m = unsafeBitCast((bits & 0x007F_FFFF) | 0x3F00_0000, to: Vector.self)
    let isSmall = m .< 0.707_106_78
    e = e - Vector.zero.replacing(with: 1, where: isSmall)
    m = m + Vector.zero.replacing(with: m, where: isSmall) - 1
    let z = m * m
    var p = 7.037_683_6e-2 * m - 1.151_461e-1
    p = p * m + 1.167_699_9e-1
    p = p * m - 1.242_014_1e-1
    p = p * m + 1.424_932_3e-1
    p = p * m - 1.666_805_7e-1
    p = p * m + 2.000_071_5e-1
    p = p * m - 2.499_999_4e-1
    p = p * m + 3.333_333_1e-1
    var y = p * m * z - 2.121_944_4e-4 * e - 0.5 * z
    y = m + y + 0.693_359_375 * e
    y = y.replacing(with: Vector(repeating: -.infinity), where: x .== 0)
    y = y.replacing(with: Vector(repeating: .infinity), where: x .== .infinity)
    return y.replacing(with: Vector(repeating: .nan), where: (x .< 0) .| (x .!= x))
  }

  @inline(__always)
  private static func sign(_ x: Vector) -> Vector {
    Vector.zero.replacing(with: 1, where: x .> 0).replacing(with: -1, where: x .< 0)
  }
}
