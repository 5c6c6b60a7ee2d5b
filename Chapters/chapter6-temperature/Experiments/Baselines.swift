import Datasets
import Gallery

extension Experiments {
  /// Forecasts without any training: what "as warm as now" and "as warm as yesterday" come to.
  func compareBaselines(_ forecast: TemperatureForecast, _ run: ChapterRun) {
    let temperatures = forecast.temperatures
    let perDay = forecast.delay / forecast.step
    func meanOfLastDay(_ end: Int) -> Double {
      Statistics.mean((1...perDay).map { Double(temperatures[end - $0 * forecast.step]) })
    }
    let baselines = [
      forecast.baseline(
        "the newest reading, \(Int(forecast.horizon)) h before (book)",
        prediction: forecast.newestTemperature),
      forecast.baseline("now, 24 h before, which no window shows") { Double(temperatures[$0]) },
      forecast.baseline("the newest reading at the same hour of the day, 48 h before") {
        Double(temperatures[$0 - forecast.delay])
      },
      forecast.baseline("the mean of the last day", prediction: meanOfLastDay),
      forecast.baseline("half newest reading, half mean of the last day") {
        (forecast.newestTemperature($0) + meanOfLastDay($0)) / 2
      },
      forecast.baseline("always the mean of the training rows") { _ in 0 },
    ]
    var table = ResultTable("as warm as", "validation MAE", "°C", "test MAE", "°C")
    for baseline in baselines {
      let errors = [baseline.validationError, baseline.testError]
      table.add(
        [baseline.name] + errors.flatMap { [run.text($0), run.text(forecast.degrees($0))] })
    }
    run.add(table, titled: "Forecasts without training")
  }

  /// Does it take a network at all? Linear regression, solved with several penalties.
  func solveLinear(_ forecast: TemperatureForecast, _ run: ChapterRun) {
    let batches = options.quick ? 2 : 80
    let regression = RidgeRegression.fitted(
      to: forecast.generator(batchSize: 500, seed: options.seed), batches: batches)
    var table = ResultTable("penalty", "validation MAE", "°C", "test MAE", "°C")
    for penalty: Float in [0.001, 0.01, 0.1, 1] {
      let weights = regression.weights(penalty: penalty)
      let errors = [forecast.validation, forecast.test].map {
        regression.error(of: weights, on: $0)
      }
      table.add(
        ["\(penalty)"] + errors.flatMap { [run.text($0), run.text(forecast.degrees($0))] })
    }
    run.add(table, titled: "Linear regression on \(500 * batches) windows, solved")
  }
}
