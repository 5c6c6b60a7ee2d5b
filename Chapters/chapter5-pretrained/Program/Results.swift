import DeepLearning
import Figures
import Gallery

extension Chapter5Pretrained {
  /// The book's figures of a run: dots are training, lines validation.
  func draw(_ history: History, of plan: Plan, footnote: String?, _ run: ChapterRun) {
    // Whoever looks for the book's figure here must know why it differs.
    let warning =
      plan.name == .frozen ? "The book's figures 5.17 and 5.18 show a base that learned, too." : nil
    let remarks = [footnote, warning].compactMap { $0 }
    func add(_ name: String, _ key: String, smooth: Bool, book: Int) {
      let values = [history[key], history["val_" + key]].map {
        smooth ? Statistics.smoothed($0, factor: 0.8) : $0
      }
      let figure = Figure(
        title:
          "\(smooth ? "Smoothed training" : "Training") and validation \(name): \(plan.caption)",
        x: "Epochs", y: name.capitalized,
        footnote: remarks.isEmpty ? nil : remarks.joined(separator: " ")
      ) {
        Dots(values[0], "Training \(name)")
        Line(values[1], "Validation \(name)")
      }
      run.add(
        figure, as: "\(plan.name)-\(smooth ? "smooth-" : "")\(name)",
        book: plan.figures.indices.contains(book) ? plan.figures[book] : nil)
    }
    add("accuracy", "acc", smooth: false, book: 0)
    add("loss", "loss", smooth: false, book: 1)
    if plan.name == .finetune {
      add("accuracy", "acc", smooth: true, book: 2)
      add("loss", "loss", smooth: true, book: 3)
    }
  }

  /// The numbers of a run beside the book's.
  func report(_ history: History, of plan: Plan, _ run: ChapterRun) {
    guard let best = history["val_acc"].max(), let last = history.epochs.last,
      let lowest = history["val_loss"].min()
    else { return }
    run.result(
      "\(plan.title): best validation accuracy", book: plan.book.bestAccuracy, here: best,
      better: .higher, reservation: plan.reservation)
    run.result(
      "\(plan.title): last validation accuracy", book: plan.book.lastAccuracy,
      here: last["val_acc"] ?? .nan, better: .higher, reservation: plan.reservation)
    run.result(
      "\(plan.title): lowest validation loss", book: plan.book.lowestLoss, here: lowest,
      better: .lower, reservation: plan.reservation)
  }

  /// The accuracy on pictures that have had no part in anything.
  func report(test: Evaluation, of plan: Plan, _ run: ChapterRun) {
    let name = plan.name == .finetune ? "" : plan.title + ": "
    run.result(
      name + "test accuracy", book: plan.book.testAccuracy, here: test.accuracy, better: .higher,
      reservation: plan.reservation)
  }
}

extension Plan {
  /// Why its numbers are not judged by the book's although others are.
  fileprivate var reservation: String? {
    name == .finetune ? "the book fine-tunes a base that has learned already" : nil
  }
}
