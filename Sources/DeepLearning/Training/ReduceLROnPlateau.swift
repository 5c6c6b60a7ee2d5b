/// Makes the learning rate smaller when a measurement has stopped improving.
///
/// ```swift
/// ReduceLROnPlateau(monitor: "val_loss", factor: 0.1, patience: 10)
/// ```
///
/// Counts as Keras does since 2.2: the epoch that makes it `patience` epochs without improvement is followed by a
/// smaller rate. (Keras 2.0 waited for one epoch more the first time.) Each epoch's rate is among its measurements as
/// `lr`. A run that is resumed goes on counting, from its history; for that a ``TrainingCheckpoint`` must stand *behind*
/// this callback.
public final class ReduceLROnPlateau: Callback {
  private let monitor: String
  private let factor: Float
  private let patience: Int
  private let minDelta: Float
  private let cooldown: Int
  private let minLearningRate: Float

  private var best = Float.infinity
  private var wait = 0
  private var epochsToCool = 0

  /// Creates a callback, with Keras' defaults.
  ///
  /// - Parameters:
  ///   - monitor: the measurement; the smaller the better, unless its name ends in `acc`.
  ///   - factor: what the learning rate is multiplied with, less than 1.
  ///   - patience: how many epochs without improvement lead to a smaller rate, at least 1.
  ///   - minDelta: an epoch must be better than the best one by more than this to count as an improvement.
  ///   - cooldown: for how many epochs after a reduction none is counted.
  ///   - minLearningRate: the rate does not fall below this.
  public init(
    monitor: String = "val_loss", factor: Float = 0.1, patience: Int = 10, minDelta: Float = 1e-4,
    cooldown: Int = 0, minLearningRate: Float = 0
  ) {
    require(
      factor > 0 && factor < 1,
      "ReduceLROnPlateau needs a factor between 0 and 1, not \(factor): a rate is to become smaller."
    )
    require(
      patience > 0 && cooldown >= 0 && minDelta >= 0 && minLearningRate >= 0,
      "ReduceLROnPlateau needs a patience of at least 1, and nothing negative.")
    (self.monitor, self.factor, self.patience) = (monitor, factor, patience)
    (self.minDelta, self.cooldown, self.minLearningRate) = (minDelta, cooldown, minLearningRate)
  }

  /// Forgets an earlier run; of the one that is resumed, counts the epochs that there were.
  public func trainingWillBegin(_ run: TrainingRun) throws {
    (best, wait, epochsToCool) = (.infinity, 0, 0)
    run.recordsLearningRate = true
    for epoch in run.history.epochs {
      guard let value = epoch[monitor] else { continue }
      _ = count(falling(monitor, value), rate: epoch["lr"] ?? run.learningRate)
    }
  }

  /// Compares the epoch with the best one.
  public func epochDidEnd(_ run: TrainingRun) throws {
    run.learningRate = count(try measurement(monitor, of: run), rate: run.learningRate)
  }

  /// Counts an epoch, and says with what rate to go on after it.
  private func count(_ value: Float, rate: Float) -> Float {
    if epochsToCool > 0 {
      epochsToCool -= 1
      wait = 0
    }
    if value < best - minDelta {
      (best, wait) = (value, 0)
      return rate
    }
    if epochsToCool > 0 { return rate }
    wait += 1
    guard wait >= patience, rate > minLearningRate else { return rate }
    (epochsToCool, wait) = (cooldown, 0)
    return max(rate * factor, minLearningRate)
  }
}
