import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Windows of weather")
struct ClimateForecastTests {
  /// A record whose temperature in row r is r, and whose other column is its negative.
  private func record(rows: Int, minutesPerRow: Int = 10, stretches: [Range<Int>]? = nil)
    -> ClimateRecord
  {
    let values = (0..<rows).flatMap { [Float($0), -Float($0)] }
    return ClimateRecord(
      DataOrigin(name: "rows", kind: .standIn, detail: "", trainSamples: 0, testSamples: 0),
      [.init(name: "T", unit: "degC"), .init(name: "p", unit: "mbar")],
      Tensor(values, shape: [rows, 2]), minutes: (0..<rows).map { Int32($0 * minutesPerRow) },
      minutesPerRow: minutesPerRow, stretches: stretches ?? [0..<rows])
  }

  /// What the book's generator does without shuffling, step after step, as its listing tells: rows of windows.
  private func generated(
    length: Int, minimum: Int, maximum: Int?, steps: Int, lookback: Int, delay: Int
  ) -> [Int] {
    let bound = maximum ?? length - delay - 1
    var position = minimum + lookback
    var rows: [Int] = []
    for _ in 0..<steps {
      if position + 128 >= bound { position = minimum + lookback }
      var row = position
      while row < min(position + 128, bound) {
        rows.append(row)
        row += 1
      }
      position = row
    }
    return rows
  }

