import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// Is it the global maximum that makes convolutions bad forecasters?
struct TemperatureExperiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiments",
    abstract: "Heads that know when, causal convolutions.",
    usage: "chapter6-conv1d temperature experiments [options]",
    discussion: """
      Each network is trained with each seed until its error on 10,000 validation windows has not \
      fallen for three epochs, 20 at most; its lowest counts. Says which differences exceed what \
      another seed would change.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func validate() throws { try options.checkWindows() }

  func run() throws {
    let run = try ChapterRun(
      "chapter6-conv1d-temperature-experiments", section: "6.4",
      title: "when, not only what: convolutions that forecast", options)
    let record = try run.loadClimate()
    let limit = TemperatureCommand.limit(options) ?? 10_000
    let epochs = options.epochs(book: 20, quick: 1)
    let batchSize = options.batchSize(book: options.quick ? 32 : 128)
    let steps = TemperatureCommand.steps(options)
    let cases = try Self.networks.map { ($0, try $0.forecast(record, limit: limit)) }
    for (network, forecast) in [cases[0], cases[3]] {
      let naive = ResultTable.number(forecast.naiveError(on: forecast.validation))
      run.note("Naive validation MAE for the windows of \"\(network.title)\": \(naive).")
    }
    try run.compare(
      "What follows the convolutions", of: "validation MAE", cases,
      seeds: seedOptions.count(options), name: \.0.title
    ) { networkAndForecast, seed, watch in
      let (network, forecast) = networkAndForecast
      let history = try network.train(
        network.model(for: forecast, seed: seed), on: forecast, epochs: epochs, steps: steps,
        batchSize: batchSize, seed: seed, callbacks: [EarlyStopping(patience: 2), watch])
      return history["val_loss"].min().map(Double.init) ?? .nan
    }
    try run.finish()
  }

  private static let networks = [
    TemperatureNetwork(
      title: "global maximum (book)", layers: TemperatureNetwork.convolutions.layers),
    // The same convolutions, all of whose numbers are used: when, too.
    TemperatureNetwork(title: "flatten") {
      Conv1D(32, kernel: 5, activation: .relu)
      MaxPooling1D(3)
      Conv1D(32, kernel: 5, activation: .relu)
      MaxPooling1D(3)
      Conv1D(32, kernel: 5, activation: .relu)
      Flatten()
    },
    // Convolutions that see the past alone, each twice as far back as the one before; the last time step is used.
    TemperatureNetwork(title: "causal, dilations 1 to 128") {
      for dilation in [1, 2, 4, 8, 16, 32, 64, 128] {
        Conv1D(32, kernel: 2, padding: .causal, dilation: dilation, activation: .relu)
      }
      LastTimeStep()
    },
    TemperatureNetwork(
      title: "GRU (book)", lookback: 720, step: 3,
      layers: TemperatureNetwork.convolutionsAndGRU.layers),
  ]
}
