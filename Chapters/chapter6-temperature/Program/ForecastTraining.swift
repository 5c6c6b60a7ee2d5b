import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery

/// What a network came to.
struct ForecastOutcome {
  let network: ForecastNetwork
  /// With the weights of the epoch that forecast the validation windows best.
  let model: Sequential
  let history: History
  /// The epoch of the lowest validation error.
  let bestEpoch: Int
  let validationError: Float
  /// The errors in testing with the best weights and with the last.
  let testError: Float
  let lastTestError: Float
}

/// Trains the book's networks, each from the start or from where an earlier run came to.
struct ForecastTraining {
  private let forecast: TemperatureForecast
  private let naive: Baseline
  private let resume: Bool
  private let run: ChapterRun
  private let circumstances: Circumstances

  /// Nothing is changed yet: what is there goes, network by network, when there is something new.
  ///
  /// - Throws: `DataError` if the networks to go on with were trained on other data or with other flags.
  init(
    _ forecast: TemperatureForecast, naive: Baseline, on origin: DataOrigin, resume: Bool,
    _ networks: [ForecastNetwork], _ run: ChapterRun
  ) throws {
    (self.forecast, self.naive, self.resume, self.run) = (forecast, naive, resume, run)
    let options = run.options
    circumstances = Circumstances(
      "\(origin.name), \(origin.kind.rawValue), \(origin.trainSamples) rows; seed \(options.seed); "
        + "batches of \(options.batchSize(book: 128)); quick: \(options.quick)", in: run.folder)
    guard resume else { return }
    for network in networks {
      let files = ForecastFiles(network, in: run.folder)
      if let name = files.nameOfResumable { try circumstances.check(name) }
    }
  }

  /// Trains, draws and tests a network; nil if the user has stopped it.
  func outcome(of network: ForecastNetwork) throws -> ForecastOutcome? {
    let (options, files) = (run.options, ForecastFiles(network, in: run.folder))
    let epochs = options.epochs(book: network.epochs, quick: 2)
    let steps = options.quick ? 14 : 500
    let model = network.model(for: forecast, seed: options.seed)
    let past = resume ? try files.restore(model) : History()
    print("\n\(network.title): \(model.parameterCount) parameters, \(epochs) epochs")
    fflush(nil)
    if resume {
      let count = past.epochs.count
      run.note(
        count >= epochs
          ? "\(network.title): trained before, in \(count) epochs."
          : count > 0
            ? "\(network.title): goes on after epoch \(count)."
            : "\(network.title): has left nothing to go on from and starts anew.")
    }
    // What is trained already keeps its files; the others are put in their place when this training is whole.
    let isWhole = past.epochs.count >= epochs && !files.isUnfinished
    if !isWhole, resume { try files.copyBest() }
    let best = BestWeights(
      isWhole ? files.best : files.unfinished.best, monitor: "val_loss", past: past)
    let beginning = AfterFirstEpoch {
      if past.epochs.isEmpty { files.unfinished.remove() }
      try circumstances.note(files.unfinishedName)
    }
    let history = try network.train(
      model, on: forecast, epochs: epochs, steps: steps,
      batchSize: options.batchSize(book: 128), seed: options.seed, after: past,
      callbacks: [beginning, best, TrainingCheckpoint(files.unfinished.state)] + run.callbacks())
    draw(history, of: network)
    guard !run.isInterrupted, let bestEpoch = best.epoch else { return nil }

    let test = network.isReversed ? forecast.test.reversed : forecast.test
    let lastError = model.evaluate(test.x, test.y).loss
    try best.putBack(into: model)
    if !isWhole {
      try circumstances.note(files.name)
      try files.replace()
    }
    let outcome = ForecastOutcome(
      network: network, model: model, history: history, bestEpoch: bestEpoch,
      validationError: history["val_loss"][bestEpoch - 1],
      testError: model.evaluate(test.x, test.y).loss, lastTestError: lastError)
    report(outcome)
    return outcome
  }

  /// The book's figure of a network, with the naive error as a line.
  private func draw(_ history: History, of network: ForecastNetwork) {
    if history.epochs.isEmpty { return }
    run.add(history, as: "history-\(network.name)")
    run.add(
      Figure(
        title: "Training and validation error: \(network.title)", x: "Epochs",
        y: "Mean absolute error (standard deviations)", footnote: run.whoseWeather
      ) {
        Dots(history["loss"], "Training")
        Line(history["val_loss"], "Validation")
        Line(
          history.epochs.map { _ in naive.validationError }, "Naive forecast", dashed: true,
          color: .gray)
      }, as: network.name, book: BookResults.ofNetworks[network.name]?.figure)
  }

  /// The numbers of a network beside the book's.
  private func report(_ outcome: ForecastOutcome) {
    let (title, book) = (outcome.network.title, BookResults.ofNetworks[outcome.network.name])
    run.result(
      "\(title): lowest validation MAE", book: book?.lowest, here: outcome.validationError,
      better: .lower, tolerance: book?.tolerance.lowest)
    run.result(
      "\(title): last validation MAE", book: book?.last,
      here: outcome.history["val_loss"].last ?? .nan, better: .lower,
      tolerance: book?.tolerance.last)
    run.result("\(title): test MAE", here: outcome.testError, better: .lower)
    run.result(
      "\(title): test MAE of the last weights", here: outcome.lastTestError, better: .lower)
  }
}
