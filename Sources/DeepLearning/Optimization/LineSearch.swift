/// A search along a descent direction for a step that is good enough, but not exact.
///
/// The method of Moré and Thuente (1994) with the constants of L-BFGS-B (Byrd, Lu, Nocedal and Zhu, 1995): the value must
/// have fallen by a share of what the slope promised, and the slope must have become less steep. Between two steps that
/// enclose a good one, the next is where a cubic or a parabola through their values and slopes has its minimum.
struct LineSearch {
  /// What the function does at one step.
  struct Point {
    var step: Double
    var value: Double
    /// The derivative along the direction.
    var slope: Double
  }

  /// The share of the promised descent that is enough.
  private static let sufficientDescent = 1e-3
  /// The share of the first slope that may be left.
  private static let flatness = 0.9
  /// How close together the ends of the enclosing interval may come.
  private static let narrowest = 0.1
  private static let longest = 1e10

  private let start: Point
  /// The best step so far, and the other end of the interval that encloses a good one.
  private var best: Point
  private var other: Point
  private var isEnclosed = false
  /// As long as no step has both descended and passed the minimum, the descent itself counts, less what is enough.
  private var isFirstStage = true
  private var width = longest
  private var widthBefore = 2 * longest
  private var limits: ClosedRange<Double>
  /// The step to try next.
  private(set) var step: Double

  /// What the last trial led to.
  enum Verdict { case isGoodEnough, tryNext, cannotImprove }

  /// Begins a search.
  ///
  /// - Parameters:
  ///   - value: of the function, where the search begins.
  ///   - slope: its derivative along the direction, below zero.
  ///   - step: what to try first.
  init(value: Double, slope: Double, step: Double) {
    start = Point(step: 0, value: value, slope: slope)
    (best, other) = (start, start)
    limits = 0...step + 4 * step
    self.step = step
  }

  /// Takes what the function does at ``step``, and sets the next step to try.
  mutating func judge(value: Double, slope: Double) -> Verdict {
    let trial = Point(step: step, value: value, slope: slope)
    let enough = Self.sufficientDescent * start.slope
    let bound = start.value + step * enough
    if isFirstStage, value <= bound,
      slope >= min(Self.sufficientDescent, Self.flatness) * start.slope
    {
      isFirstStage = false
    }
    if value <= bound, abs(slope) <= -Self.flatness * start.slope { return .isGoodEnough }
    let isStuck =
      (isEnclosed && (step <= limits.lowerBound || step >= limits.upperBound))
      || (isEnclosed && limits.upperBound - limits.lowerBound <= Self.narrowest * limits.upperBound)
      || (step >= Self.longest && value <= bound && slope <= enough)
    if isStuck || !value.isFinite || !slope.isFinite {
      step = best.step
      return .cannotImprove
    }
    if isFirstStage, value <= best.value, value > bound {
      // Without what would be enough anyway, the minimum is seen more clearly.
      var (low, high) = (best.lowered(by: enough), other.lowered(by: enough))
      advance(&low, &high, trial.lowered(by: enough))
      (best, other) = (low.lowered(by: -enough), high.lowered(by: -enough))
    } else {
      var (low, high) = (best, other)
      advance(&low, &high, trial)
      (best, other) = (low, high)
    }
    narrow()
    return .tryNext
  }

  /// Halves an interval that shrinks too slowly, and sets the limits of the next step.
  private mutating func narrow() {
    if isEnclosed {
      if abs(other.step - best.step) >= 0.66 * widthBefore {
        step = best.step + 0.5 * (other.step - best.step)
      }
      (widthBefore, width) = (width, abs(other.step - best.step))
      limits = min(best.step, other.step)...max(best.step, other.step)
    } else {
      let low = step + 1.1 * (step - best.step)
      limits = low...max(step + 4 * (step - best.step), low)
    }
    step = min(max(step, 0), Self.longest)
    let isExhausted =
      isEnclosed
      && (step <= limits.lowerBound || step >= limits.upperBound
        || limits.upperBound - limits.lowerBound <= Self.narrowest * limits.upperBound)
    if isExhausted { step = best.step }
  }

