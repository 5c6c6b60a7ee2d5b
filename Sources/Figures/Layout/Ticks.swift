import Foundation

/// A labelled place on an axis.
struct Tick: Equatable {
  let value: Double
  let label: String
}

/// Finds round numbers for an axis and writes them out.
///
/// A tick is kept as a whole multiple of a power of ten until it is written, so that no label
/// ever shows the rounding of binary fractions (0.30000000000000004).
enum Ticks {
  /// Multiples of 1, 2 or 5 times a power of ten from `lower` to `upper`: at most `count` + 1, but
  /// at least two where there are any.
  /// - Parameter wholeNumbers: no fractions, as for epochs.
  static func linear(
    from lower: Double, to upper: Double, atMost count: Int, wholeNumbers: Bool = false
  ) -> [Tick] {
    guard upper > lower, (upper - lower).isFinite, count > 0 else { return [] }
    var (digit, exponent) = step(for: (upper - lower) / Double(count))
    if wholeNumbers && exponent < 0 { (digit, exponent) = (1, 0) }

    let size = scaled(digit, exponent)
    // The tolerance keeps a limit that is itself a tick, whatever its rounding.
    let first = (lower / size - 1e-9).rounded(.up)
    let last = (upper / size + 1e-9).rounded(.down)
    guard max(-first, last) < 1e15 else { return [] }
    // One tick alone says nothing about the scale, so take a finer step instead.
    if last - first < 1 && !(wholeNumbers && exponent == 0 && digit == 1) {
      return linear(from: lower, to: upper, atMost: count + 1, wholeNumbers: wholeNumbers)
    }
    guard first <= last else { return [] }

    let greatest = max(lower.magnitude, upper.magnitude)
    let isPlain = greatest >= 1e-3 && greatest < 1e7
    let power = isPlain ? 0 : Int(log10(greatest).rounded(.down))
    return (Int(first)...Int(last)).map { index in
      let digits = index * digit
      var label = decimal(digits, exponent: exponent - power)
      if power != 0 && digits != 0 { label += "×10" + superscript(power) }
      return Tick(value: scaled(digits, exponent), label: label)
    }
  }

  /// Powers of ten from `lower` to `upper`, both positive; over a short range also 2 and 5 times
  /// these, and over less than one power of ten evenly spaced ticks.
  static func logarithmic(from lower: Double, to upper: Double, atMost count: Int) -> [Tick] {
    guard lower > 0, upper > lower, upper.isFinite, count > 0 else { return [] }
    let decades = log10(upper) - log10(lower)
    if decades < 1 { return linear(from: lower, to: upper, atMost: count) }

    let digits = decades * 3 <= Double(count) ? [1, 2, 5] : [1]
    let stride = max(1, Int((decades / Double(count)).rounded(.up)))
    let first = Int(log10(lower).rounded(.down))
    let last = Int(log10(upper).rounded(.up))
    var places: [(digit: Int, exponent: Int, value: Double)] = []
    for exponent in first...last where exponent % stride == 0 {
      for digit in digits {
        let value = scaled(digit, exponent)
        if value >= lower * (1 - 1e-9) && value <= upper * (1 + 1e-9) {
          places.append((digit, exponent, value))
        }
      }
    }
    // An axis that goes from 10,000 to 10⁸ is read more slowly than one of powers alone.
    let isPlain = places.allSatisfy { (-4...5).contains($0.exponent) }
    return places.map { digit, exponent, value in
      let factor = digit == 1 ? "" : "\(digit)×"
      let power = factor + "10" + superscript(exponent)
      return Tick(value: value, label: isPlain ? decimal(digit, exponent: exponent) : power)
    }
  }

  /// The smallest step of the form 1, 2 or 5 times a power of ten that is not below `rough`.
  private static func step(for rough: Double) -> (digit: Int, exponent: Int) {
    let exponent = Int(log10(rough).rounded(.down))
    let fraction = rough / scaled(1, exponent)
    for digit in [1, 2, 5] where fraction <= Double(digit) * (1 + 1e-9) {
      return (digit, exponent)
    }
    return (1, exponent + 1)
  }

  /// `digits` times ten to the `exponent`, correctly rounded for the usual exponents: dividing by
  /// a power of ten is exact where multiplying by its inverse is not.
  private static func scaled(_ digits: Int, _ exponent: Int) -> Double {
    exponent < 0
      ? Double(digits) / pow(10, Double(-exponent)) : Double(digits) * pow(10, Double(exponent))
  }

  /// Writes `digits` times ten to the `exponent` without a power: `-1234, -2` is "−12.34",
  /// `25, 3` is "25,000".
  static func decimal(_ digits: Int, exponent: Int) -> String {
    var text = String(digits.magnitude)
    var fraction = ""
    if exponent < 0 {
      text = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
      fraction = "." + text.suffix(-exponent)
      text.removeLast(-exponent)
    } else if digits != 0 {
      text += String(repeating: "0", count: exponent)
    }
    var grouped = ""
    for (index, character) in text.enumerated() {
      if index > 0 && (text.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(character)
    }
    return (digits < 0 ? "−" : "") + grouped + fraction
  }

  /// Writes `value` with this many decimals, or as a power of ten where that would be too long.
  static func decimal(_ value: Double, decimals: Int) -> String {
    let digits = (value * pow(10, Double(decimals))).rounded()
    if digits.magnitude < 1e15 { return decimal(Int(digits), exponent: -decimals) }
    let power = Int(log10(value.magnitude).rounded(.down))
    let leading = Int((value / pow(10, Double(power))).rounded())
    return decimal(leading, exponent: 0) + "×10" + superscript(power)
  }

  private static func superscript(_ number: Int) -> String {
    let signs: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return String(String(number).map { signs[$0] ?? $0 })
  }
}
