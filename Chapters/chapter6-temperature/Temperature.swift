// Section 6.3: how warm will it be this time tomorrow?
//
// Ten days of weather, an hour between readings, go in; the temperature 25 hours after the newest reading comes out. To
// say that nothing will change is hard to beat. A network that takes the readings as one long row of numbers does
// not manage; one that reads them in their order does. Dropout keeps it from learning the past by heart; more layers,
// and reading in both directions, add little; to read backwards alone, the oldest last, is worse than not to read.

import Datasets
import DeepLearning

// MARK: - 6.3.2 The data

extension TemperatureForecast {
  /// The book's generator: windows of 240 readings drawn at random, 128 to a batch.
  ///
  /// - Parameter reversed: whether time runs backwards in the windows.
  func generator(batchSize: Int = 128, seed: UInt64, reversed: Bool = false) -> ForecastStream {
    stream(batchSize: batchSize, seed: seed &+ 1, reversed: reversed)
  }
}

// MARK: - 6.3.3 A baseline of common sense

/// A forecast that needs no training.
struct Baseline: Sendable {
  let name: String
  /// Mean absolute errors of scaled temperatures.
  let validationError: Double
  let testError: Double
}

extension TemperatureForecast {
  /// How wrong a forecast is that is computed from the row at which a window ends.
  func baseline(_ name: String, prediction: (_ end: Int) -> Double) -> Baseline {
    Baseline(
      name: name, validationError: error(on: validation, of: prediction),
      testError: error(on: test, of: prediction))
  }

  /// The book's baseline: as warm as in the newest reading.
  func naiveBaseline() -> Baseline { baseline("naive", prediction: newestTemperature) }
}

// MARK: - 6.3.4 to 6.3.8 Six networks

/// One of the book's networks.
struct ForecastNetwork: Sendable {
  /// What it is called on the command line and in the names of files.
  let name: String
  let title: String
  let epochs: Int
  /// Whether time runs backwards in the windows it is shown.
  var isReversed = false
  /// What comes before the one unit that answers.
  @LayerBuilder let layers: @Sendable () -> [Layer]

  /// In the book's order. With 240 readings of 14 variables the first has 107,585 parameters, a GRU 4,545, stacked GRUs
  /// have 23,201, the bidirectional one 9,089.
  static let book = [
    ForecastNetwork(name: "dense", title: "dense", epochs: 20) {
      Flatten()
      Dense(32, activation: .relu)
    },
    ForecastNetwork(name: "gru", title: "GRU", epochs: 20) {
      GRU(32)
    },
    ForecastNetwork(name: "dropout", title: "GRU with dropout", epochs: 40) {
      GRU(32, dropout: 0.2, recurrentDropout: 0.2)
    },
    ForecastNetwork(name: "stacked", title: "stacked GRUs", epochs: 40) {
      GRU(32, returnsSequences: true, dropout: 0.1, recurrentDropout: 0.5)
      GRU(64, activation: .relu, dropout: 0.1, recurrentDropout: 0.5)
    },
    ForecastNetwork(name: "reversed", title: "reversed GRU", epochs: 20, isReversed: true) {
      GRU(32)
    },
    ForecastNetwork(name: "bidirectional", title: "bidirectional GRU", epochs: 40) {
      Bidirectional(GRU(32))
    },
  ]

  /// The network for the windows of a forecast.
  func model(for forecast: TemperatureForecast, seed: UInt64) -> Sequential {
    let model = Sequential(input: [forecast.length, forecast.variableCount], seed: seed) {
      for layer in layers() { layer }
      Dense(1)
    }
    model.compile(optimizer: RMSprop(), loss: .meanAbsoluteError)
    return model
  }

  /// Trains on 500 batches an epoch, and watches all windows to validate with.
  ///
  /// - Parameter past: the epochs that the model has been trained for already.
  func train(
    _ model: Sequential, on forecast: TemperatureForecast, epochs: Int, steps: Int = 500,
    batchSize: Int = 128, seed: UInt64, after past: History = History(), callbacks: [any Callback]
  ) throws -> History {
    let generator = forecast.generator(batchSize: batchSize, seed: seed, reversed: isReversed)
    generator.skip(steps * past.epochs.count)
    let validation = isReversed ? forecast.validation.reversed : forecast.validation
    return try model.fit(
      generator, stepsPerEpoch: steps, epochs: epochs, validation: (validation.x, validation.y),
      resuming: past, callbacks: callbacks)
  }
}
