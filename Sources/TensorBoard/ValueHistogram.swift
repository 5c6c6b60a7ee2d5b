import DeepLearning

/// How often values fall into bins of equal width.
public struct ValueHistogram: Sendable, Equatable {
  /// The least value that belongs to the first bin.
  public let lower: Double
  /// The greatest value that belongs to the last bin.
  public let upper: Double
  /// The number of values in each bin.
  public let counts: [Int]

  /// Counts values; those that are NaN or infinite are left out.
  ///
  /// - Parameters:
  ///   - tensor: the values.
  ///   - bins: into how many bins to divide the range; TensorBoard shows 30.
  ///   - range: the range; by default from the least to the greatest value. What lies beyond it is left out.
  public init(_ tensor: Tensor, bins: Int = 30, in range: ClosedRange<Double>? = nil) {
    var counts = [Int](repeating: 0, count: max(bins, 1))
    let values = tensor.scalars
    var (low, high) = (range?.lowerBound ?? .infinity, range?.upperBound ?? -.infinity)
    if range == nil {
      for value in values where value.isFinite {
        low = min(low, Double(value))
        high = max(high, Double(value))
      }
    }
    if low > high { (low, high) = (0, 0) }
    if low == high {
      // All values are the same, or there are none: one bin around them.
      self.lower = low - 0.5
      self.upper = low + 0.5
      self.counts = [values.count { Double($0) == low }]
      return
    }
    let scale = Double(counts.count) / (high - low)
    for value in values where value.isFinite {
      let value = Double(value)
      if value < low || value > high { continue }
      counts[min(Int((value - low) * scale), counts.count - 1)] += 1
    }
    (lower, upper, self.counts) = (low, high, counts)
  }

  /// The borders of the bins, one more than there are bins.
  public var edges: [Double] {
    (0...counts.count).map {
      $0 == counts.count ? upper : lower + (upper - lower) * Double($0) / Double(counts.count)
    }
  }
}
