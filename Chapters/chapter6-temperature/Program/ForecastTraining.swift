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
  let forecast: TemperatureForecast
  let naive: Baseline
  let run: ChapterRun

  /// Trains, draws and tests a network; nil if the user has stopped it.
  func outcome(
    of network: ForecastNetwork, _ training: ResumableTraining
  ) throws -> ForecastOutcome? {
    let options = run.options
    let epochs = options.epochs(book: network.epochs, quick: 2)
    let model = network.model(for: forecast, seed: options.seed)
    print("\n\(network.title): \(model.parameterCount) parameters, \(epochs) epochs")
    fflush(nil)
    let past = try training.restore(model, epochs: epochs)
    let history = try network.train(
      model, on: forecast, epochs: epochs, steps: options.quick ? 10 : 500,
      batchSize: options.batchSize(book: 128), seed: options.seed, after: past,
      callbacks: training.callbacks())
    draw(history, of: network)
    guard !run.isInterrupted, let bestEpoch = training.bestEpoch else { return nil }

    let test = network.isReversed ? forecast.test.reversed : forecast.test
    let lastError = model.evaluate(test.x, test.y).loss
    try training.loadBest(into: model)
    try training.finish()
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
        y: "Mean absolute error (standard deviations)"
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
      better: .lower)
    run.result(
      "\(title): last validation MAE", book: book?.last,
      here: outcome.history["val_loss"].last ?? .nan, better: .lower)
    run.result("\(title): test MAE", here: outcome.testError, better: .lower)
    run.result(
      "\(title): test MAE of the last weights", here: outcome.lastTestError, better: .lower)
  }
}
