import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

@main
struct Chapter6Temperature: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter6-temperature", "Forecast temperature with recurrent networks (book section 6.3).",
    discussion: """
      Trains the book's six networks (dense, gru, dropout, stacked, reversed, bidirectional) for \
      20 or 40 epochs each, beside the naive forecast that nothing changes, and tests them, as the \
      book does not. Each epoch is kept: --resume goes on where training stopped, and finished \
      networks are not trained again.
      """,
    results: "Figures, weights and a report", subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions
  @OptionGroup var variantOptions: VariantOptions

  @Flag(help: "Go on where an earlier run with the same flags was stopped.")
  var resume = false

  private func networks() throws -> [ForecastNetwork] {
    try variantOptions.chosen(from: ForecastNetwork.book, name: \.name)
  }

  func validate() throws {
    try options.checkWindows()
  }

  func run() throws {
    // Not in validate(), which is asked before a subcommand's, whose --only names other things.
    let networks = try self.networks()
    let run = try ChapterRun(
      "chapter6-temperature", section: "6.3", title: "forecasting temperature", options)
    let record = try run.loadClimate()
    let forecast = try TemperatureForecast(record, limit: options.quick ? 1_000 : nil)
    run.note(
      "A window holds \(forecast.length) readings; the newest is \(Int(forecast.horizon)) hours older "
        + "than the temperature to forecast, and 1.0 is \(run.text(forecast.temperatureDeviation)) °C."
    )
    draw(record, run)

    let naive = forecast.naiveBaseline()
    report(naive, run)
    let trainings = try networks.map { network in
      try ResumableTraining(
        network.name, titled: network.title, monitor: "val_loss", keepsFinished: true,
        batchSize: options.batchSize(book: 128), resume: resume, in: run)
    }
    let training = ForecastTraining(forecast: forecast, naive: naive, run: run)
    var outcomes: [ForecastOutcome] = []
    for (network, files) in zip(networks, trainings) where !run.isInterrupted {
      if let outcome = try training.outcome(of: network, files) { outcomes.append(outcome) }
    }
    if !run.isInterrupted { compare(outcomes, naive, record, forecast, run) }
    try run.finish()
  }

  /// The book's two pictures of the data: all of it, and the first ten days.
  private func draw(_ record: ClimateRecord, _ run: ChapterRun) {
    let stretch = record.stretches[0]
    let temperatures = Array(record.temperatures[stretch])
    let years = record.years[stretch]
    let beginning = (years.first ?? 0).rounded(.down)
    run.add(
      Figure(
        title: "Temperature over the whole period",
        x: "Years since the beginning of \(Int(beginning))", y: "Temperature (°C)"
      ) {
        Line(temperatures, at: years.map { $0 - beginning })
      }, as: "temperature", book: "6.18")
    let perDay = 24 * 60 / record.minutesPerRow
    let first = temperatures.prefix(10 * perDay)
    run.add(
      Figure(
        title: "Temperature over the first ten days", x: "Day", y: "Temperature (°C)"
      ) {
        Line(first, at: first.indices.map { Double($0) / Double(perDay) })
      }, as: "ten-days", book: "6.19")
  }
}
