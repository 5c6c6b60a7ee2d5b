// Section 3.5: what is this newswire about?
//
// Like film reviews, newswires become rows of 10,000 zeros and ones; but there are dozens of topics, most of them
// rare. So the layers have 64 units, more than there are topics, and a softmax gives each topic its probability. A
// middle layer of only 4 units shows what a bottleneck costs.

import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter3Reuters: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter3-reuters", "Sort newswires by topic (book section 3.5).",
    discussion: """
      Trains the book's network for 20 epochs, then a fresh one for 9, which is tested, then one \
      with a bottleneck.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter3-reuters", section: "3.5", title: "sorting newswires by topic", options)
    let (train, test) = try options.loadNewswires()
    run.data = train.origin
    // The book's numbers rest on Keras' selection of newswires; another one is another task.
    if train.topicCount != 46 { run.markNotComparable("\(train.topicCount) topics instead of 46") }
    let (held, partial) = train.split(at: min(1_000, train.count / 3))

    print(Self.network(topics: train.topicCount, seed: options.seed).summary())
    try watchOverfitting(partial, held, run)
    if !run.isInterrupted { try trainFinalModel(partial, held, test, run) }
    if !run.isInterrupted { try squeeze(partial, held, run) }
    try run.finish()
  }

  /// Two hidden layers and a probability per topic: 647,214 parameters for 46 topics.
  static func network(topics: Int, middle: Int = 64, seed: UInt64) -> Sequential {
    let model = Sequential(input: [10_000], seed: seed) {
      Dense(64, activation: .relu)
      Dense(middle, activation: .relu)
      Dense(topics, activation: .softmax)
    }
    model.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// Run A: 20 epochs, watched on the first 1,000 newswires.
  private func watchOverfitting(
    _ partial: Newswires, _ held: Newswires, _ run: ChapterRun
  ) throws {
    let epochs = options.epochs(book: 20, quick: 10)
    print(
      "\nRun A: \(epochs) epochs on \(partial.count) newswires, watched on \(held.count) others")
    let model = Self.network(topics: partial.topicCount, seed: options.seed)
    let history = try model.fit(
      partial.x, partial.oneHot, epochs: epochs, batchSize: options.batchSize(book: 512),
      validation: (held.x, held.oneHot), callbacks: run.callbacks())
    run.add(history)
    run.add(weightsOf: model)
    run.addCurves(of: history, book: (loss: "3.9", accuracy: "3.10"))
    guard let best = history.epochOfMinimum("val_loss") else { return }
    run.result(
      "run A: epoch of lowest validation loss", book: 9, here: Double(best), better: .lower)
    run.result(
      "run A: lowest validation loss", book: 0.8835, here: history["val_loss"][best - 1],
      better: .lower)
    run.result(
      "run A: best validation accuracy", book: 0.815, here: history["val_acc"].max() ?? .nan,
      better: .higher)
  }

  /// Run B: 9 epochs, as the printed book has it (its notebook has 8), with topics as one-hot rows; and once more with
  /// topics as numbers, which must come to the same.
  private func trainFinalModel(
    _ partial: Newswires, _ held: Newswires, _ test: Newswires, _ run: ChapterRun
  ) throws {
    let epochs = min(9, options.epochs(book: 9, quick: 9))
    print("\nRun B: a fresh network, \(epochs) epochs, as in the printed book (8 in its notebook)")
    func train(_ y: any SamplesConvertible, _ callbacks: [any Callback]) throws -> Sequential {
      let model = Self.network(topics: partial.topicCount, seed: options.seed &+ 1)
      try model.fit(
        partial.x, y, epochs: epochs, batchSize: options.batchSize(book: 512),
        callbacks: callbacks)
      return model
    }
    let model = try train(partial.oneHot, run.callbacks())
    run.add(weightsOf: model)
    let evaluation = model.evaluate(test.x, test.oneHot)
    run.result(
      "test accuracy", book: 0.79697, here: evaluation.accuracy, better: .higher)
    run.result(
      "test loss", book: 0.95652, here: evaluation.loss, better: .lower)
    if run.isInterrupted { return }

    let sparse = try train(partial.labels, [Interruption()])
    let isSame = zip(model.weights, sparse.weights).allSatisfy { $0.value == $1.value }
    run.note(
      "Topics as numbers instead of one-hot rows: the weights are \(isSame ? "the same to the last bit" : "different")."
    )

    var random = RandomGenerator(seed: options.seed)
    let shuffled = random.permutation(test.count).map { test.labels[$0] }
    let hits = zip(shuffled, test.labels).count { $0 == $1 }
    run.result(
      "accuracy of guessing", book: 0.18655, here: Double(hits) / Double(test.count),
      better: .higher)
    showConfusion(of: model.predict(test.x).argmax(), on: test, run)
  }

  /// Run C: a middle layer with fewer units than there are topics.
  private func squeeze(_ partial: Newswires, _ held: Newswires, _ run: ChapterRun) throws {
    let epochs = options.epochs(book: 20, quick: 10)
    let batchSize = options.batchSize(book: 128)
    print("\nRun C: a middle layer of 4 units, \(epochs) epochs with batches of \(batchSize)")
    let model = Self.network(topics: partial.topicCount, middle: 4, seed: options.seed)
    let history = try model.fit(
      partial.x, partial.oneHot, epochs: epochs, batchSize: batchSize,
      validation: (held.x, held.oneHot), callbacks: run.callbacks())
    run.add(history, as: "history-bottleneck")
    run.addAccuracy(
      of: history, as: "bottleneck", remark: ", 4 units in the middle", book: nil,
      bookHistory: "history-bottleneck")
    run.result(
      "bottleneck: best validation accuracy", book: 0.711, here: history["val_acc"].max() ?? .nan,
      better: .higher)
  }
}
