import Foundation

/// What several seeds gave for one number.
public struct SeedStatistics: Equatable, Sendable {
  /// The number of seeds.
  public let count: Int
  /// Their mean.
  public let mean: Double
  /// Their standard deviation (divided by n - 1); NaN for one seed.
  public let deviation: Double

  /// Whether one number is more than a hundred times another: a mean and a spread then say nothing about the next.
  public let isScattered: Bool

  /// Of at least one number.
  public init(_ numbers: [Double]) {
    count = numbers.count
    mean = Statistics.mean(numbers)
    deviation = Statistics.standardDeviation(numbers)
    let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 0)
    isScattered = least > 0 && most > 100 * least
  }

  /// Where one more run of the same program would be in 99 of 100 cases; nil for one seed, and for scattered ones.
  public var intervalForRun: ClosedRange<Double>? { predictionInterval(0.99) }

  /// Where the book's number, as that of one run of the same network, would be in 95 of 100 cases; nil for one
  /// seed, and for scattered ones.
  public var intervalForBook: ClosedRange<Double>? { predictionInterval(0.95) }

  /// Where one more number of the same normal distribution is with the given probability: m ± t·s·√(1 + 1/n).
  func predictionInterval(_ probability: Double) -> ClosedRange<Double>? {
    guard count > 1, !isScattered else { return nil }
    let t = Statistics.studentQuantile((1 + probability) / 2, freedom: Double(count - 1))
    let half = t * deviation * (1 + 1 / Double(count)).squareRoot()
    // Absurdly large numbers have no spread that could be told.
    guard (mean - half).isFinite, (mean + half).isFinite else { return nil }
    return (mean - half)...(mean + half)
  }

  /// Whether a run's number is like those of the seeds; nil where ``intervalForRun`` is.
  ///
  /// Numbers that do not depend on the seed may differ in their last digits from machine to machine.
  public func isLike(_ here: Double) -> Bool? {
    intervalForRun.map { interval in
      let slack = 1e-5 * mean.magnitude
      return (interval.lowerBound - slack...interval.upperBound + slack).contains(here)
    }
  }

  /// Whether the book's number could be one of these; nil where ``intervalForBook`` is.
  ///
  /// Where seeds make no difference, it is enough that both are equal as far as the book's digits go.
  public func reproduces(_ book: Double) -> Bool? {
    intervalForBook.map { interval in
      if interval.contains(book) { return true }
      let digits = "\(book)"
      guard deviation == 0, !digits.contains("e") else { return false }
      let decimals = book == book.rounded() ? 0 : digits.split(separator: ".").last?.count ?? 0
      let lastDigit = pow(10, -Double(decimals))
      return (mean - book).magnitude <= lastDigit / 2 * (1 + 1e-9)
    }
  }
}
