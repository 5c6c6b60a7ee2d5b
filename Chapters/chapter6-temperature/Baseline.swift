import Datasets

/// A forecast that needs no training.
struct Baseline: Sendable {
  let name: String
  /// Mean absolute errors of scaled temperatures.
  let validationError: Double
  let testError: Double

  /// - Parameter prediction: the forecast for the window that ends at a row.
  init(_ name: String, _ forecast: TemperatureForecast, prediction: (_ end: Int) -> Double) {
    self.name = name
    func error(_ samples: ForecastSamples) -> Double {
      let errors = zip(samples.ends, samples.y.scalars).map { end, target in
        (prediction(end) - Double(target)).magnitude
      }
      return errors.reduce(0, +) / Double(errors.count)
    }
    validationError = error(forecast.validation)
    testError = error(forecast.test)
  }

  /// The book's baseline: as warm as in the newest reading.
  static func newest(_ forecast: TemperatureForecast) -> Baseline {
    Baseline("naive", forecast) { Double(forecast.temperatures[$0 - forecast.step]) }
  }
}
