import Foundation

/// Minimises a function of a tensor by its gradient: limited-memory BFGS (Nocedal, 1980; Liu and Nocedal, 1989).
///
/// The curvature along the last steps is remembered and gives each step its direction and length; a line search keeps
/// the function falling. Constants and stopping rules are those of L-BFGS-B, which SciPy's `fmin_l_bfgs_b` runs.
///
///     let outcome = try LBFGS().minimize(picture, evaluations: 20) { picture in
///       valueAndGradient(at: picture, of: loss)
///     }
public struct LBFGS {
  /// How many steps are remembered.
  public var memory: Int
  /// The relative decrease of the value in a step below which it ends.
  public var valueTolerance: Double
  /// The largest component of a gradient that counts as zero.
  public var gradientTolerance: Double

  /// Creates a minimiser.
  ///
  /// - Parameters:
  ///   - memory: how many steps are remembered.
  ///   - valueTolerance: the relative decrease of the value in a step below which it ends.
  ///   - gradientTolerance: the largest component of a gradient that counts as zero.
  public init(
    memory: Int = 10, valueTolerance: Double = 2.2e-9, gradientTolerance: Double = 1e-5
  ) {
    require(memory > 0, "L-BFGS remembers at least one step, not \(memory).")
    self.memory = memory
    self.valueTolerance = valueTolerance
    self.gradientTolerance = gradientTolerance
  }

  /// Why a minimisation ended.
  public enum Reason: Sendable {
    /// The gradient is zero, as far as can be told.
    case gradientVanished
    /// A step hardly lowered the value.
    case valueSettled
    /// As many evaluations as were allowed.
    case evaluationsUsed
    /// No step along the gradient lowers the value any more: it is as exact as its numbers are.
    case cannotImprove
    /// The function had no finite value; the last good place is returned.
    case notFinite
  }

  /// Where a minimisation ended.
  public struct Outcome {
    /// The best place found.
    public let place: Tensor
    /// The function there.
    public let value: Float
    /// How often the function was computed.
    public let evaluations: Int
    /// How many steps were taken.
    public let steps: Int
    /// Why it ended.
    public let reason: Reason
  }

  /// A step taken, and how the gradient changed on it.
  private struct Step {
    let move: [Float]
    let change: [Float]
    let product: Double
  }

  /// Looks for a minimum.
  ///
  /// - Parameters:
  ///   - start: where to begin.
  ///   - evaluations: how often the function may be computed; a line search that has begun is finished first.
  ///   - function: computes a value and the gradient in the shape of `start`.
  /// - Throws: what `function` throws.
  public func minimize(
    _ start: Tensor, evaluations: Int,
    of function: (Tensor) throws -> (value: Tensor, gradient: Tensor)
  ) rethrows -> Outcome {
    var count = 0
    func compute(_ place: [Float]) throws -> (value: Double, gradient: [Float]) {
      count += 1
      let (value, gradient) = try function(Tensor(place, shape: start.shape))
      return (Double(value.item), gradient.scalars)
    }
    var place = start.scalars
    var (value, gradient) = try compute(place)
    var steps: [Step] = []
    var taken = 0
    func outcome(_ reason: Reason) -> Outcome {
      Outcome(
        place: Tensor(place, shape: start.shape), value: Float(value), evaluations: count,
        steps: taken, reason: reason)
    }
    guard value.isFinite, gradient.largestMagnitude.isFinite else { return outcome(.notFinite) }
    while true {
      if gradient.largestMagnitude <= gradientTolerance { return outcome(.gradientVanished) }
      if count >= evaluations { return outcome(.evaluationsUsed) }
      let direction = Self.direction(gradient, steps)
      let slope = gradient.dot(direction)
      guard slope < 0 else {
        // What is remembered no longer fits; without it the direction is the gradient's.
        if steps.isEmpty { return outcome(.cannotImprove) }
        steps = []
        continue
      }
      let first = taken == 0 ? min(1 / direction.dot(direction).squareRoot(), 1e10) : 1
      var search = LineSearch(value: value, slope: slope, step: first)
      var trial = (place: place, value: value, gradient: gradient)
      var verdict = LineSearch.Verdict.tryNext
      var trials = 0
      while verdict == .tryNext, trials < 20 {
        trial.place = place.adding(search.step, direction)
        (trial.value, trial.gradient) = try compute(trial.place)
        trials += 1
        verdict = search.judge(value: trial.value, slope: trial.gradient.dot(direction))
      }
      guard trial.value.isFinite, trial.gradient.largestMagnitude.isFinite else {
        return outcome(.notFinite)
      }
      guard verdict == .isGoodEnough || trial.value < value else {
        if steps.isEmpty { return outcome(.cannotImprove) }
        steps = []
        continue
      }
      taken += 1
      let decrease = (value - trial.value) / max(abs(value), abs(trial.value), 1)
      remember(from: (place, gradient), to: trial, in: &steps)
      (place, value, gradient) = trial
      if gradient.largestMagnitude <= gradientTolerance { return outcome(.gradientVanished) }
      if decrease <= valueTolerance { return outcome(.valueSettled) }
    }
  }

  /// Adds a step to those remembered, unless the function does not curve upwards along it.
  private func remember(
    from old: (place: [Float], gradient: [Float]),
    to new: (place: [Float], value: Double, gradient: [Float]), in steps: inout [Step]
  ) {
    let move = new.place.adding(-1, old.place)
    let change = new.gradient.adding(-1, old.gradient)
    let product = move.dot(change)
    guard product > 2.2e-16 * -old.gradient.dot(move) else { return }
    steps.append(Step(move: move, change: change, product: product))
    if steps.count > memory { steps.removeFirst() }
  }

  /// Minus the gradient, corrected by the curvature along the remembered steps (Nocedal's two loops).
  private static func direction(_ gradient: [Float], _ steps: [Step]) -> [Float] {
    var result = gradient
    var weights: [Double] = []
    for step in steps.reversed() {
      let weight = step.move.dot(result) / step.product
      result = result.adding(-weight, step.change)
      weights.append(weight)
    }
    if let last = steps.last {
      let scale = Float(last.product / last.change.dot(last.change))
      for i in result.indices { result[i] *= scale }
    }
    for (step, weight) in zip(steps, weights.reversed()) {
      result = result.adding(weight - step.change.dot(result) / step.product, step.move)
    }
    for i in result.indices { result[i] = -result[i] }
    return result
  }
}

extension [Float] {
  /// Σab in double precision.
  fileprivate func dot(_ other: [Float]) -> Double {
    withUnsafeBufferPointer { a in
      other.withUnsafeBufferPointer { b in
        var sums = SIMD8<Double>.zero
        let whole = a.count & ~7
        for i in stride(from: 0, to: whole, by: 8) {
          for lane in 0..<8 { sums[lane] += Double(a[i + lane]) * Double(b[i + lane]) }
        }
        return (whole..<a.count).reduce(sums.sum()) { $0 + Double(a[$1]) * Double(b[$1]) }
      }
    }
  }

  /// self + factor · other
  fileprivate func adding(_ factor: Double, _ other: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { target, initialized in
      withUnsafeBufferPointer { a in
        other.withUnsafeBufferPointer { b in
          let factor = Float(factor)
          for i in 0..<a.count { target[i] = a[i] + factor * b[i] }
        }
      }
      initialized = count
    }
  }

  fileprivate var largestMagnitude: Double {
    var largest: Float = 0
    for x in self { largest = x.isNaN ? .infinity : Swift.max(largest, Swift.abs(x)) }
    return Double(largest)
  }
}
