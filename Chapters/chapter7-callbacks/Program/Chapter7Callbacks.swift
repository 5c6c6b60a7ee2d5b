import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery

@main
struct Chapter7Callbacks: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter7-callbacks", "Watch training by callbacks and TensorBoard (book section 7.2).",
    discussion: """
      Trains a convnet for film reviews three times: until it no longer improves, with a learning \
      rate that falls on a plateau, and with TensorBoard.
      """,
    results: "Figures, event files, activations and a report", subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  @Flag(help: "As printed: no sigmoid at the end, and early stopping that watches acc.")
  var asPrinted = false

  func run() throws {
    let run = try ChapterRun(
      "chapter7-callbacks", section: "7.2", title: "training that is watched", options)
    let reviews = try ReviewSet(options)
    run.data = reviews.origin
    let network = model(reviews)
    print(network.summary())
    let title = "The network that is watched"
    run.add(BoxGraph(title: title, network), as: "network", book: "7.14")
    run.add(
      BoxGraph(title: title, network, showsShapes: true), as: "network-shapes", book: "7.15")

    try stopEarly(reviews, run)
    try slowDown(reviews, run)
    try showOnBoard(reviews, run)
    try run.finish()
  }

  /// A fresh network, with the same weights each time.
  private func model(_ reviews: ReviewSet) -> Sequential {
    WatchedReviews.convnet(
      length: reviews.length, output: asPrinted ? .linear : .sigmoid, seed: options.seed)
  }

  private func fit(
    _ model: Model, _ reviews: ReviewSet, epochs: Int, _ callbacks: [any Callback],
    _ run: ChapterRun
  ) throws -> History {
    try model.fit(
      reviews.partial.x, reviews.partial.y, epochs: epochs, batchSize: reviews.batchSize,
      validation: (reviews.held.x, reviews.held.y), callbacks: callbacks + run.callbacks())
  }

  /// EarlyStopping, ModelCheckpoint, CSVLogger and a callback of one's own.
  private func stopEarly(_ reviews: ReviewSet, _ run: ChapterRun) throws {
    let epochs = options.epochs(book: 10, quick: 4)
    print("\nAt most \(epochs) epochs, stopped when accuracy no longer improves\n")
    let model = model(reviews)
    let best = run.folder.appending(path: "my_model.safetensors")
    let monitor = asPrinted ? "acc" : "val_acc"
    let (stopping, checkpoint) = WatchedReviews.stoppingEarly(keepingBest: best, monitor: monitor)
    let history = try fit(
      model, reviews, epochs: epochs,
      [
        checkpoint, CSVLogger(run.folder.appending(path: "log.csv")),
        ActivationLogger(run.folder), stopping,
      ], run)
    run.add(history, as: "history-stopping")
    run.addAccuracy(of: history, as: "stopping", remark: ", stopped early", book: nil)
    run.result(
      "early stopping: epochs", here: Double(history.epochs.count), better: .lower)
    if run.isInterrupted { return }
    run.result(
      "early stopping: test accuracy, last weights",
      here: model.evaluate(reviews.test.x, reviews.test.y).accuracy, better: .higher)
    try model.loadWeights(from: best)
    run.result(
      "early stopping: test accuracy, best weights",
      here: model.evaluate(reviews.test.x, reviews.test.y).accuracy, better: .higher)
  }

  /// ReduceLROnPlateau.
  private func slowDown(_ reviews: ReviewSet, _ run: ChapterRun) throws {
    if run.isInterrupted { return }
    let epochs = options.epochs(book: 20, quick: 8)
    print("\n\(epochs) epochs, with smaller steps from where the validation loss stays\n")
    let history = try fit(
      model(reviews), reviews, epochs: epochs, [WatchedReviews.slowingDown()], run)
    run.add(history, as: "history-plateau")
    let rates = history["lr"]
    let reductions = rates.indices.dropFirst().filter { rates[$0] < rates[$0 - 1] }
    run.add(
      Figure(title: "The learning rate falls on a plateau", x: "Epochs", y: "Loss") {
        Dots(history["loss"], "Training loss")
        Line(history["val_loss"], "Validation loss")
        for epoch in reductions {
          VerticalMarker(
            at: Double(epoch) + 0.5, "Learning rate divided by ten")
        }
      }, as: "plateau")
    run.result(
      "plateau: reductions of the learning rate", here: Double(reductions.count), better: .lower)
    run.result(
      "plateau: lowest validation loss", here: history["val_loss"].min() ?? .nan, better: .lower)
    run.result(
      "plateau: last validation loss", here: history["val_loss"].last ?? .nan, better: .lower)
  }

  /// TensorBoard, and its pictures as our own.
  private func showOnBoard(_ reviews: ReviewSet, _ run: ChapterRun) throws {
    if run.isInterrupted { return }
    let epochs = options.epochs(book: 20, quick: 4)
    print("\n\(epochs) epochs, written down for TensorBoard\n")
    let model = model(reviews)
    let logs = run.folder.appending(path: "my_log_dir")
    // An earlier run's curves would be drawn among this one's.
    try? FileManager.default.removeItem(at: logs)
    let activations = ActivationHistory(["conv1d_1", "conv1d_2", "dense_1"])
    let history = try fit(
      model, reviews, epochs: epochs,
      [WatchedReviews.board(logs, words: reviews.vocabulary), activations], run)
    run.add(history)
    run.add(weightsOf: model)
    run.addLoss(of: history, book: "7.10")
    run.addAccuracy(of: history, book: "7.10")
    activations.addFigures(to: run)
    run.result(
      "TensorBoard: best validation accuracy", here: history["val_acc"].max() ?? .nan,
      better: .higher)
    run.result(
      "TensorBoard: lowest validation loss", here: history["val_loss"].min() ?? .nan,
      better: .lower)
    EmbeddingMaps(of: model, reviews, run).add(to: run)
    run.note("\nTensorBoard: tensorboard --logdir \(options.output)/chapter7-callbacks/my_log_dir")
  }
}
