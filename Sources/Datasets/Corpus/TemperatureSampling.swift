import DeepLearning
import Foundation

/// Draws one of several things by their probabilities, more or less daringly.
///
/// The temperature T changes probabilities p to p^(1/T), divided by their sum: below 1 the probable becomes more so,
/// above 1 all come nearer to one another.
public enum TemperatureSampling {
  /// Re-weights probabilities.
  ///
  /// - Parameters:
  ///   - probabilities: none negative, at least one above zero; they need not add up to 1.
  ///   - temperature: 0 leaves only the most probable (the first of equals), 1 changes nothing, and infinity
  ///     makes all that are possible equally probable.
  /// - Returns: as many probabilities, adding up to 1; zeros stay zero.
  public static func reweighted(
    _ probabilities: some Sequence<Float>, temperature: Double
  ) -> [Double] {
    let logarithms = probabilities.map { log(Double($0)) }
    guard let largest = logarithms.max() else { return [] }
    if temperature == 0 {
      let best = logarithms.firstIndex(of: largest)
      return logarithms.indices.map { $0 == best ? 1 : 0 }
    }
    // Relative to the largest, so that no weight overflows and not all of them vanish.
    let weights = logarithms.map { $0 == -.infinity ? 0 : exp(($0 - largest) / temperature) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// Draws the number of one of the probabilities, which add up to 1; never one of probability zero.
  public static func draw(
    _ distribution: [Double], using random: inout RandomGenerator
  ) -> Int {
    var rest = Double(random.next() >> 11) * 0x1p-53
    for (number, probability) in distribution.enumerated() where probability > 0 {
      if rest < probability { return number }
      rest -= probability
    }
    // Rounding may leave a crumb.
    return distribution.lastIndex { $0 > 0 } ?? 0
  }

  /// How uncertain a draw is, in bits: 0 if it is certain, log₂ n for n equal chances.
  public static func entropy(_ distribution: [Double]) -> Double {
    distribution.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
  }
}
