import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// What the section leaves open.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter6-temperature",
    "Other baselines, lookback, variables, dropout, reading backwards, relu.",
    discussion: """
      Questions: baselines, linear, lookback, variables, dropout, reversed, relu. Each network is \
      trained for 5 epochs of 500 batches (for dropout 10) with each seed, and judged by its \
      lowest error on every tenth validation window. Most of the work is for the variables; --only \
      picks a question, --epochs 2 --seeds 2 is quicker.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions
  @OptionGroup var variantOptions: VariantOptions

  /// A question that the section leaves open.
  enum Question: String, CaseIterable {
    case baselines, linear, lookback, variables, dropout, reversed, relu
  }

  func validate() throws {
    try options.checkWindows()
    _ = try questions()
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter6-temperature-experiments", section: "6.3", title: "what makes a good forecast?",
      options)
    let record = try run.loadClimate()
    let forecast = try TemperatureForecast(record, limit: limit)
    for question in try questions() where !run.isInterrupted {
      switch question {
      case .baselines: compareBaselines(try TemperatureForecast(record), run)
      case .linear:
        solveLinear(forecast, run)
        try compareLinear(forecast, run)
      case .lookback: try compareLookbacks(record, forecast, run)
      case .variables: try compareVariables(record, forecast, run)
      case .dropout: try compareDropout(forecast, run)
      case .reversed: try compareDirections(forecast, run)
      case .relu: try compareActivations(forecast, run)
      }
    }
    try run.finish()
  }

  private func questions() throws -> [Question] {
    try variantOptions.chosen(from: Question.allCases, name: \.rawValue)
  }

  /// How many windows to validate with.
  private var limit: Int { options.quick ? 100 : 10_000 }
  /// The batches of an epoch.
  var steps: Int { options.quick ? 2 : 500 }
  /// The windows of a batch.
  var batchSize: Int { options.batchSize(book: options.quick ? 32 : 128) }

  /// Trains variations with several seeds each; the first is what the others are compared with.
  private func compare(
    _ title: String, _ variations: [Variation], epochs: Int = 5, _ run: ChapterRun
  ) throws {
    let (epochs, steps, batchSize) = (options.epochs(book: epochs, quick: 1), steps, batchSize)
    try run.compare(
      title, of: "validation MAE", variations, seeds: seedOptions.count(options), name: \.name
    ) { variation, seed, watch in
      let (forecast, validation) = (variation.forecast, variation.validation)
      let history = try variation.model(forecast, seed).fit(
        forecast.generator(
          batchSize: batchSize, seed: seed, reversed: validation.x.isReversed),
        stepsPerEpoch: steps, epochs: epochs, validation: (validation.x, validation.y),
        callbacks: [watch])
      return history["val_loss"].min().map(Double.init) ?? .nan
    }
  }

  /// The same trained like a network, beside networks.
  private func compareLinear(_ forecast: TemperatureForecast, _ run: ChapterRun) throws {
    func linear(_ name: String, _ rate: Float) -> Variation {
      Variation(name, forecast, learningRate: rate) {
        Flatten()
        Dense(1)
      }
    }
    try compare(
      "Linear regression on the window, trained",
      [
        Variation("GRU (book)", forecast) {
          GRU(32)
          Dense(1)
        },
        Variation("dense, 32 units (book)", forecast) {
          Flatten()
          Dense(32, activation: .relu)
          Dense(1)
        },
        linear("linear, rate 0.001", 1e-3), linear("linear, rate 0.0001", 1e-4),
        linear("linear, rate 0.00001", 1e-5),
      ], run)
  }

  /// Do ten days tell more than one? All forecast the same temperatures.
  private func compareLookbacks(
    _ record: ClimateRecord, _ forecast: TemperatureForecast, _ run: ChapterRun
  ) throws {
    try compare(
      "How far windows reach back",
      try [10, 5, 2, 1].map { days in
        let shorter = try TemperatureForecast(record, lookback: 144 * days, limit: limit)
        return Variation(
          "\(days) day\(days == 1 ? "" : "s")", shorter,
          validation: shorter.samples(forecast.validation.ends)
        ) {
          GRU(32)
          Dense(1)
        }
      }, run)
  }

  /// Which variables tell more than temperature does?
  private func compareVariables(
    _ record: ClimateRecord, _ forecast: TemperatureForecast, _ run: ChapterRun
  ) throws {
    let temperature = record.temperatureColumn
    func variation(_ name: String, _ columns: [Int]) throws -> Variation {
      Variation(name, try TemperatureForecast(record, variables: columns, limit: limit)) {
        GRU(32)
        Dense(1)
      }
    }
    let others = record.variables.indices.filter { $0 != temperature }
    try compare(
      "Variables beside temperature",
      try [variation("T alone", [temperature])]
        + others.map { try variation("T and \(record.variables[$0].name)", [temperature, $0]) }
        + [variation("all \(record.variables.count)", Array(record.variables.indices))], run)
  }

  /// How much forgetting does good?
  private func compareDropout(_ forecast: TemperatureForecast, _ run: ChapterRun) throws {
    let rates: [(Float, Float)] = [(0, 0), (0.2, 0), (0, 0.2), (0.2, 0.2), (0.2, 0.5), (0.5, 0.5)]
    try compare(
      "Dropout of inputs and of the state",
      rates.map { input, state in
        Variation("inputs \(input), state \(state)", forecast) {
          GRU(32, dropout: input, recurrentDropout: state)
          Dense(1)
        }
      }, epochs: 10, run)
  }

  /// Why is it so bad to read backwards?
  private func compareDirections(_ forecast: TemperatureForecast, _ run: ChapterRun) throws {
    let layers: @Sendable () -> [Layer] = { [GRU(32), Dense(1)] }
    let backwards = forecast.validation.reversed
    try compare(
      "Directions of time",
      [
        Variation("forwards (book)", forecast, layers: layers),
        Variation("backwards (book)", forecast, validation: backwards, layers: layers),
        // Windows as they are; the layer itself begins at their end.
        Variation(reversedWithNewest: "backwards, and the newest reading beside", forecast),
        Variation("both (book)", forecast) {
          Bidirectional(GRU(32))
          Dense(1)
        },
      ], run)
  }
}
