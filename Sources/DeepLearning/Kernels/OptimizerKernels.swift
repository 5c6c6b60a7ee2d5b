/// The update rules of the optimizers, fused: each weight is read and written once.
enum OptimizerKernels {
  private typealias Vector = SIMD16<Float>
  typealias Target = UnsafeMutablePointer<Float>
  typealias Source = UnsafePointer<Float>

  private static let grain = 1 << 14

  /// `a ← ρa + (1-ρ)g²; w ← w - η·g/(√a + ε)` (Keras 2.0: ε outside the root)
  static func rmsprop(
    _ w: Target, gradient g: Source, average a: Target, _ count: Int, rate: Float, rho: Float,
    epsilon: Float
  ) {
    each(count) { i in
      let g = load(g, i)
      let a1 = rho * load(a, i) + (1 - rho) * (g * g)
      return (a1, load(w, i) - rate * g / (a1.squareRoot() + epsilon))
    } store: { i, end, value in
      store(value.0, a, i, end)
      store(value.1, w, i, end)
    }
  }

  /// `a ← a + g²; w ← w - η·g/(√a + ε)` (Duchi et al., 2011)
  static func adagrad(
    _ w: Target, gradient g: Source, sum a: Target, _ count: Int, rate: Float, epsilon: Float
  ) {
    each(count) { i in
      let g = load(g, i)
      let a1 = load(a, i) + g * g
      return (a1, load(w, i) - rate * g / (a1.squareRoot() + epsilon))
    } store: { i, end, value in
      store(value.0, a, i, end)
      store(value.1, w, i, end)
    }
  }

  /// `m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - η·m/(√v + ε)` (Kingma and Ba, 2014), with the
  /// correction of the bias already in η.
  static func adam(
    _ w: Target, gradient g: Source, mean m: Target, variance v: Target, _ count: Int,
    rate: Float, beta1: Float, beta2: Float, epsilon: Float
  ) {
    Parallel.ranges(count, grain: grain) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        let g = load(g, i)
        let m1 = beta1 * load(m, i) + (1 - beta1) * g
        let v1 = beta2 * load(v, i) + (1 - beta2) * (g * g)
        store(m1, m, i, range.upperBound)
        store(v1, v, i, range.upperBound)
        store(
          load(w, i) - rate * m1 / (v1.squareRoot() + epsilon), w, i, range.upperBound)
      }
    }
  }

  /// `v ← μv - ηg; w ← w + v`, or with Nesterov `w ← w + μv - ηg`
  static func momentum(
    _ w: Target, gradient g: Source, velocity v: Target, _ count: Int, rate: Float,
    momentum: Float, nesterov: Bool
  ) {
    each(count) { i in
      let step = rate * load(g, i)
      let v1 = momentum * load(v, i) - step
      return (v1, nesterov ? load(w, i) + momentum * v1 - step : load(w, i) + v1)
    } store: { i, end, value in
      store(value.0, v, i, end)
      store(value.1, w, i, end)
    }
  }

  /// `w ← w - ηg`
  static func descend(_ w: Target, gradient g: Source, _ count: Int, rate: Float) {
    Parallel.ranges(count, grain: grain) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        store(load(w, i) - rate * load(g, i), w, i, range.upperBound)
      }
    }
  }

  @inline(__always)
  private static func each(
    _ count: Int, _ compute: (Int) -> (Vector, Vector),
    store write: (Int, Int, (Vector, Vector)) -> Void
  ) {
    Parallel.ranges(count, grain: grain) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        write(i, range.upperBound, compute(i))
      }
    }
  }

  @inline(__always)
  private static func load(_ pointer: Source, _ index: Int) -> Vector {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  private static func load(_ pointer: Target, _ index: Int) -> Vector {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  private static func store(_ vector: Vector, _ pointer: Target, _ index: Int, _ end: Int) {
    if index + 16 <= end {
      UnsafeMutableRawPointer(pointer + index).storeBytes(of: vector, as: Vector.self)
    } else {
      for lane in 0..<end - index { pointer[index + lane] = vector[lane] }
    }
  }
}
