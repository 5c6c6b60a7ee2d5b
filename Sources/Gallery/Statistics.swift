import Foundation

/// The little statistics that comparing training runs needs.
public enum Statistics {
  /// The arithmetic mean; NaN of nothing.
  public static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The middle value, or the mean of the two in the middle; NaN of nothing.
  public static func median<Value: BinaryFloatingPoint>(_ values: some Sequence<Value>) -> Value {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// The standard deviation of a population of which `values` is a sample (divided by n - 1); NaN for fewer
  /// than two values.
  public static func standardDeviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let mean = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The book's smooth curves: an exponential moving average, in which each value counts `1 - factor`, and the average
  /// before it the rest.
  public static func smoothed(_ values: [Float], factor: Float) -> [Float] {
    values.reduce(into: []) { smooth, value in
      smooth.append(smooth.last.map { $0 * factor + value * (1 - factor) } ?? value)
    }
  }

  /// The probability that two samples differ at least so much in their means if the populations do not
  /// (two-sided test of Welch, 1947, which does not assume equal variances).
  ///
  /// - Returns: 0 to 1; NaN if a sample has fewer than two values, or any value is not finite.
  public static func welchTest(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count > 1, b.count > 1, (a + b).allSatisfy(\.isFinite) else { return .nan }
    let errors = [a, b].map { sample in
      let deviation = standardDeviation(sample)
      return deviation * deviation / Double(sample.count)
    }
    let difference = mean(a) - mean(b)
    let error = errors[0] + errors[1]
    // Samples without any spread: different means are then certainly different.
    guard error > 0 else { return difference == 0 ? 1 : 0 }
    let freedom =
      error * error
      / (errors[0] * errors[0] / Double(a.count - 1) + errors[1] * errors[1] / Double(b.count - 1))
    return incompleteBeta(
      freedom / (freedom + difference * difference / error), freedom / 2, 0.5)
  }

  /// The number that a variable of Student's t distribution stays below with the given probability.
  ///
  /// - Parameters:
  ///   - probability: from 0.5 to below 1.
  ///   - freedom: the degrees of freedom, above 0.
  static func studentQuantile(_ probability: Double, freedom: Double) -> Double {
    guard probability > 0.5 else { return 0 }
    func tail(_ t: Double) -> Double {
      incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    }
    var (low, high) = (0.0, 1.0)
    while tail(high) > 1 - probability, high < 1e12 { (low, high) = (high, 2 * high) }
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if tail(middle) > 1 - probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Corrects the p-values of several tests for their number (Holm, 1979): the chance that any of the
  /// small ones among the results is a mere coincidence is at most its value.
  ///
  /// - Returns: the corrected values in the same order; those that are NaN stay so and do not count.
  public static func holmCorrection(_ values: [Double]) -> [Double] {
    var corrected = values
    let order = values.indices.filter { !values[$0].isNaN }.sorted { values[$0] < values[$1] }
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, values[index] * Double(order.count - rank)))
      corrected[index] = largest
    }
    return corrected
  }

  /// The regularised incomplete beta function Iₓ(a, b), by its continued fraction (NIST Digital Library
  /// of Mathematical Functions, 8.17.22) evaluated with Lentz' method.
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast only below the mean of the distribution.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    func nonzero(_ value: Double) -> Double { value.magnitude < 1e-300 ? 1e-300 : value }
    var (c, d, fraction) = (1.0, 0.0, 1.0)
    for step in 0..<10_000 {
      let m = Double(step / 2)
      let numerator =
        step == 0
        ? 1
        : step % 2 == 0
          ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
          : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + numerator * d)
      c = nonzero(1 + numerator / c)
      fraction *= c * d
      if (c * d - 1).magnitude < 1e-15 { break }
    }
    let logarithm =
      a * log(x) + b * log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)
    return exp(logarithm) * (fraction - 1) / a
  }

  /// The logarithm of the gamma function; `lgamma` also returns a sign, positive for positive numbers.
  private static func logGamma(_ value: Double) -> Double { lgamma(value).0 }
}
