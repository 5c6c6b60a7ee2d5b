import DataFiles
import DeepLearning
import Foundation

/// Shows how far training has come, on standard error.
///
/// In a terminal one line per epoch is drawn again, at most 20 times a second; elsewhere, as in a log
/// file, there is one line per finished epoch. No colours, so there is nothing that `NO_COLOR` would change.
public final class ProgressBar: Callback {
  private let terminal: Terminal
  private var nextDrawing = ContinuousClock.now
  private var firstStepEnd = ContinuousClock.now
  private var isLineOpen = false

  /// Creates a progress bar.
  public init() { terminal = .standardError }

  init(terminal: Terminal) { self.terminal = terminal }

  /// Whatever is printed after training that failed starts on a line of its own.
  deinit { endLine() }

  /// Redraws the line when it is time to.
  public func stepDidEnd(_ run: TrainingRun) throws {
    guard terminal.isInteractive else { return }
    let now = ContinuousClock.now
    // The first step of a program is slow and says nothing about the others.
    if run.step == 1 { firstStepEnd = now }
    guard now >= nextDrawing else { return }
    nextDrawing = now + .milliseconds(50)
    let pace = (now - firstStepEnd) / .seconds(1) / Double(max(run.step - 1, 1))
    let line = ProgressLine(
      epoch: run.epoch, epochs: run.epochs, step: run.step, steps: run.steps, logs: run.logs,
      secondsLeft: run.step > 1 ? pace * Double(run.steps - run.step) : nil)
    // Back to the start of the line; erase what is left of the old one.
    terminal.write("\r" + line.text(width: terminal.columns() - 1) + "\u{1B}[K")
    isLineOpen = true
  }

  /// Replaces the line by the epoch's final one.
  public func epochDidEnd(_ run: TrainingRun) throws {
    let text = ProgressLine.finished(
      epoch: run.epoch, epochs: run.epochs, seconds: run.history.seconds.last ?? 0,
      logs: run.logs, width: terminal.isInteractive ? terminal.columns() - 1 : nil)
    terminal.write(terminal.isInteractive ? "\r" + text + "\u{1B}[K\n" : text + "\n")
    isLineOpen = false
  }

  /// Leaves the line of an epoch that was not finished.
  public func trainingDidEnd(_ run: TrainingRun) throws { endLine() }

  private func endLine() {
    if isLineOpen { terminal.write("\n") }
    isLineOpen = false
  }
}

/// The text of a progress bar.
struct ProgressLine {
  var epoch: Int
  var epochs: Int
  var step: Int
  var steps: Int
  var logs: Logs
  /// The time that the epoch will still take, as soon as it can be told.
  var secondsLeft: Double?

  /// The line, no wider than `width`: first the bar gives way, then what stands at the end.
  func text(width: Int) -> String {
    let start = Self.start(epoch, epochs)
    var facts = ["\(step)/\(steps)"]
    if let secondsLeft { facts.append(Format.seconds(secondsLeft) + " left") }
    facts += Self.measurements(logs)
    let rest = facts.joined(separator: Self.separator)
    let room = min(15, width - start.count - rest.count - 2)
    guard room >= 5 else { return Self.fitting([start + " " + facts[0]] + facts[1...], width) }
    let done = steps > 0 ? room * step / steps : 0
    let bar = String(repeating: "━", count: done) + String(repeating: "─", count: room - done)
    return "\(start) \(bar) \(rest)"
  }

  /// The line of an epoch that is over; `width` nil for no limit.
  static func finished(epoch: Int, epochs: Int, seconds: Double, logs: Logs, width: Int?) -> String
  {
    fitting([start(epoch, epochs), Format.seconds(seconds)] + measurements(logs), width ?? .max)
  }

  private static let separator = " – "

  private static func start(_ epoch: Int, _ epochs: Int) -> String { "epoch \(epoch)/\(epochs)" }

  private static func measurements(_ logs: Logs) -> [String] {
    logs.entries.map { "\($0.name) \(Format.number(Double($0.value)))" }
  }

  /// As many of the parts as there is room for.
  private static func fitting(_ parts: [String], _ width: Int) -> String {
    var line = ""
    for part in parts {
      let longer = line.isEmpty ? part : line + separator + part
      if longer.count > width { break }
      line = longer
    }
    return line.isEmpty ? String((parts.first ?? "").prefix(max(0, width))) : line
  }
}

/// Where progress is shown.
struct Terminal {
  /// Whether a line can be redrawn.
  let isInteractive: Bool
  /// The width, which changes when the user resizes the window.
  let columns: () -> Int
  let write: (String) -> Void

  static var standardError: Terminal {
    let isDumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    return Terminal(isInteractive: isatty(STDERR_FILENO) == 1 && !isDumb) {
      var size = winsize()
      // Some terminals do not know their width and say 0.
      guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
      return Int(size.ws_col)
    } write: { text in
      StandardError.write(text)
    }
  }
}