  @Test("With as many rows as the book's file: its cuts, its 769 and 930 steps, its windows")
  func book() throws {
    let forecast = try TemperatureForecast(record(rows: 420_551))
    #expect(forecast.trainEnds == [1440..<200_000])
    #expect(forecast.validation.count == 769 * 128 && forecast.test.count == 930 * 128)
    #expect(
      forecast.validation.ends
        == generated(
          length: 420_551, minimum: 200_001, maximum: 300_000, steps: 769, lookback: 1440,
          delay: 144))
    #expect(
      forecast.test.ends
        == generated(
          length: 420_551, minimum: 300_001, maximum: nil, steps: 930, lookback: 1440, delay: 144))
    #expect(forecast.validation.ends.first == 201_441 && forecast.validation.ends.last == 299_872)
    // The last step starts again from the front.
    #expect(forecast.test.ends[929 * 128] == 301_441)
    #expect(forecast.horizon == 25 && forecast.length == 240 && forecast.variableCount == 2)
  }

  /// The scaled value of row r: the training rows are 0 to n - 1.
  private func scaled(_ row: Int, of count: Int) -> Float {
    let mean = Double(count - 1) / 2
    let deviation = ((Double(count) * Double(count) - 1) / 12).squareRoot()
    return Float((Double(row) - mean) / deviation)
  }

  @Test("A window holds rows r - 1440, r - 1434, ..., r - 6, its target row r + 144, all scaled")
  func windows() throws {
    let forecast = try TemperatureForecast(record(rows: 20_000))
    let trained = forecast.trainEnds[0].upperBound
    #expect(trained == 20_000 * 200_000 / 420_551)
    for samples in [forecast.validation, forecast.test, forecast.samples([1440, 5000, 19_855])] {
      let picked = [0, samples.count / 2, samples.count - 1]
      for index in picked {
        let end = samples.ends[index]
        let window = samples.x[index..<index + 1].tensor
        #expect(window.shape == [1, 240, 2])
        let values = window.scalars
        for reading in 0..<240 {
          let value = scaled(end - 1440 + 6 * reading, of: trained)
          #expect(abs(values[2 * reading] - value) < 1e-4)
          #expect(abs(values[2 * reading + 1] + value) < 1e-4)
        }
        #expect(abs(samples.y.scalars[index] - scaled(end + 144, of: trained)) < 1e-4)
      }
      #expect(samples.y.shape == [samples.count, 1])
    }
    #expect(abs(forecast.meanTemperature - Double(trained - 1) / 2) < 1e-6)
    #expect(abs(forecast.degrees(2) - 2 * forecast.temperatureDeviation) < 1e-9)
  }

  @Test("Reversed windows hold the same readings, the newest first")
  func reversed() throws {
    let forecast = try TemperatureForecast(record(rows: 20_000))
    let (samples, reversed) = (forecast.validation, forecast.validation.reversed)
    let (there, back) = (samples.x[3..<4].tensor.scalars, reversed.x[3..<4].tensor.scalars)
    for reading in 0..<240 {
      #expect(there[2 * reading] == back[2 * (239 - reading)])
    }
    #expect(reversed.y == samples.y && reversed.reversed.x[3..<4].tensor.scalars == there)
  }

  @Test("Training draws any row, again and again, the same with the same seed, and can skip")
  func stream() throws {
    let forecast = try TemperatureForecast(
      record(rows: 18_000, stretches: [0..<6_000, 6_000..<18_000]))
    let ends = forecast.trainEnds
    #expect(ends == [1440..<2853, 7440..<11_706])
    func draws(_ stream: ForecastStream, batches: Int) -> [Int] {
      (0..<batches).flatMap { _ -> [Int] in
        guard case .windows(let windows) = stream.nextBatch().x else { return [] }
        return windows.ends
      }
    }
    let drawn = draws(forecast.stream(batchSize: 64, seed: 3), batches: 200)
    #expect(drawn.count == 12_800 && Set(drawn).count < drawn.count)
    #expect(drawn.allSatisfy { end in ends.contains { $0.contains(end) } })
    // Every row of both stretches with equal chance: 24.9 % in the first.
    let share = Double(drawn.count { $0 < 6_000 }) / 12_800
    #expect(abs(share - 1413.0 / 5679) < 4 * (0.249 * 0.751 / 12_800).squareRoot())
    #expect(drawn == draws(forecast.stream(batchSize: 64, seed: 3), batches: 200))
    #expect(drawn != draws(forecast.stream(batchSize: 64, seed: 4), batches: 200))
    let later = forecast.stream(batchSize: 64, seed: 3)
    later.skip(150)
    #expect(draws(later, batches: 50) == Array(drawn[(150 * 64)...]))

    let batch = forecast.stream(batchSize: 8, seed: 1, reversed: true).nextBatch()
    guard case .windows(let windows) = batch.x, case .dense(let targets) = batch.y else {
      Issue.record("A batch is windows and their targets.")
      return
    }
    #expect(windows.isReversed && windows.count == 8 && targets.shape == [8, 1])
    for (end, target) in zip(windows.ends, targets.scalars) {
      #expect(target == forecast.temperatures[end + 144])
    }
  }

  @Test("Rows of an hour have a sixth of the rows in the same time")
  func hours() throws {
    let forecast = try TemperatureForecast(record(rows: 8_730, minutesPerRow: 60))
    #expect((forecast.lookback, forecast.step, forecast.delay) == (240, 1, 24))
    #expect(forecast.length == 240 && forecast.horizon == 25)
    let conv = try TemperatureForecast(
      record(rows: 8_730, minutesPerRow: 60), lookback: 720, step: 3)
    #expect((conv.lookback, conv.step, conv.length) == (120, 1, 120))
  }

  @Test("No window reaches from one stretch or part into another, no target out of its stretch")
  func stretches() throws {
    let stretches = [0..<9_000, 9_000..<9_100, 9_100..<20_000]
    let record = record(rows: 20_000, stretches: stretches)
    let forecast = try TemperatureForecast(record, lookback: 720, step: 6, delay: 144)
    let parts = [
      (forecast.trainEnds.flatMap { Array($0) }, record.cuts.map(\.train)),
      (forecast.validation.ends, record.cuts.map(\.validation)),
      (forecast.test.ends, record.cuts.map(\.test)),
    ]
    for (ends, ranges) in parts {
      #expect(!ends.isEmpty)
      for end in ends {
        let range = ranges.first { $0.contains(end - 720) }
        let stretch = stretches.first { $0.contains(end - 720) }
        #expect(range?.contains(end - 1) == true && stretch?.contains(end + 144) == true, "\(end)")
      }
    }
    // The short stretch has no window.
    #expect(!forecast.trainEnds.contains { (9_000..<9_100).overlaps($0) })
  }

  @Test("Fewer windows are taken at even distances; fewer variables keep the target")
  func selections() throws {
    let record = record(rows: 30_000)
    let all = try TemperatureForecast(record)
    let few = try TemperatureForecast(record, variables: [1], limit: 10)
    #expect(few.validation.count == 10 && few.variableCount == 1)
    let ends = all.validation.ends
    #expect(few.validation.ends == (0..<10).map { ends[$0 * ends.count / 10] })
    #expect(few.validation.y.scalars == few.validation.ends.map { all.temperatures[$0 + 144] })
    #expect(few.table.scalars == all.temperatures.map { -$0 })
    #expect(few.trainEnds == all.trainEnds)
  }

  @Test("Too few rows are refused, however few", arguments: [1, 3, 1_000, 3_000, 6_000])
  func tooShort(rows: Int) throws {
    let refusal = sentence { _ = try TemperatureForecast(record(rows: rows)) }
    #expect(refusal.contains("too few rows, \(rows)"))
  }

  /// A record of a temperature and a pressure in each row.
  private func record(_ values: [Float]) -> ClimateRecord {
    let rows = values.count / 2
    return ClimateRecord(
      DataOrigin(name: "rows", kind: .standIn, detail: "", trainSamples: 0, testSamples: 0),
      [.init(name: "T", unit: "degC"), .init(name: "p", unit: "mbar")],
      Tensor(values, shape: [rows, 2]), minutes: [Int32](repeating: 0, count: rows),
      minutesPerRow: 10, stretches: [0..<rows])
  }

  @Test("A column that never changes is shifted, not divided by 0", arguments: [7, 0.1, 1e6])
  func constant(value: Float) throws {
    let forecast = try TemperatureForecast(
      record((0..<9_000).flatMap { [Float($0), value] }), lookback: 144)
    let pressures = stride(from: 1, to: 18_000, by: 2).map { forecast.table.scalars[$0] }
    #expect(pressures.allSatisfy { $0.magnitude < 1e-6 })
  }

  @Test("A column that changes only after the rows to train on stays a number")
  func constantAtFirst() throws {
    let forecast = try TemperatureForecast(
      record((0..<9_000).flatMap { [Float($0), $0 < 8_000 ? 0 : 1e15] }), lookback: 144)
    let isFinite = forecast.table.scalars.allSatisfy(\.isFinite)
    #expect(isFinite)
  }

  @Test("Where the temperature never changes there is nothing to forecast")
  func constantTemperature() {
    for temperature: Float in [0, -8.02] {
      let refusal = sentence {
        _ = try TemperatureForecast(
          record((0..<9_000).flatMap { [temperature, Float($0)] }), lookback: 144)
      }
      #expect(refusal.contains("nothing to forecast: the temperature never changes"))
    }
  }
}
