// Section 3.4: is a film review for or against the film?
//
// Each review becomes a row of 10,000 zeros and ones, one for each word that may occur in it. Two small
// layers and a sigmoid turn the row into the probability that the review is positive. Watching 10,000
// reviews that the network does not learn from shows when it begins to learn by heart: after about
// four epochs. So the final network is trained for four.

import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter3IMDB: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter3-imdb",
    abstract: "Tell positive film reviews from negative ones (book section 3.4).",
    usage: "chapter3-imdb [experiments] [options]",
    discussion: """
      Trains the book's network twice: for 20 epochs, to see where it stops getting better, then a \
      fresh one for 4 epochs on all training reviews, which is tested. Takes a few seconds. \
      Figures and a report are written to output/chapter3-imdb.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter3-imdb", section: "3.4", title: "telling positive film reviews from negative ones",
      options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin
    // For those who want to show the network a review of their own.
    run.add(lines: train.inputWords, as: "words")

    print(Self.network(seed: options.seed).summary())
    try watchOverfitting(train, run)
    if !run.isInterrupted {
      let final = try trainFinalModel(train, test, run)
      showPredictions(of: final, on: test, run)
    }
    try run.finish()
  }

  /// Two hidden layers of 16 units and a probability: 160,305 parameters.
  static func network(seed: UInt64) -> Sequential {
    let model = Sequential(input: [10_000], seed: seed) {
      Dense(16, activation: .relu)
      Dense(16, activation: .relu)
      Dense(1, activation: .sigmoid)
    }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// Run A: the first two fifths of the reviews, 10,000 of 25,000, are held out to be watched.
  private func watchOverfitting(_ train: Reviews, _ run: ChapterRun) throws {
    let (held, partial) = train.split(at: train.count * 2 / 5)
    let epochs = options.epochs(book: 20, quick: 8)
    print("\nRun A: \(epochs) epochs on \(partial.count) reviews, watched on \(held.count) others")
    let model = Self.network(seed: options.seed)
    let history = try model.fit(
      partial.x, partial.y, epochs: epochs, batchSize: options.batchSize(book: 512),
      validation: (held.x, held.y), callbacks: run.callbacks())
    run.add(history)
    run.add(weightsOf: model)
    run.addCurves(of: history, book: (loss: "3.7", accuracy: "3.8"))

    guard let best = history.epochOfMinimum("val_loss"), let last = history.epochs.last else {
      return
    }
    run.result(
      "run A: epoch of lowest validation loss", book: 4, here: Double(best), better: .lower)
    run.result(
      "run A: lowest validation loss", book: 0.2735, here: history["val_loss"][best - 1],
      better: .lower)
    run.result(
      "run A: best validation accuracy", book: 0.8908, here: history["val_acc"].max() ?? .nan,
      better: .higher)
    run.result(
      "run A: last validation accuracy", book: 0.8683, here: last["val_acc"] ?? .nan,
      better: .higher)
  }

  /// Run B: a fresh network, all training reviews, as many epochs as run A found to be enough.
  private func trainFinalModel(
    _ train: Reviews, _ test: Reviews, _ run: ChapterRun
  ) throws -> Sequential {
    let epochs = min(4, options.epochs(book: 4, quick: 4))
    print("\nRun B: a fresh network, \(epochs) epochs on all \(train.count) training reviews")
    let model = Self.network(seed: options.seed &+ 1)
    try model.fit(
      train.x, train.y, epochs: epochs, batchSize: options.batchSize(book: 512),
      callbacks: run.callbacks())
    run.add(weightsOf: model)
    let evaluation = model.evaluate(test.x, test.y)
    run.result(
      "test accuracy", book: 0.88328, here: evaluation.accuracy, better: .higher)
    run.result(
      "test loss", book: 0.29299, here: evaluation.loss, better: .lower)
    return model
  }

  /// A few test reviews with what the network makes of them.
  private func showPredictions(of model: Model, on test: Reviews, _ run: ChapterRun) {
    var table = ResultTable([
      ("positive?", .right), ("in truth", .left), ("how the review begins", .left),
    ])
    let probabilities = model.predict(test.x).scalars
    for review in 0..<min(6, test.count) {
      table.add([
        ResultTable.number(Double(probabilities[review])),
        test.labels[review] == 1 ? "positive" : "negative",
        test.decode(review).split(separator: " ").dropFirst().prefix(9).joined(separator: " ")
          + " …",
      ])
    }
    run.add(table, titled: "The first test reviews")
  }
}
