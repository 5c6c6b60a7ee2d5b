// Section 3.6: what does a house cost?
//
// 506 houses are few, so the network is small, and one validation set would leave much to chance: four networks are
// trained, each validated with another quarter of the training houses. Their mean error per epoch shows when
// to stop. Then one network is trained on all of them and tested.

import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter3BostonHousing: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter3-boston-housing", "Predict the price of houses from 13 numbers (book section 3.6).",
    discussion: """
      Cross-validates over 4 folds for 500 epochs, then trains on all houses for 80 and tests.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter3-boston-housing", section: "3.6", title: "predicting the price of houses", options)
    let (raw, rawTest) = try BostonHousing.load(from: options.location)
    run.data = raw.origin
    let (train, test) = (raw.standardized(by: raw), rawTest.standardized(by: raw))

    print(Self.network(seed: options.seed).summary())
    try crossValidate(train, run)
    if !run.isInterrupted { try trainFinalModel(train, test, run) }
    try run.finish()
  }

  /// Two hidden layers of 64 units and a number: 5,121 parameters.
  static func network(seed: UInt64) -> Sequential {
    let model = Sequential(input: [13], seed: seed) {
      Dense(64, activation: .relu)
      Dense(64, activation: .relu)
      Dense(1)
    }
    model.compile(optimizer: RMSprop(), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    return model
  }

  /// Trains on each fold, side by side on the available cores; the numbers do not depend on how many there are.
  static func histories(
    _ train: Houses, _ folds: [Fold], epochs: Int, batchSize: Int, _ run: ChapterRun
  ) throws -> [History] {
    let seed = run.options.seed
    let progress = ExperimentProgress("folds", total: folds.count, isShown: !run.options.noProgress)
    defer { progress.finish() }
    return try run.sideBySide { watch in
      try Parallel.map(folds.count) { index in
        let fold = folds[index]
        let (x, y) = (train.x.selecting(fold.training), train.y.selecting(fold.training))
        let held = (train.x.selecting(fold.validation), train.y.selecting(fold.validation))
        let history = try network(seed: seed &+ UInt64(index)).fit(
          x, y, epochs: epochs, batchSize: batchSize, validation: held, callbacks: [watch])
        progress.advance()
        return history
      }
    }
  }

  private func crossValidate(_ train: Houses, _ run: ChapterRun) throws {
    let epochs = options.epochs(book: 500, quick: 24)
    let batchSize = options.batchSize(book: 1)
    print(
      "\n4 folds of \(train.count / 4) houses, \(epochs) epochs with batches of \(batchSize)")
    let histories = try Self.histories(
      train, Validation.kFold(4, of: train.count), epochs: epochs, batchSize: batchSize, run)
    for (index, history) in histories.enumerated() { run.add(history, as: "fold-\(index + 1)") }
    show(histories, run)
  }

  private func trainFinalModel(_ train: Houses, _ test: Houses, _ run: ChapterRun) throws {
    let epochs = min(80, options.epochs(book: 80, quick: 20))
    let batchSize = options.batchSize(book: 16)
    print("\nAll \(train.count) houses, \(epochs) epochs with batches of \(batchSize)")
    let model = Self.network(seed: options.seed)
    let history = try model.fit(
      train.x, train.y, epochs: epochs, batchSize: batchSize, callbacks: run.callbacks())
    run.add(history)
    run.add(weightsOf: model)
    let evaluation = model.evaluate(test.x, test.y)
    run.result(
      "test MAE", book: 2.5532, here: evaluation.meanAbsoluteError, unit: "k$", better: .lower)

    showPredictions(of: model, on: test, run)
  }
}
