import DeepLearning
import Synchronization

/// Notes when the first of several models made its first step, and ends them all on Ctrl-C.
final class SharedTrainingTimer: Callback, Sendable {
  private let stopwatch: Stopwatch
  private let firstStep = Mutex<Double?>(nil)

  init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

  var secondsToFirstStep: Double? { firstStep.withLock { $0 } }

  func stepDidEnd(_ run: TrainingRun) throws {
    if run.epoch == 1 && run.step == 1 {
      firstStep.withLock { $0 = $0 ?? stopwatch.seconds }
    }
    if Interruption.isRequested { run.shouldStop = true }
  }

  func epochDidEnd(_ run: TrainingRun) throws {
    Interruption.pointReached()
    if Interruption.isRequested { run.shouldStop = true }
  }
}
