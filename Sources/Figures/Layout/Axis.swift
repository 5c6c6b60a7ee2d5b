import Foundation

/// How the values of an axis are spread over its length.
public enum Scale: Sendable {
  /// Equal differences are equally far apart.
  case linear
  /// Equal ratios are equally far apart; zero and negative values leave a gap.
  case logarithmic
}

/// The range of values that one axis shows.
struct Axis {
  let scale: Scale
  let lower: Double
  let upper: Double

  /// An axis that shows all of `values`, with a margin so that no mark lies on the edge.
  /// - Parameter standsOnZero: bars are not lifted off the axis.
  init(
    showing values: [Double], scale: Scale = .linear, margin: Double = 0.05,
    standsOnZero: Bool = false
  ) {
    self.scale = scale
    let shown = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
    guard var least = shown.min(), var greatest = shown.max() else {
      (lower, upper) = scale == .linear ? (0, 1) : (0.1, 1)
      return
    }
    switch scale {
    case .linear:
      if standsOnZero { (least, greatest) = (min(least, 0), max(greatest, 0)) }
      let (from, to) = Axis.widened(least, greatest)
      let space = margin * (to - from)
      lower = standsOnZero && least == 0 ? 0 : from - space
      // Bars that are all zero still need a scale.
      upper = standsOnZero && greatest == 0 && least < 0 ? 0 : to + space
    case .logarithmic:
      let (from, to) = Axis.widened(log10(least), log10(greatest), atLeast: 0.2)
      let space = margin * (to - from)
      (lower, upper) = (pow(10, max(from - space, -305)), pow(10, min(to + space, 305)))
    }
  }

  /// Makes room around a single value: a range of no width has no scale.
  static func widened(
    _ least: Double, _ greatest: Double, atLeast width: Double = 0
  ) -> (lower: Double, upper: Double) {
    let magnitude = max(least.magnitude, greatest.magnitude)
    if greatest - least > max(magnitude * 1e-9, width) { return (least, greatest) }
    let middle = least / 2 + greatest / 2
    let half = width > 0 ? width / 2 : magnitude == 0 ? 0.5 : magnitude * 0.1
    return (middle - half, middle + half)
  }

  /// Where `value` lies between the two ends, 0 to 1; nothing for what the axis cannot show.
  func fraction(of value: Double) -> Double? {
    switch scale {
    case .linear:
      return value.isFinite ? (value - lower) / (upper - lower) : nil
    case .logarithmic:
      guard value.isFinite, value > 0 else { return nil }
      // A difference of logarithms, because the ratio may overflow.
      return (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
    }
  }

  func ticks(atMost count: Int, wholeNumbers: Bool = false) -> [Tick] {
    switch scale {
    case .linear:
      Ticks.linear(from: lower, to: upper, atMost: count, wholeNumbers: wholeNumbers)
    case .logarithmic: Ticks.logarithmic(from: lower, to: upper, atMost: count)
    }
  }
}
