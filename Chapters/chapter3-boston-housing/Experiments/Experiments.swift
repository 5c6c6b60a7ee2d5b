import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// How much of the result is chance, and what the section's choices cost.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter3-boston-housing",
    "Spread over seeds and folds; batch sizes; without standardising.",
    discussion: "Trains many networks with several seeds each, side by side on all cores.")

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter3-boston-housing-experiments", section: "3.6", title: "how much is chance?", options)
    let (raw, rawTest) = try BostonHousing.load(from: options.location)
    run.data = raw.origin
    let (train, test) = (raw.standardized(by: raw), rawTest.standardized(by: raw))
    let epochs = options.epochs(book: 80, quick: 5)

    try compare(
      "Test MAE by batch size and epochs", run,
      [(16, 80), (1, 80), (4, 80), (64, 80), (1, 5), (16, 320)].map { batch, book in
        let count = options.epochs(book: book, quick: 5)
        return Variant("batches of \(batch), \(count) epochs", train, test, count, batch)
      })
    try compare(
      "Test MAE with and without standardising", run,
      [
        Variant("standardised", train, test, epochs, 16),
        Variant("as they are", raw, rawTest, epochs, 16),
      ])
    try crossValidation(train, run)
    try run.finish()
  }

  private struct Variant: Sendable {
    let name: String
    let train: Houses
    let test: Houses
    let epochs: Int
    let batchSize: Int

    init(_ name: String, _ train: Houses, _ test: Houses, _ epochs: Int, _ batchSize: Int) {
      (self.name, self.train, self.test) = (name, train, test)
      (self.epochs, self.batchSize) = (epochs, batchSize)
    }
  }

  private func compare(_ title: String, _ run: ChapterRun, _ variants: [Variant]) throws {
    try run.compare(
      title, of: "test MAE (k$)", variants, seeds: seedOptions.count(options), name: \.name
    ) { variant, seed, watch in
      let model = Chapter3BostonHousing.network(seed: seed)
      try model.fit(
        variant.train.x, variant.train.y, epochs: variant.epochs, batchSize: variant.batchSize,
        callbacks: [watch])
      return Double(model.evaluate(variant.test.x, variant.test.y).meanAbsoluteError)
    }
  }

  /// One hold-out set, the book's contiguous folds, and folds of shuffled houses: how far apart are they?
  private func crossValidation(_ train: Houses, _ run: ChapterRun) throws {
    if Interruption.isRequested { return }
    let epochs = options.epochs(book: 100, quick: 3)
    var random = RandomGenerator(seed: options.seed)
    var schemes = [
      ("hold-out, the first quarter", [Validation.holdOut(train.count / 4, of: train.count)]),
      ("contiguous, as in the book", Validation.kFold(4, of: train.count)),
    ]
    let shuffled = Validation.iteratedKFold(
      4, of: train.count, repeats: seedOptions.count(options), using: &random)
    for start in stride(from: 0, to: shuffled.count, by: 4) {
      schemes.append(("shuffled, draw \(start / 4 + 1)", Array(shuffled[start..<start + 4])))
    }

    var table = ResultTable("folds", "mean", "fold 1", "fold 2", "fold 3", "fold 4")
    for (name, folds) in schemes {
      let scores = try Chapter3BostonHousing.histories(
        train, folds, epochs: epochs, batchSize: options.batchSize(book: 1), run
      ).compactMap { $0["val_mae"].last.map(Double.init) }
      if Interruption.isRequested { break }
      let mean = scores.reduce(0, +) / Double(max(scores.count, 1))
      table.add([name] + ([mean] + scores).map { ResultTable.number($0) })
    }
    run.add(table, titled: "Validation MAE (k$) after \(epochs) epochs")
  }
}
