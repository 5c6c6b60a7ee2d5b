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
    validationError = forecast.error(on: forecast.validation, of: prediction)
    testError = forecast.error(on: forecast.test, of: prediction)
  }

  /// The book's baseline: as warm as in the newest reading.
  static func newest(_ forecast: TemperatureForecast) -> Baseline {
    Baseline("naive", forecast, prediction: forecast.newestTemperature)
  }
}
