import Foundation
import Synchronization

/// Says on standard error how many of many runs are done and how long the rest will take.
///
/// For experiments whose runs go on side by side, where a progress bar for each would be noise. Shown only in a
/// terminal.
public final class ExperimentProgress: Sendable {
  private let title: String
  private let total: Int
  private let unit: String
  private let isShown: Bool
  private let done = Mutex(0)
  private let beginning = ContinuousClock.now

  /// Starts counting.
  ///
  /// - Parameters:
  ///   - title: what the runs are for.
  ///   - total: how many runs there will be.
  ///   - unit: what runs are called here, in the plural.
  ///   - isShown: false for `--no-progress`.
  public init(_ title: String, total: Int, unit: String = "runs", isShown: Bool) {
    self.title = title
    self.total = total
    self.unit = unit
    self.isShown = isShown && Terminal.standardError.isInteractive
  }

  /// One run more is done; may be called on any thread.
  public func advance() {
    done.withLock { done in
      done += 1
      if let events = ProgressEvents.shared {
        var event = ProgressEvent(.progress)
        (event.step, event.steps, event.text) = (done, total, unit)
        events.send(event)
      }
      guard isShown else { return }
      let passed = (ContinuousClock.now - beginning) / .seconds(1)
      let left = Format.seconds(passed / Double(done) * Double(total - done))
      let terminal = Terminal.standardError
      let line = "\(done)/\(total) \(unit) – \(left) left – \(title)"
      terminal.write("\r" + line.prefix(max(terminal.columns() - 1, 0)) + "\u{1B}[K")
    }
  }

  /// Clears the line.
  public func finish() {
    if isShown { Terminal.standardError.write("\r\u{1B}[K") }
  }
}
