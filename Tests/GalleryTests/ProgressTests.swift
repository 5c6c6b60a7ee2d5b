import DeepLearning
import Foundation
import Testing

@testable import Gallery

@Suite struct ProgressTests {
  static let logs: Logs = {
    var logs = Logs()
    for (name, value) in [("loss", 0.22494), ("acc", 0.9172), ("val_loss", 0.2735)] {
      logs[name] = Float(value)
    }
    return logs
  }()

  @Test("Progress lines are those of the book")
  func lines() {
    var logs = Self.logs
    logs["val_acc"] = 0.8893
    #expect(
      ProgressLine.finished(epoch: 4, epochs: 20, seconds: 2.1, logs: logs, width: nil)
        == "epoch 4/20 – 2.1 s – loss 0.2249 – acc 0.9172 – val_loss 0.2735 – val_acc 0.8893")
    logs["val_loss"] = nil
    logs["val_acc"] = nil
    let line = ProgressLine(
      epoch: 4, epochs: 20, step: 18, steps: 30, logs: logs, secondsLeft: 0.4)
    #expect(
      line.text(width: 100)
        == "epoch 4/20 ━━━━━━━━━────── 18/30 – 0.4 s left – loss 0.2249 – acc 0.9172")
    #expect(
      line.text(width: 63) == "epoch 4/20 ━━━─── 18/30 – 0.4 s left – loss 0.2249 – acc 0.9172")
    #expect(line.text(width: 50) == "epoch 4/20 18/30 – 0.4 s left – loss 0.2249")
    #expect(line.text(width: 12) == "epoch 4/20 1")
  }

  @Test(
    "A progress line is never wider than the terminal",
    arguments: [-1, 0, 1, 5, 10, 20, 39, 40, 59, 60, 63, 64, 65, 79, 80, 120, 500])
  func neverTooWide(width: Int) {
    for secondsLeft in [nil, 0.01, 5000] {
      let line = ProgressLine(
        epoch: 123, epochs: 1000, step: 30, steps: 30, logs: Self.logs, secondsLeft: secondsLeft)
      #expect(TextWidth.of(line.text(width: width)) <= max(0, width))
    }
    let finished = ProgressLine.finished(
      epoch: 1, epochs: 2, seconds: 1, logs: Self.logs, width: width)
    #expect(TextWidth.of(finished) <= max(0, width))
  }

  /// What a progress bar writes while a small model is trained.
  private func output(columns: Int?, stopAfter: Int = .max) throws -> String {
    var output = ""
    let bar = ProgressBar(
      terminal: Terminal(isInteractive: columns != nil) {
        columns ?? 0
      } write: {
        output += $0
      })
    let (model, x, y) = smallTask()
    try model.fit(x, y, epochs: 2, batchSize: 10, callbacks: [Stop(after: stopAfter), bar])
    return output
  }

  @Test("A log file gets one line an epoch")
  func inALogFile() throws {
    let lines = try output(columns: nil).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3)
    for epoch in 1...2 {
      #expect(
        lines[epoch - 1].wholeMatch(of: /epoch \d\/2 – [\d.]+ s – loss \d\.\d{4} – acc \d\.\d{4}/)
          != nil)
      #expect(lines[epoch - 1].hasPrefix("epoch \(epoch)/2"))
    }
  }

  @Test("A terminal gets one line, redrawn", arguments: [10, 30, 60, 80, 200])
  func inATerminal(columns: Int) throws {
    let output = try output(columns: columns)
    #expect(output.hasPrefix("\r") && output.hasSuffix("\u{1B}[K\n"))
    #expect(output.filter { $0 == "\n" }.count == 2)
    let drawn = output.split { $0 == "\r" || $0 == "\n" }
      .map { $0.replacing("\u{1B}[K", with: "") }
    #expect(drawn.allSatisfy { TextWidth.of(String($0)) < columns })
    // At most 20 drawings a second, and the first one at once.
    #expect(drawn.count >= 3)
  }

  @Test("An unfinished line is left")
  func anUnfinishedLineIsLeft() throws {
    let output = try output(columns: 80, stopAfter: 1)
    #expect(output.hasPrefix("\repoch 1/2 "))
    #expect(output.hasSuffix("\u{1B}[K\n"))
    #expect(output.filter { $0 == "\n" }.count == 1)
  }
}

/// Ends training after a number of steps.
final class Stop: Callback {
  private var stepsLeft: Int
  init(after steps: Int) { stepsLeft = steps }
  func stepDidEnd(_ run: TrainingRun) throws {
    stepsLeft -= 1
    if stepsLeft == 0 { run.shouldStop = true }
  }
}

/// A model that can be trained in a millisecond, and something to learn: the sign of the first number.
func smallTask(samples: Int = 40) -> (model: Sequential, x: Tensor, y: Tensor) {
  var random = RandomGenerator(seed: 1)
  let x = Tensor.normal([samples, 4], using: &random)
  let y = Tensor((0..<samples).map { x.scalars[4 * $0] > 0 ? 1 : 0 }).reshaped([samples, 1])
  let model = Sequential(input: [4]) { Dense(1, activation: .sigmoid) }
  model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
  return (model, x, y)
}
