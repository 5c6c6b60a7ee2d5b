import Gallery

/// The losses of a run beside the book's.
enum BookResults {
  /// The loss after each iteration, as the author's notebook prints it.
  static let losses: [Double] = [
    7.409e9, 3.065e9, 2.170e9, 1.606e9, 1.314e9, 1.126e9, 1.011e9, 9.301e8, 8.637e8, 8.030e8,
    7.470e8, 7.061e8, 6.692e8, 6.378e8, 6.116e8, 5.796e8, 5.537e8, 5.339e8, 5.168e8, 5.004e8,
  ]

  /// Adds the numbers to the record of a run.
  static func compare(_ recorder: Recorder, in run: ChapterRun) {
    guard let last = recorder.optimization.best?.loss else { return }
    if let first = recorder.stages.first {
      run.result(
        "total loss after iteration 1", book: losses.first, here: first.loss.total, better: .lower)
    }
    run.result(
      "total loss at the end", book: losses.last, here: last.total, better: .lower)
    run.result("content loss at the end", here: last.content, better: .lower)
    run.result("style loss at the end", here: last.style, better: .lower)
    run.result("total variation at the end", here: last.variation, better: .lower)
    run.result(
      "evaluations", here: Double(recorder.optimization.evaluations), better: .lower)
  }
}
