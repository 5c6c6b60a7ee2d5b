/// Minimises a function of a few numbers without its gradient, by the moves of a simplex (Nelder and Mead, 1965).
///
/// The simplex has one corner more than there are numbers. Again and again its worst corner is mirrored at the middle
/// of the others, further or less far depending on what is found there; if nothing helps, all corners move halfway to
/// the best one. For a handful of numbers; with gradients, or for more, ``LBFGS`` needs far fewer evaluations.
///
///     let search = NelderMead().minimize([1, 1], evaluations: 200) { ($0[0] - 3) * ($0[0] - 3) + $0[1] * $0[1] }
///     print(search.place)  // about [3, 0]
public struct NelderMead: Sendable {
  /// The distance from the first corner to each of the others.
  public let step: Double
  /// The search ends when no corner is farther than this from the best, and no value higher by more than this.
  public let tolerance: Double

  /// What a search has found.
  public struct Outcome: Sendable {
    /// The best place.
    public let place: [Double]
    /// The function's value there.
    public let value: Double
    /// How often the function was computed.
    public let evaluations: Int
  }

  /// Creates a minimiser.
  ///
  /// - Parameters:
  ///   - step: the distance from the first corner to each of the others; not 0.
  ///   - tolerance: how small the simplex, and the differences between its values, become at the end.
  public init(step: Double = 0.5, tolerance: Double = 1e-4) {
    require(
      step.isFinite && step != 0,
      "The corners of a simplex lie apart: NelderMead needs a step other than 0, not \(step).")
    require(tolerance >= 0, "A tolerance is at least 0, not \(tolerance).")
    (self.step, self.tolerance) = (step, tolerance)
  }

  /// Looks for a minimum.
  ///
  /// - Parameters:
  ///   - start: where to begin; at least one number.
  ///   - evaluations: how often the function may be computed; a move that has begun is finished first.
  ///   - function: computes a value. What is not a number counts as worse than anything.
  /// - Throws: what `function` throws.
  public func minimize(
    _ start: [Double], evaluations: Int, of function: ([Double]) throws -> Double
  ) rethrows -> Outcome {
    require(!start.isEmpty, "NelderMead needs at least one number to change.")
    var count = 0
    func corner(_ place: [Double]) throws -> Corner {
      count += 1
      let value = try function(place)
      return Corner(place: place, value: value.isNaN ? .infinity : value)
    }
    var corners = [try corner(start)]
    for index in start.indices {
      var place = start
      place[index] += step
      corners.append(try corner(place))
    }
    corners.sortByValue()
    while count < evaluations && !hasConverged(corners) {
      let (best, worst) = (corners[0], corners[corners.count - 1])
      let middle = Self.middle(of: corners.dropLast())
      /// The point as many times as far from the middle as the worst corner, on the other side.
      func mirrored(_ factor: Double) throws -> Corner {
        try corner(zip(middle, worst.place).map { $0 + factor * ($0 - $1) })
      }
      let reflected = try mirrored(1)
      var next: Corner? = reflected
      if reflected.value < best.value {
        let expanded = try mirrored(2)
        if expanded.value < reflected.value { next = expanded }
      } else if reflected.value >= corners[corners.count - 2].value {
        let isBetter = reflected.value < worst.value
        let contracted = try mirrored(isBetter ? 0.5 : -0.5)
        let isEnough =
          isBetter ? contracted.value <= reflected.value : contracted.value < worst.value
        next = isEnough ? contracted : nil
      }
      if let next {
        corners[corners.count - 1] = next
      } else {
        for index in corners.indices.dropFirst() {
          corners[index] = try corner(
            zip(best.place, corners[index].place).map { $0 + 0.5 * ($1 - $0) })
        }
      }
      corners.sortByValue()
    }
    return Outcome(place: corners[0].place, value: corners[0].value, evaluations: count)
  }

  private func hasConverged(_ corners: [Corner]) -> Bool {
    let best = corners[0]
    return corners.dropFirst().allSatisfy { corner in
      corner.value - best.value <= tolerance
        && zip(corner.place, best.place).allSatisfy { ($0 - $1).magnitude <= tolerance }
    }
  }

  private static func middle(of corners: ArraySlice<Corner>) -> [Double] {
    corners[0].place.indices.map { index in
      corners.reduce(0) { $0 + $1.place[index] } / Double(corners.count)
    }
  }
}

/// A place and the function's value there.
private struct Corner {
  let place: [Double]
  let value: Double
}

extension [Corner] {
  /// The best first; of equals those that came first.
  fileprivate mutating func sortByValue() {
    self = enumerated().sorted { ($0.element.value, $0.offset) < ($1.element.value, $1.offset) }
      .map(\.element)
  }
}
