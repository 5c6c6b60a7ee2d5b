import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// Is it the global maximum that makes convolutions bad forecasters?
struct TemperatureExperiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "temperature-experiments",
    abstract: "Temperature: heads that know when, causal convolutions.",
    usage: "chapter6-conv1d temperature-experiments [options]",
    discussion: """
      Each network is trained with each seed until its validation error has not fallen for three epochs, \
      20 at most; its lowest validation error counts. Takes about half an hour. Says which \
      differences exceed what another seed would change.
      """)

  @OptionGroup var options: RunOptions

  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter6-conv1d-temperature-experiments", section: "6.4",
      title: "when, not only what: convolutions that forecast", options)
    let record = try TemperatureCommand.load(options, run)
    let limit = TemperatureCommand.limit(options)
    let epochs = options.epochs(book: 20, quick: 1)
    let batchSize = options.batchSize(book: 128)
    let steps = TemperatureCommand.steps(options)
    let naive = try TemperatureNetwork.book.map { network in
      let forecast = try network.forecast(record, limit: limit)
      return ResultTable.number(forecast.naiveError(forecast.validation))
    }
    run.note(
      "The naive forecast's validation error: \(naive.joined(separator: " and, for the windows with GRU, "))."
    )
    try run.compare(
      "What follows the convolutions", of: "validation error", Self.networks,
      seeds: seedOptions.count(options), name: \.title
    ) { network, seed, watch in
      let forecast = try network.forecast(record, limit: limit)
      let model = network.model(for: forecast, seed: seed)
      let history = try model.fit(
        forecast.stream(batchSize: batchSize, seed: seed &+ 1), stepsPerEpoch: steps,
        epochs: epochs, validation: (forecast.validation.x, forecast.validation.y),
        callbacks: [EarlyStopping(patience: 2), watch])
      return history["val_loss"].min().map(Double.init) ?? .nan
    }
    try run.finish()
  }

  private static let networks = [
    TemperatureNetwork(title: "global maximum (book)", kind: .globalMaximum),
    TemperatureNetwork(title: "flatten", kind: .flatten),
    TemperatureNetwork(title: "causal, dilations 1 to 128", kind: .causal),
    TemperatureNetwork(title: "GRU (book)", kind: .gru, lookback: 720, step: 3),
  ]
}