  /// Chooses the next step from the interval's ends and a trial, and narrows the interval around a minimum.
  private mutating func advance(_ low: inout Point, _ high: inout Point, _ trial: Point) {
    let turns = trial.slope * low.slope < 0
    let next: Double
    if trial.value > low.value {
      // Higher: the minimum lies between. The cubic's is taken if it is nearer, else the mean of both.
      let cubic = low.cubicMinimum(trial)
      let parabola = low.step + low.secantShare(trial) * (trial.step - low.step)
      next =
        abs(cubic - low.step) < abs(parabola - low.step)
        ? cubic : cubic + (parabola - cubic) / 2
      isEnclosed = true
    } else if turns {
      // Lower, but it rises again: the minimum lies between. The farther one is taken.
      let cubic = trial.cubicMinimum(low)
      let secant = trial.secantMinimum(low)
      next = abs(cubic - trial.step) > abs(secant - trial.step) ? cubic : secant
      isEnclosed = true
    } else if abs(trial.slope) < abs(low.slope) {
      next = beyond(low, high, trial)
    } else if isEnclosed {
      next = trial.cubicMinimum(high)
    } else {
      next = trial.step > low.step ? limits.upperBound : limits.lowerBound
    }
    if trial.value > low.value {
      high = trial
    } else {
      if turns { high = low }
      low = trial
    }
    step = next
  }

  /// Lower and less steep: the minimum lies beyond the trial.
  private func beyond(_ low: Point, _ high: Point, _ trial: Point) -> Double {
    let secant = trial.secantMinimum(low)
    let cubic =
      trial.cubicMinimumBeyond(low)
      ?? (trial.step > low.step ? limits.upperBound : limits.lowerBound)
    if isEnclosed {
      let next = abs(cubic - trial.step) < abs(secant - trial.step) ? cubic : secant
      let reach = trial.step + 0.66 * (high.step - trial.step)
      return trial.step > low.step ? min(reach, next) : max(reach, next)
    }
    let next = abs(cubic - trial.step) > abs(secant - trial.step) ? cubic : secant
    return min(max(next, limits.lowerBound), limits.upperBound)
  }
}

extension LineSearch.Point {
  /// The same with a line through the origin taken away from the function.
  fileprivate func lowered(by slope: Double) -> Self {
    Self(step: step, value: value - step * slope, slope: self.slope - slope)
  }

  /// The terms of the cubic through both points' values and slopes: θ and γ of Moré and Thuente.
  private func cubic(_ end: Self) -> (theta: Double, gamma: Double, isReal: Bool) {
    let theta = 3 * (value - end.value) / (end.step - step) + slope + end.slope
    let scale = max(abs(theta), abs(slope), abs(end.slope))
    guard scale > 0 else { return (0, 0, false) }
    let square = (theta / scale) * (theta / scale) - (slope / scale) * (end.slope / scale)
    return (theta, scale * max(square, 0).squareRoot(), square > 0)
  }

  /// Where the cubic through both points has its minimum.
  fileprivate func cubicMinimum(_ end: Self) -> Double {
    var (theta, gamma, _) = cubic(end)
    if end.step < step { gamma = -gamma }
    let p = (gamma - slope) + theta
    let q = ((gamma - slope) + gamma) + end.slope
    return q == 0 ? end.step : step + p / q * (end.step - step)
  }

  /// The same, if it lies on this side of the line from `start` through this point; nil if there is none.
  fileprivate func cubicMinimumBeyond(_ start: Self) -> Double? {
    var (theta, gamma, isReal) = cubic(start)
    if step > start.step { gamma = -gamma }
    let p = (gamma - slope) + theta
    let q = (gamma + (start.slope - slope)) + gamma
    guard isReal, q != 0, p / q < 0 else { return nil }
    return step + p / q * (start.step - step)
  }

  /// Where the parabola through this value and slope and the other's value has its minimum, as a share of the way.
  fileprivate func secantShare(_ end: Self) -> Double {
    slope / ((value - end.value) / (end.step - step) + slope) / 2
  }

  /// Where the slope would be zero if it went on changing evenly.
  fileprivate func secantMinimum(_ other: Self) -> Double {
    step + slope / (slope - other.slope) * (other.step - step)
  }
}
