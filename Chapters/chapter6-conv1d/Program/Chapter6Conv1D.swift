import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

@main
struct Chapter6Conv1D: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter6-conv1d", "Tell film reviews apart with convolutions over words (book section 6.4).",
    discussion: """
      Trains the book's convnet for reviews as printed, without the sigmoid at its end, and \
      repaired, for 10 epochs each.
      """,
    results: "Figures, weights and a report",
    subcommands: [TemperatureCommand.self, Experiments.self])

  @OptionGroup var options: RunOptions

  /// The number of words that are kept of a review, its last ones.
  static func length(_ options: RunOptions) -> Int { options.quick ? 100 : 500 }
  /// In a rehearsal on few reviews small batches and large steps make up for it.
  static func batchSize(_ options: RunOptions) -> Int {
    options.batchSize(book: options.quick ? 32 : 128)
  }
  /// The book's is a tenth of the usual one.
  static func learningRate(_ options: RunOptions) -> Float { options.quick ? 1e-3 : 1e-4 }

  func run() throws {
    let run = try ChapterRun(
      "chapter6-conv1d", section: "6.4", title: "film reviews and convolutions over words", options)
    let (train, test) = try options.loadReviews(quick: 2_000)
    run.data = train.origin
    print(ReviewConvnet.repaired.model(length: Self.length(options), seed: 0).summary())

    try trainAsPrinted(train, test, run)
    if !run.isInterrupted { try trainRepaired(train, test, run) }
    try run.finish()
  }

  /// Without sigmoid anything can come out. What is above 1.5 rounds to 2, what is below -0.5 to -1: no labels, though the
  /// network is all the surer of itself.
  private func trainAsPrinted(_ train: Reviews, _ test: Reviews, _ run: ChapterRun) throws {
    let (model, history, watch) = try self.train(.asPrinted, "printed", train, run)
    run.addLoss(of: history, as: "printed-loss", remark: ", as printed", book: "6.27")
    run.addAccuracy(of: history, as: "printed-accuracy", remark: ", as printed", book: "6.28")
    run.add(
      Figure(
        title: "Why the accuracy falls: outputs that round to no label", x: "Epochs",
        y: "Share of the validation reviews"
      ) {
        Dots(history["val_acc"], "Accuracy, outputs rounded (Keras)")
        Line(watch.accuracies, "Accuracy, outputs divided at 0.5")
        Line(watch.sharesAbove, "Outputs that round to 2 or more")
        Line(watch.sharesBelow, "Outputs that round to −1 or less", dashed: true)
      }, as: "printed-outputs")
    guard let best = history["val_acc"].max(), let lowest = history["val_loss"].min(),
      let last = history.epochs.last
    else { return }
    let reservation =
      watch.isDead ? "all outputs stayed below 0, where nothing is learned" : nil
    run.result(
      "as printed: best validation accuracy", book: 0.8382, here: best, better: .higher,
      reservation: reservation)
    run.result(
      "as printed: last validation accuracy", book: 0.76, here: last["val_acc"] ?? .nan,
      better: .higher, reservation: reservation)
    run.result(
      "as printed: lowest validation loss", book: 0.404, here: lowest, better: .lower,
      reservation: reservation)
    run.result(
      "as printed: last share of outputs that round to 2 or more",
      here: watch.sharesAbove.last ?? .nan, better: .lower)
    run.result(
      "as printed: last share of outputs that round to −1 or less",
      here: watch.sharesBelow.last ?? .nan, better: .lower)
    run.result(
      "as printed: last validation accuracy, divided at 0.5", here: watch.accuracies.last ?? .nan,
      better: .higher)
    if run.isInterrupted { return }
    let outputs = model.predict(test.sequences(length: Self.length(options))).scalars
    run.result(
      "as printed: test accuracy, divided at 0.5",
      here: OutputWatch.accuracy(outputs, test.labels), better: .higher)
  }

  /// With the sigmoid, as the loss demands.
  private func trainRepaired(_ train: Reviews, _ test: Reviews, _ run: ChapterRun) throws {
    let (model, history, _) = try self.train(.repaired, "repaired", train, run)
    run.addLoss(of: history, as: "repaired-loss", remark: ", repaired", book: nil)
    run.addAccuracy(of: history, as: "repaired-accuracy", remark: ", repaired", book: nil)
    run.result(
      "repaired: best validation accuracy", here: history["val_acc"].max() ?? .nan,
      better: .higher)
    run.result(
      "repaired: lowest validation loss", here: history["val_loss"].min() ?? .nan, better: .lower)
    if run.isInterrupted { return }
    let evaluation = model.evaluate(test.sequences(length: Self.length(options)), test.y)
    run.result("test accuracy", here: evaluation.accuracy, better: .higher)
  }

  /// Trains on the first four fifths of the training reviews and watches on the last.
  private func train(
    _ convnet: ReviewConvnet, _ name: String, _ train: Reviews, _ run: ChapterRun
  ) throws -> (Sequential, History, OutputWatch) {
    let (partial, held) = train.split(at: train.count * 4 / 5)
    let length = Self.length(options)
    let epochs = options.epochs(book: 10, quick: 6)
    print(
      """

      The convnet \(convnet.title), \(epochs) epochs on \(partial.count) reviews, watched on \(held.count) \
      others, of which the last \(length) words are kept
      """)
    let model = convnet.model(
      length: length, learningRate: Self.learningRate(options), seed: options.seed)
    let watch = OutputWatch(held.sequences(length: length), held.labels)
    let history = try convnet.train(
      model, on: train, length: length, epochs: epochs, batchSize: Self.batchSize(options),
      callbacks: [watch] + run.callbacks())
    run.add(history, as: "history-\(name)")
    run.add(weightsOf: model, as: name)
    return (model, history, watch)
  }
}
