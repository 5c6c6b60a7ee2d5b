import DeepLearning

/// Forecasts that need no training.
extension TemperatureForecast {
  /// The scaled temperature of the newest reading in the window that ends at a row.
  public func newestTemperature(_ end: Int) -> Double { Double(temperatures[end - step]) }

  /// The mean absolute error, in scaled temperatures, of a forecast that is computed from the row at which a window
  /// ends.
  public func error(
    on samples: ForecastSamples, of prediction: (_ end: Int) -> Double
  ) -> Double {
    let errors = zip(samples.ends, samples.y.scalars).map { end, target in
      (prediction(end) - Double(target)).magnitude
    }
    return errors.reduce(0, +) / Double(errors.count)
  }

  /// The error of the book's naive forecast, that it will be as warm as in the newest reading.
  public func naiveError(on samples: ForecastSamples) -> Double {
    error(on: samples, of: newestTemperature)
  }
}
