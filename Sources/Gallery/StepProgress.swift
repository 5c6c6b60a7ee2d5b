import Foundation

/// Shows on standard error how far a training loop without epochs has come, and how long the rest will take.
///
/// In a terminal one line is drawn anew, at most 20 times a second; elsewhere, as in a log file, there is a line only
/// after every so many steps.
public final class StepProgress {
  private let total: Int
  private let stride: Int
  private let isShown: Bool
  private let terminal = Terminal.standardError
  private let first: Int
  private var beginning = ContinuousClock.now
  private var nextDrawing = ContinuousClock.now
  private var isLineOpen = false

  /// Starts counting.
  ///
  /// - Parameters:
  ///   - first: how many steps an earlier run has made.
  ///   - total: how many there will be in all.
  ///   - stride: after how many steps a log file gets a line.
  ///   - isShown: false for `--no-progress`.
  public init(after first: Int = 0, of total: Int, every stride: Int, isShown: Bool) {
    (self.first, self.total, self.stride, self.isShown) = (first, total, stride, isShown)
  }

  /// Whatever is printed after a loop that failed starts on a line of its own.
  deinit { finish() }

  /// A step is done.
  ///
  /// - Parameters:
  ///   - step: its number, counted from 1.
  ///   - measurements: what came out, by name.
  public func stepDidEnd(_ step: Int, _ measurements: [(name: String, value: Float)]) {
    ProgressEvents.shared?.sendStep {
      var event = ProgressEvent(.progress)
      (event.step, event.steps, event.text) = (step, total, "steps")
      event.setValues(measurements)
      return event
    }
    guard isShown else { return }
    let now = ContinuousClock.now
    // The first step of a program is slow and says nothing about the others.
    if step == first + 1 { beginning = now }
    guard terminal.isInteractive ? now >= nextDrawing : step % stride == 0 || step == total else {
      return
    }
    nextDrawing = now + .milliseconds(50)
    let done = step - first - 1
    let pace = (now - beginning) / .seconds(1) / Double(max(done, 1))
    var parts = ["step \(step)/\(total)"]
    parts += measurements.map { "\($0.name) \(Format.number(Double($0.value)))" }
    if done > 0, step < total {
      parts.append(Format.seconds(pace * Double(total - step)) + " left")
    }
    let line = parts.joined(separator: " – ")
    guard terminal.isInteractive else { return terminal.write(line + "\n") }
    terminal.write("\r" + line.prefix(max(terminal.columns() - 1, 0)) + "\u{1B}[K")
    isLineOpen = true
  }

  /// Leaves the line.
  public func finish() {
    if isLineOpen { terminal.write("\n") }
    isLineOpen = false
  }
}
