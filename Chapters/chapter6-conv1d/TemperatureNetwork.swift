import Datasets
import DeepLearning

/// One of the section's networks for temperature, or a variation.
struct TemperatureNetwork: Sendable {
  /// What follows upon the readings.
  enum Kind: Sendable {
    /// Three convolutions and the largest of each channel, as in the book: what occurred, but not when.
    case globalMaximum
    /// The same convolutions, all of whose numbers are used: when, too.
    case flatten
    /// Convolutions that see the past alone, each twice as far back as the one before; the last moment is used.
    case causal
    /// Two convolutions that shorten the sequence for a GRU, as in the book.
    case gru
  }

  /// For files.
  var name = ""
  let title: String
  let kind: Kind
  /// How far windows reach back, in rows of ten minutes.
  var lookback = 1440
  /// The rows from one reading to the next.
  var step = 6
  /// The book's lowest and last validation error, and the number of its figure.
  var book: (lowest: Double, last: Double, figure: String)?
  /// The book's error of the naive forecast, for the windows of ten days.
  var bookNaive: Double?

  /// The two of the book. Half the lookback at half the distance: 240 readings in either case.
  static let book = [
    TemperatureNetwork(
      name: "convolution", title: "convolutions", kind: .globalMaximum,
      book: (0.4521, 0.4821, "6.29"), bookNaive: 0.28974),
    TemperatureNetwork(
      name: "convolution-gru", title: "convolutions and GRU", kind: .gru, lookback: 720, step: 3,
      book: (0.273, 0.2952, "6.31")),
  ]

  /// The task with the network's windows.
  ///
  /// - Parameter limit: the most windows to validate and to test with.
  func forecast(_ record: ClimateRecord, limit: Int?) throws -> TemperatureForecast {
    try TemperatureForecast(record, lookback: lookback, step: step, limit: limit)
  }

  /// With 14 variables 12,609 parameters for the book's convolutions, 13,697 with the GRU.
  func model(for forecast: TemperatureForecast, seed: UInt64) -> Sequential {
    let model = Sequential(input: [forecast.length, forecast.variableCount], seed: seed) {
      switch kind {
      case .globalMaximum, .flatten:
        Conv1D(32, kernel: 5, activation: .relu)
        MaxPooling1D(3)
        Conv1D(32, kernel: 5, activation: .relu)
        MaxPooling1D(3)
        Conv1D(32, kernel: 5, activation: .relu)
        if kind == .flatten { Flatten() } else { GlobalMaxPooling1D() }
      case .gru:
        Conv1D(32, kernel: 5, activation: .relu)
        MaxPooling1D(3)
        Conv1D(32, kernel: 5, activation: .relu)
        GRU(32, dropout: 0.1, recurrentDropout: 0.5)
      case .causal:
        for dilation in [1, 2, 4, 8, 16, 32, 64, 128] {
          Conv1D(32, kernel: 2, padding: .causal, dilation: dilation, activation: .relu)
        }
        LastTimeStep()
      }
      Dense(1)
    }
    model.compile(optimizer: RMSprop(), loss: .meanAbsoluteError)
    return model
  }
}
