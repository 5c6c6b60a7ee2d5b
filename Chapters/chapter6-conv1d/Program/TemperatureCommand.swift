import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

/// The section's second half.
struct TemperatureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "temperature",
    abstract: "Forecast temperature with convolutions, and with a GRU after them.",
    usage: "chapter6-conv1d temperature [experiments] [options]",
    discussion: """
      Trains the book's two networks for 20 epochs of 500 batches each, beside the naive forecast \
      that nothing changes. Figures, weights and a report are written to \
      output/chapter6-conv1d-temperature.
      """,
    subcommands: [TemperatureExperiments.self])

  @OptionGroup var options: RunOptions

  /// How many windows to validate and to test with; nil for all.
  static func limit(_ options: RunOptions) -> Int? { options.quick ? 400 : nil }
  /// The batches of an epoch.
  static func steps(_ options: RunOptions) -> Int { options.quick ? 6 : 500 }

  func validate() throws { try options.checkWindows() }

  func run() throws {
    let run = try ChapterRun(
      "chapter6-conv1d-temperature", section: "6.4",
      title: "temperature and convolutions over time", options)
    let record = try run.loadClimate()
    for network in [TemperatureNetwork.convolutions, .convolutionsAndGRU]
    where !run.isInterrupted {
      try train(network, record, run)
    }
    try run.finish()
  }

  private func train(
    _ network: TemperatureNetwork, _ record: ClimateRecord, _ run: ChapterRun
  ) throws {
    let forecast = try network.forecast(record, limit: Self.limit(options))
    let epochs = options.epochs(book: 20, quick: 3)
    let naive = forecast.naiveError(on: forecast.validation)
    print(
      """

      \(network.title.prefix(1).uppercased() + network.title.dropFirst()), \(epochs) epochs of \
      \(Self.steps(options)) batches: from \(forecast.length) readings the temperature \
      \(forecast.horizon) hours after the newest
      """)
    let model = network.model(for: forecast, seed: options.seed)
    print(model.summary())
    let history = try network.train(
      model, on: forecast, epochs: epochs, steps: Self.steps(options),
      batchSize: options.batchSize(book: 128), seed: options.seed,
      callbacks: [EarlyStopping(patience: epochs, restoresBestWeights: true)] + run.callbacks())
    run.add(history, as: "history-\(network.name)")
    run.add(weightsOf: model, as: network.name)
    run.add(
      Figure(
        title: "Mean absolute error, \(network.title)", x: "Epochs",
        y: "Error (standard deviations)"
      ) {
        Dots(history["loss"], "Training error")
        Line(history["val_loss"], "Validation error")
        Line(history["val_loss"].map { _ in naive }, "Naive forecast", dashed: true, color: .gray)
      }, as: network.name, book: BookResults.ofNetworks[network.name]?.figure)
    report(network, forecast, model, history, naive, run)
  }

  /// The errors beside the book's and beside those of the naive forecast, for the same windows.
  private func report(
    _ network: TemperatureNetwork, _ forecast: TemperatureForecast, _ model: Sequential,
    _ history: History, _ naive: Double, _ run: ChapterRun
  ) {
    guard let lowest = history["val_loss"].min(), let last = history["val_loss"].last else {
      return
    }
    let (title, book) = (network.title, BookResults.ofNetworks[network.name])
    run.result(
      "\(title): naive validation MAE", book: book?.naive, here: naive, better: .lower)
    run.result(
      "\(title): lowest validation MAE", book: book?.lowest, here: lowest,
      better: .lower)
    run.result(
      "\(title): last validation MAE", book: book?.last, here: last, better: .lower)
    if run.isInterrupted { return }
    let error = Double(model.evaluate(forecast.test.x, forecast.test.y).loss)
    run.result("\(title): test MAE", here: error, better: .lower)
    run.result(
      "\(title): test MAE in degrees", here: forecast.degrees(error), unit: "°C",
      better: .lower)
    run.result(
      "\(title): naive test MAE", here: forecast.naiveError(on: forecast.test), better: .lower)
  }
}

/// The book's errors of a network, and the book's figure.
private struct BookResults {
  let lowest: Double
  let last: Double
  let figure: String
  /// The error of the naive forecast, for windows of ten days.
  var naive: Double?

  /// By the names of the networks.
  static let ofNetworks = [
    "convolution": BookResults(
      lowest: 0.4521, last: 0.4821, figure: "6.29", naive: 0.28974),
    "convolution-gru": BookResults(
      lowest: 0.273, last: 0.2952, figure: "6.31"),
  ]
}
