// Section 6.2 and the film reviews of 6.3: networks that read word by word.
//
// In section 3.4 a review was a set of words. Here it is a sequence: each word becomes a vector that is learned with
// the rest, and a recurrent layer takes in one after another, with a state that remembers. A simple recurrence
// forgets too soon to do as well as the set of words; an LSTM, which can carry things along unchanged, gets as far.
// Whether it reads forwards or backwards hardly matters.

import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

@main
struct Chapter6IMDBRNN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter6-imdb-rnn",
    abstract: "Read film reviews word by word, with SimpleRNN and LSTM (book section 6.2).",
    usage: "chapter6-imdb-rnn [experiments] [options]",
    discussion: """
      Writes a recurrence by hand, then trains the book's networks for 10 epochs each: SimpleRNN, LSTM, \
      an LSTM that reads backwards and one that reads both ways. Takes some minutes. Figures, weights \
      and a report are written to output/chapter6-imdb-rnn.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  @Option(
    help: ArgumentHelp(
      "What to train, with commas between: \(Network.names). Default: all.", valueName: "names"))
  var models: String?

  /// The number of words that are kept of a review.
  static func length(_ options: RunOptions) -> Int { options.quick ? 100 : 500 }
  /// In a rehearsal on few reviews small batches make up for it.
  static func batchSize(_ options: RunOptions) -> Int {
    options.batchSize(book: options.quick ? 32 : 128)
  }

  func validate() throws { _ = try Network.named(models) }

  func run() throws {
    let run = try ChapterRun(
      "chapter6-imdb-rnn", section: "6.2", title: "reading film reviews word by word", options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin
    ByHand.show(run)

    var histories: [(title: String, history: History)] = []
    for network in try Network.named(models) where !run.isInterrupted {
      histories.append((network.title, try self.train(network, train, test, run)))
    }
    if histories.count > 1 {
      run.add(
        Figure(title: "Ways to read a review", x: "Epochs", y: "Validation accuracy") {
          for (title, history) in histories { Line(history["val_acc"], title) }
        }, as: "comparison")
    }
    try run.finish()
  }

  /// Trains on the first four fifths of the training reviews, watches on the last, and tests the best epoch.
  private func train(
    _ network: Network, _ train: Reviews, _ test: Reviews, _ run: ChapterRun
  ) throws -> History {
    let (partial, held) = train.split(at: train.count * 4 / 5)
    let length = Self.length(options)
    let epochs = options.epochs(book: 10, quick: 4)
    print(
      """

      \(network.title), \(epochs) epochs on \(partial.count) reviews\(network.isReversed ? " turned around" : ""), \
      of which the \(network.kept == .end ? "last" : "first") \(length) words are kept
      """)
    let model = network.model(length: length, seed: options.seed)
    print(model.summary())
    let history = try model.fit(
      network.sequences(of: partial, length: length), partial.y, epochs: epochs,
      batchSize: Self.batchSize(options),
      validation: (network.sequences(of: held, length: length), held.y),
      callbacks: [
        EarlyStopping(monitor: "val_acc", patience: epochs, restoresBestWeights: true)
      ] + run.callbacks())
    run.add(history, as: "history-\(network.name)")
    run.add(weightsOf: model, as: network.name)
    run.addLoss(
      of: history, as: "\(network.name)-loss", remark: ", \(network.title)",
      book: network.figures?.loss)
    run.addAccuracy(
      of: history, as: "\(network.name)-accuracy", remark: ", \(network.title)",
      book: network.figures?.accuracy)
    report(network, history, run)
    if !run.isInterrupted {
      let accuracy = model.evaluate(network.sequences(of: test, length: length), test.y).accuracy
      run.result("\(network.title): test accuracy", here: accuracy, better: .higher)
    }
    return history
  }

  /// The numbers of a network beside the book's.
  private func report(_ network: Network, _ history: History, _ run: ChapterRun) {
    guard let best = history["val_acc"].max(), let lowest = history["val_loss"].min(),
      let last = history["val_acc"].last
    else { return }
    run.result(
      "\(network.title): best validation accuracy", book: network.book?.bestAccuracy, here: best,
      better: .higher, tolerance: network.book?.tolerance.best)
    run.result(
      "\(network.title): lowest validation loss", book: network.book?.lowestLoss, here: lowest,
      better: .lower, tolerance: network.book?.tolerance.lowest)
    run.result(
      "\(network.title): last validation accuracy", book: network.book?.lastAccuracy, here: last,
      better: .higher, tolerance: network.book?.tolerance.last)
  }
}
