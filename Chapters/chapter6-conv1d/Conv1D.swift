// Section 6.4: convolutions over time.
//
// What convolutions find in pictures they find in sequences too: patterns of a few words, wherever they stand, without
// reading one word after another. The network printed in the book lacks the sigmoid at its end. It learns all the same,
// but its accuracy falls while its loss falls. Here it is as printed, and repaired.
//
// Where order matters convolutions do badly, unless a recurrent layer follows: whether a fall of pressure came yesterday
// or nine days ago is all the same to the largest value of each channel. It is not to the weather of tomorrow.

import Datasets
import DeepLearning

// MARK: - 6.4.3 Film reviews

/// The section's convnet for film reviews.
struct ReviewConvnet: Sendable {
  let title: String
  /// None as printed, which is a slip; sigmoid repaired.
  let output: Activation

  static let asPrinted = ReviewConvnet(title: "as printed", output: .linear)
  static let repaired = ReviewConvnet(title: "repaired", output: .sigmoid)

  /// Two convolutions over words as vectors of 128 numbers; 1,315,937 parameters as in the book.
  func model(length: Int = 500, learningRate: Float = 1e-4, seed: UInt64) -> Sequential {
    let model = Sequential(input: [length], seed: seed) {
      Embedding(10_000, 128)
      Conv1D(32, kernel: 7, activation: .relu)
      MaxPooling1D(5)
      Conv1D(32, kernel: 7, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1, activation: output)
    }
    model.compile(
      optimizer: RMSprop(learningRate: learningRate), loss: .binaryCrossEntropy,
      metrics: [.accuracy])
    return model
  }

  /// Trains on the last words of the first four fifths of some reviews, and watches the last fifth.
  func train(
    _ model: Model, on reviews: Reviews, length: Int = 500, epochs: Int = 10, batchSize: Int = 128,
    callbacks: [any Callback]
  ) throws -> History {
    let (partial, held) = reviews.split(at: reviews.count * 4 / 5)
    return try model.fit(
      partial.sequences(length: length), partial.y, epochs: epochs, batchSize: batchSize,
      validation: (held.sequences(length: length), held.y), callbacks: callbacks)
  }
}

// MARK: - 6.4.4 Temperature

/// A network that forecasts temperature, and the windows that it is shown.
struct TemperatureNetwork: Sendable {
  /// For files.
  var name = ""
  let title: String
  /// How far windows reach back, in rows of ten minutes.
  var lookback = 1440
  /// The rows from one reading to the next.
  var step = 6
  /// What comes before the one unit that answers.
  @LayerBuilder let layers: @Sendable () -> [Layer]

  /// Three convolutions and the largest value of each channel: what occurred, but not when; 12,609 parameters.
  static let convolutions = TemperatureNetwork(name: "convolution", title: "convolutions") {
    Conv1D(32, kernel: 5, activation: .relu)
    MaxPooling1D(3)
    Conv1D(32, kernel: 5, activation: .relu)
    MaxPooling1D(3)
    Conv1D(32, kernel: 5, activation: .relu)
    GlobalMaxPooling1D()
  }

  /// Two convolutions that shorten the sequence for a GRU; 13,697 parameters. Half the lookback at half the distance:
  /// 240 readings as before.
  static let convolutionsAndGRU = TemperatureNetwork(
    name: "convolution-gru", title: "convolutions and GRU", lookback: 720, step: 3
  ) {
    Conv1D(32, kernel: 5, activation: .relu)
    MaxPooling1D(3)
    Conv1D(32, kernel: 5, activation: .relu)
    GRU(32, dropout: 0.1, recurrentDropout: 0.5)
  }

  /// The task of section 6.3 with the network's windows.
  ///
  /// - Parameter limit: the most windows to validate and to test with.
  func forecast(_ record: ClimateRecord, limit: Int? = nil) throws -> TemperatureForecast {
    try TemperatureForecast(record, lookback: lookback, step: step, limit: limit)
  }

  /// The network for the windows of a forecast.
  func model(for forecast: TemperatureForecast, seed: UInt64) -> Sequential {
    let model = Sequential(input: [forecast.length, forecast.variableCount], seed: seed) {
      for layer in layers() { layer }
      Dense(1)
    }
    model.compile(optimizer: RMSprop(), loss: .meanAbsoluteError)
    return model
  }

  /// Trains on windows drawn at random, 500 batches of them an epoch.
  func train(
    _ model: Model, on forecast: TemperatureForecast, epochs: Int = 20, steps: Int = 500,
    batchSize: Int = 128, seed: UInt64, callbacks: [any Callback]
  ) throws -> History {
    try model.fit(
      forecast.stream(batchSize: batchSize, seed: seed &+ 1), stepsPerEpoch: steps, epochs: epochs,
      validation: (forecast.validation.x, forecast.validation.y), callbacks: callbacks)
  }
}
