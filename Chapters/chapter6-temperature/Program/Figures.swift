import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery

extension Chapter6Temperature {
  /// The naive forecast's errors.
  func report(_ naive: Baseline, _ run: ChapterRun) {
    run.result(
      "naive: validation MAE", book: 0.28974, here: naive.validationError, better: .lower)
    run.result("naive: test MAE", here: naive.testError, better: .lower)
  }

  /// All networks beside the naive forecast, and what the best of them says of some days.
  func compare(
    _ outcomes: [ForecastOutcome], _ naive: Baseline, _ record: ClimateRecord,
    _ forecast: TemperatureForecast, _ run: ChapterRun
  ) {
    var table = ResultTable(
      "forecast", "parameters", "seconds per epoch", "best epoch", "validation MAE (°C)",
      "test MAE (°C)", "with the last weights", "better than naive")
    func degrees(_ error: Double) -> String { run.text(forecast.degrees(error)) }
    table.add([
      "naive", "0", "", "", degrees(naive.validationError), degrees(naive.testError),
    ])
    for outcome in outcomes {
      let seconds = outcome.history.seconds
      table.add([
        outcome.network.title, "\(outcome.model.parameterCount)",
        String(format: "%.1f", seconds.reduce(0, +) / Double(max(seconds.count, 1))),
        "\(outcome.bestEpoch)", degrees(Double(outcome.validationError)),
        degrees(Double(outcome.testError)), degrees(Double(outcome.lastTestError)),
        String(format: "%.1f%%", 100 * (1 - Double(outcome.testError) / naive.testError)),
      ])
    }
    run.add(table, titled: "Errors in degrees Celsius")
    run.add(
      Figure(
        title: "Mean error of each forecast", x: "",
        y: "Mean absolute error (°C)", names: ["naive"] + outcomes.map(\.network.title), width: 900
      ) {
        Bars(
          [forecast.degrees(naive.validationError)]
            + outcomes.map { forecast.degrees(Double($0.validationError)) },
          "Validation, best epoch")
        Bars(
          [forecast.degrees(naive.testError)]
            + outcomes.map { forecast.degrees(Double($0.testError)) },
          "Test, weights of the best epoch")
      }, as: "comparison")

    guard let best = outcomes.min(by: { $0.validationError < $1.validationError }) else { return }
    draw(best, record, forecast, run)
    run.note("The best in validation is the \(best.network.title): its error in testing counts.")
    run.result(
      "test MAE", here: forecast.degrees(Double(best.testError)), unit: "°C", better: .lower)
  }

  /// Ten days of the test period, as they were and as they were foretold.
  private func draw(
    _ outcome: ForecastOutcome, _ record: ClimateRecord, _ forecast: TemperatureForecast,
    _ run: ChapterRun
  ) {
    let ends = daysOfTesting(record, forecast)
    let samples = forecast.samples(ends, reversed: outcome.network.isReversed)
    func degrees(_ scaled: Float) -> Double {
      forecast.meanTemperature + Double(scaled) * forecast.temperatureDeviation
    }
    let hours = Double(forecast.step * record.minutesPerRow) / 60
    let days = ends.indices.map { Double($0) * hours / 24 }
    run.add(
      Figure(
        title: "Some days of the test period, forecast \(Int(forecast.horizon)) hours ahead",
        x: "Day", y: "Temperature (°C)", width: 900
      ) {
        Line(
          ends.map { degrees(forecast.temperatures[$0 - forecast.step]) }, "Naive forecast",
          at: days, dashed: true, color: .gray)
        Line(samples.y.scalars.map(degrees), "Measured", at: days, color: .blue)
        Line(
          outcome.model.predict(samples.x).scalars.map(degrees),
          "Forecast of the \(outcome.network.title)", at: days, color: .vermilion)
      }, as: "forecast")
  }

  /// The ends of windows an hour apart, ten days of them if there are so many, from the middle of the test period.
  private func daysOfTesting(_ record: ClimateRecord, _ forecast: TemperatureForecast) -> [Int] {
    let first = record.cuts[0].test.lowerBound + forecast.lookback
    let last = record.stretches[0].upperBound - forecast.delay - 1
    let count = max(1, min(240, (last - first) / forecast.step))
    let start = first + max(0, (last - first - count * forecast.step) / 2)
    return (0..<count).map { start + $0 * forecast.step }
  }
}

extension ChapterRun {
  /// A number in a sentence or a table.
  func text(_ value: Double) -> String { ResultTable.number(value) }
}
