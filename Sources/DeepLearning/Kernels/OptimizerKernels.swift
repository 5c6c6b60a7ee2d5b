import CVector
import Foundation

/// Which weights an update changes: all, or some rows of a matrix.
struct UpdateRegion {
  /// The number of weights.
  let count: Int
  let rows: NonZeroRows?
}

/// The update rules of the optimizers, fused: each weight is read and written once.
enum OptimizerKernels {
  private typealias Vector = SIMD16<Float>
  typealias Target = UnsafeMutablePointer<Float>
  typealias Source = UnsafePointer<Float>

  private static let grain = 1 << 14

  @inline(__always)
  private static func each(_ region: UpdateRegion, _ body: (Range<Int>) -> Void) {
    guard let nonZero = region.rows else {
      return Parallel.ranges(region.count, grain: grain) { body($0) }
    }
    for row in nonZero.rows {
      let start = Int(row) * nonZero.width
      body(start..<start + nonZero.width)
    }
  }

  /// Scales rows of an average once for each update that they have missed, and notes this update as their last.
  static func applyDeferredDecay(
    _ nonZero: NonZeroRows, _ a: Target, lastUpdates: Target, update: Int, rate: Float
  ) {
    var powers: [Float] = [1]
    for row in nonZero.rows {
      let missed = update - 1 - Int(lastUpdates[Int(row)])
      lastUpdates[Int(row)] = Float(update)
      if missed <= 0 { continue }
      // Most rows are seen again soon; powers are cheaper multiplied up than computed.
      while powers.count <= min(missed, 255) { powers.append(powers[powers.count - 1] * rate) }
      let fading = missed < 256 ? powers[missed] : pow(rate, Float(missed))
      let average = a + Int(row) * nonZero.width
      for i in stride(from: 0, to: nonZero.width, by: 16) {
        vector_store_first(fading * vector_load(average + i), average + i, nonZero.width - i)
      }
    }
  }

  /// `a ← ρa + (1-ρ)g²; w ← w - η·g/(√a + ε)` (Keras 2.0: ε outside the root)
  static func rmsprop(
    _ w: Target, gradient g: Source, average a: Target, _ region: UpdateRegion, rate: Float,
    rho: Float,
    epsilon: Float
  ) {
    each(region) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        let g = vector_load(g + i)
        let a1 = rho * vector_load(a + i) + (1 - rho) * (g * g)
        store(a1, a, i, range.upperBound)
        store(vector_load(w + i) - rate * vector_over_root(g, a1, epsilon), w, i, range.upperBound)
      }
    }
  }

  /// `a ← a + g²; w ← w - η·g/(√a + ε)` (Duchi et al., 2011)
  static func adagrad(
    _ w: Target, gradient g: Source, sum a: Target, _ region: UpdateRegion, rate: Float,
    epsilon: Float
  ) {
    each(region) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        let g = vector_load(g + i)
        let a1 = vector_load(a + i) + g * g
        store(a1, a, i, range.upperBound)
        store(vector_load(w + i) - rate * vector_over_root(g, a1, epsilon), w, i, range.upperBound)
      }
    }
  }

  /// `m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - η·m/(√v + ε)` (Kingma and Ba, 2014), with the
  /// correction of the bias already in η.
  static func adam(
    _ w: Target, gradient g: Source, mean m: Target, variance v: Target, _ region: UpdateRegion,
    rate: Float, beta1: Float, beta2: Float, epsilon: Float
  ) {
    each(region) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        let g = vector_load(g + i)
        let m1 = beta1 * vector_load(m + i) + (1 - beta1) * g
        let v1 = beta2 * vector_load(v + i) + (1 - beta2) * (g * g)
        store(m1, m, i, range.upperBound)
        store(v1, v, i, range.upperBound)
        store(
          vector_load(w + i) - rate * vector_over_root(m1, v1, epsilon), w, i, range.upperBound)
      }
    }
  }

  /// `v ← μv - ηg; w ← w + v`, or with Nesterov `w ← w + μv - ηg`
  static func momentum(
    _ w: Target, gradient g: Source, velocity v: Target, _ region: UpdateRegion, rate: Float,
    momentum: Float, nesterov: Bool
  ) {
    each(region) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        let step = rate * vector_load(g + i)
        let v1 = momentum * vector_load(v + i) - step
        store(v1, v, i, range.upperBound)
        store(
          nesterov ? vector_load(w + i) + momentum * v1 - step : vector_load(w + i) + v1, w, i,
          range.upperBound)
      }
    }
  }

  /// `w ← w - ηg`
  static func descend(_ w: Target, gradient g: Source, _ region: UpdateRegion, rate: Float) {
    each(region) { range in
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        store(vector_load(w + i) - rate * vector_load(g + i), w, i, range.upperBound)
      }
    }
  }

  @inline(__always)
  private static func store(_ vector: Vector, _ pointer: Target, _ index: Int, _ end: Int) {
    vector_store_first(vector, pointer + index, end - index)
  }
}
