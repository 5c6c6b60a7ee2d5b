/// One way to part samples: those to train on, and those to validate with.
public struct Fold: Equatable, Sendable {
  /// The numbers of the samples to train on.
  public let training: [Int]
  /// The numbers of the samples to validate with.
  public let validation: [Int]
}

/// The three ways to validate of the book's section 4.2.
public enum Validation {
  /// Holds the first samples out.
  ///
  /// - Parameters:
  ///   - held: how many samples to validate with.
  ///   - count: how many samples there are.
  public static func holdOut(_ held: Int, of count: Int) -> Fold {
    require(
      held > 0 && held < count, "Of \(count) samples, \(held) cannot be held out: some must remain."
    )
    return Fold(training: Array(held..<count), validation: Array(0..<held))
  }

  /// Validates with each of `k` contiguous parts in turn.
  ///
  /// As in the book, parts have `count / k` samples; those left over at the end are always trained on.
  public static func kFold(_ k: Int, of count: Int) -> [Fold] {
    kFold(k, order: Array(0..<count))
  }

  /// Repeats ``kFold(_:of:)`` with the samples in another random order each time.
  public static func iteratedKFold(
    _ k: Int, of count: Int, repeats: Int, using random: inout RandomGenerator
  ) -> [Fold] {
    require(repeats > 0, "Validation must be repeated at least once, not \(repeats) times.")
    return (0..<repeats).flatMap { _ in kFold(k, order: random.permutation(count)) }
  }

  private static func kFold(_ k: Int, order: [Int]) -> [Fold] {
    require(
      k > 1 && k <= order.count, "\(order.count) samples cannot be parted into \(k) folds.")
    let size = order.count / k
    return (0..<k).map { fold in
      let held = fold * size..<(fold + 1) * size
      return Fold(
        training: Array(order[..<held.lowerBound] + order[held.upperBound...]),
        validation: Array(order[held]))
    }
  }
}

extension Tensor {
  /// The samples with the given numbers, in that order. Not differentiable.
  public func selecting(_ samples: [Int]) -> Tensor { gathering(rows: samples[...]) }
}
