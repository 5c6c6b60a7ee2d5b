/// Sets the learning rate of each epoch.
///
/// ```swift
/// LearningRateScheduler { epoch, rate in epoch > 10 ? rate * 0.9 : rate }
/// ```
///
/// As in Keras, but epochs are counted from 1, as everywhere here. Each epoch's rate is among its measurements as `lr`.
public final class LearningRateScheduler: Callback {
  private let schedule: (_ epoch: Int, _ rate: Float) -> Float

  /// Creates a callback.
  ///
  /// - Parameter schedule: makes the learning rate of an epoch from the epoch's number and the rate so far.
  public init(_ schedule: @escaping (_ epoch: Int, _ rate: Float) -> Float) {
    self.schedule = schedule
  }

  /// Asks for the learning rate to be recorded.
  public func trainingWillBegin(_ run: TrainingRun) throws { run.recordsLearningRate = true }

  /// Sets the learning rate.
  public func epochWillBegin(_ run: TrainingRun) throws {
    run.learningRate = schedule(run.epoch, run.learningRate)
  }
}
