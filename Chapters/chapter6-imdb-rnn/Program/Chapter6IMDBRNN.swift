import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

@main
struct Chapter6IMDBRNN: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter6-imdb-rnn",
    "Read film reviews word by word, with SimpleRNN and LSTM (book section 6.2).",
    discussion: """
      Writes a recurrence by hand, then trains the book's networks for 10 epochs each: SimpleRNN, \
      LSTM, an LSTM that reads backwards and one that reads both ways; --only simple-rnn, lstm, \
      reversed or bidirectional picks one.
      """,
    results: "Figures, weights and a report", subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions
  @OptionGroup var variantOptions: VariantOptions

  /// The number of words that are kept of a review.
  static func length(_ options: RunOptions) -> Int { options.quick ? 100 : 500 }
  /// In a rehearsal on few reviews small batches make up for it.
  static func batchSize(_ options: RunOptions) -> Int {
    options.batchSize(book: options.quick ? 32 : 128)
  }

  private func networks() throws -> [ReviewNetwork] {
    try variantOptions.chosen(from: ReviewNetwork.book, name: \.name)
  }

  func run() throws {
    // Not in validate(), which is asked before a subcommand's, whose --only names other things.
    let networks = try self.networks()
    let run = try ChapterRun(
      "chapter6-imdb-rnn", section: "6.2", title: "reading film reviews word by word", options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin
    showRecurrence(run)

    var histories: [(title: String, history: History)] = []
    for network in networks where !run.isInterrupted {
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

  /// Runs the recurrence with the book's numbers and with ones that suit a comparison.
  private func showRecurrence(_ run: ChapterRun) {
    var random = RandomGenerator(seed: options.seed)
    let (timeSteps, features) = (ByHand.timeSteps, ByHand.features)
    let sequence = Tensor.uniform([timeSteps, features], using: &random)
    let states = ByHand.recurrence(sequence, ByHand.Weights(in: 0..<1, using: &random))
    let ones = states.scalars.count { $0 > 0.999 }
    run.note(
      """
      By hand: \(timeSteps) time steps of \(features) numbers give states of shape \(states.shape). With weights between 0 \
      and 1, as in the book, \(ones) of its \(states.elementCount) numbers are above 0.999: sums of positive terms \
      drive tanh to its end.
      """)
    let weights = ByHand.Weights(in: -0.2..<0.2, using: &random)
    let difference =
      (ByHand.recurrence(sequence, weights) - ByHand.layer(sequence, weights)).magnitude.max()
    run.result(
      "by hand and by layer: largest difference", here: difference, better: .lower)
  }

  /// Trains on the first four fifths of the training reviews, watches on the last, and tests the best epoch.
  private func train(
    _ network: ReviewNetwork, _ train: Reviews, _ test: Reviews, _ run: ChapterRun
  ) throws -> History {
    let length = Self.length(options)
    let epochs = options.epochs(book: 10, quick: 3)
    print(
      """

      \(network.title), \(epochs) epochs on \(train.count * 4 / 5) reviews\(network.isReversed ? " turned around" : ""), \
      of which the \(network.kept == .end ? "last" : "first") \(length) words are kept
      """)
    let model = network.model(length: length, seed: options.seed)
    print(model.summary())
    let history = try network.train(
      model, on: train, length: length, epochs: epochs, batchSize: Self.batchSize(options),
      callbacks: [
        EarlyStopping(monitor: "val_acc", patience: epochs, restoresBestWeights: true)
      ] + run.callbacks())
    let book = BookResults.ofNetworks[network.name]
    run.add(history, as: "history-\(network.name)")
    run.add(weightsOf: model, as: network.name)
    run.addLoss(
      of: history, as: "\(network.name)-loss", remark: ", \(network.title)",
      book: book?.figures?.loss)
    run.addAccuracy(
      of: history, as: "\(network.name)-accuracy", remark: ", \(network.title)",
      book: book?.figures?.accuracy)
    report(network, book, history, run)
    if !run.isInterrupted {
      let accuracy = model.evaluate(network.sequences(of: test, length: length), test.y).accuracy
      run.result("\(network.title): test accuracy", here: accuracy, better: .higher)
    }
    return history
  }

  /// The numbers of a network beside the book's.
  private func report(
    _ network: ReviewNetwork, _ book: BookResults?, _ history: History, _ run: ChapterRun
  ) {
    guard let best = history["val_acc"].max(), let lowest = history["val_loss"].min(),
      let last = history["val_acc"].last
    else { return }
    run.result(
      "\(network.title): best validation accuracy", book: book?.bestAccuracy, here: best,
      better: .higher)
    run.result(
      "\(network.title): lowest validation loss", book: book?.lowestLoss, here: lowest,
      better: .lower)
    run.result(
      "\(network.title): last validation accuracy", book: book?.lastAccuracy, here: last,
      better: .higher)
  }
}
