import Gallery

/// Counts the steps of ascents on standard error, and asks for an end after Ctrl-C.
final class Progress {
  private let run: ChapterRun
  private let left: ExperimentProgress

  /// - Parameters:
  ///   - ascents: how many ascents there will be.
  ///   - steps: how many steps each of them has.
  init(_ title: String, of ascents: Int, times steps: Int, _ run: ChapterRun) {
    self.run = run
    left = ExperimentProgress(
      title, total: ascents * steps, unit: "steps", isShown: !run.options.noProgress)
  }

  /// One step more is done; returns whether the user wants an end.
  func step() -> Bool {
    left.advance()
    Interruption.pointReached()
    return run.isInterrupted
  }

  /// Clears the line.
  func finish() { left.finish() }
}
