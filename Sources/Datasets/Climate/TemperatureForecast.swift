import DataFiles
import DeepLearning

/// The book's task: from the weather of ten days, an hour between readings, the temperature a day later.
///
/// Windows are those of the book's generator. The window of row r holds the rows r − 1440, r − 1434, ..., r − 6,
/// and its target is the temperature of row r + 144. The newest reading is thus 150 rows or 25 hours older than the
/// target, not 24 hours; and 1440 rows are ten days, though the book's text says 720 and five.
public struct TemperatureForecast: Sendable {
  /// The book's batch; validation and test consist of whole ones.
  static let batchSize = 128

  /// How many rows a window reaches back.
  public let lookback: Int
  /// The rows from one reading in a window to the next.
  public let step: Int
  /// How many rows after the end of its window the target lies.
  public let delay: Int
  /// The record's minutes from one row to the next.
  public let minutesPerRow: Int
  /// All rows, each column with mean 0 and standard deviation 1 over the rows to train on: `[rows, variables]`.
  public let table: Tensor
  /// The temperature of each row, scaled in the same way.
  public let temperatures: [Float]
  /// The mean temperature of the rows to train on, in degrees Celsius.
  public let meanTemperature: Double
  /// The standard deviation of their temperature, in degrees Celsius.
  public let temperatureDeviation: Double
  /// The ends of the windows to train on: any row in these ranges.
  public let trainEnds: [Range<Int>]
  /// Windows to validate with, in order.
  public let validation: ForecastSamples
  /// Windows to test with, in order.
  public let test: ForecastSamples

  /// The readings in a window.
  public var length: Int { lookback / step }
  /// The hours from the newest reading of a window to its target: 25 in the book.
  public var horizon: Double { Double((step + delay) * minutesPerRow) / 60 }
  /// The number of variables in a reading.
  public var variableCount: Int { table.shape[1] }

  /// Prepares the task.
  ///
  /// - Parameters:
  ///   - record: the weather.
  ///   - lookback: how far a window reaches back, in rows of ten minutes as in the book; a record with longer rows
  ///     has fewer of them in the same time.
  ///   - step: the time from one reading to the next, in the same unit.
  ///   - delay: how far after a window its target lies, in the same unit.
  ///   - variables: the columns of the record that a window shows; nil for all.
  ///   - limit: the most windows to validate and to test with, taken at even distances; nil for all.
  /// - Throws: `DataError` if the record is too short for windows of that length, or its temperature never changes.
  public init(
    _ record: ClimateRecord, lookback: Int = 1440, step: Int = 6, delay: Int = 144,
    variables: [Int]? = nil, limit: Int? = nil
  ) throws {
    func rows(_ bookRows: Int) -> Int { max(1, bookRows * 10 / record.minutesPerRow) }
    let (lookback, step, delay) = (rows(lookback), rows(step), rows(delay))
    require(
      lookback % step == 0, "A window of \(lookback) rows cannot have a reading every \(step) rows."
    )
    (self.lookback, self.step, self.delay) = (lookback, step, delay)
    minutesPerRow = record.minutesPerRow

    let scale = Scale(record)
    let columns = variables ?? Array(record.variables.indices)
    let table = scale.applied(to: record.table, columns: columns)
    let temperatures = scale.applied(to: record.table, columns: [record.temperatureColumn]).scalars
    (self.table, self.temperatures) = (table, temperatures)
    meanTemperature = scale.means[record.temperatureColumn]
    temperatureDeviation = scale.deviations[record.temperatureColumn]

    let cuts = zip(record.stretches, record.cuts)
    func samples(_ part: (ClimateRecord.Cut) -> Range<Int>) -> ForecastSamples {
      let ends = cuts.flatMap { stretch, cut in
        Self.orderedEnds(part(cut), in: stretch, lookback: lookback, delay: delay)
      }
      return ForecastSamples(
        TimeSeriesWindows(
          table, ends: Self.thinned(ends, to: limit), length: lookback / step, step: step),
        temperatures, delay: delay)
    }
    trainEnds = cuts.compactMap { stretch, cut in
      let range = Self.ends(cut.train, in: stretch, lookback: lookback, delay: delay)
      return range.isEmpty ? nil : range
    }
    validation = samples(\.validation)
    test = samples(\.test)
    guard !trainEnds.isEmpty, validation.count > 0, test.count > 0 else {
      throw DataError(
        "The weather has too few rows, \(record.count): windows of \(lookback) rows, some of them to "
          + "train, to validate and to test with, need more. \(record.origin.detail)")
    }
    guard scale.changes[record.temperatureColumn] else {
      throw DataError(
        "There is nothing to forecast: the temperature never changes in the rows to train on. "
          + record.origin.detail)
    }
  }

  /// An error in degrees Celsius.
  ///
  /// - Parameter error: a mean absolute error of scaled temperatures.
  public func degrees(_ error: Double) -> Double { error * temperatureDeviation }

  /// Batches for training without end: rows drawn at random, any of them again and again.
  ///
  /// - Parameters:
  ///   - batchSize: the number of windows in a batch.
  ///   - seed: the random seed.
  ///   - reversed: whether time shall run backwards in the windows.
  public func stream(
    batchSize: Int = 128, seed: UInt64, reversed: Bool = false
  ) -> ForecastStream {
    ForecastStream(self, batchSize: batchSize, seed: seed, isReversed: reversed)
  }

  /// Windows that end before the given rows, with their targets.
  public func samples(_ ends: [Int], reversed: Bool = false) -> ForecastSamples {
    ForecastSamples(
      TimeSeriesWindows(table, ends: ends, length: length, step: step, reversed: reversed),
      temperatures,
      delay: delay)
  }

  /// The rows of a part before which a window can end: all of it lies in the part, its target in the stretch.
  private static func ends(
    _ part: Range<Int>, in stretch: Range<Int>, lookback: Int, delay: Int
  ) -> Range<Int> {
    let first = part.lowerBound + lookback
    return first..<max(first, min(part.upperBound, stretch.upperBound - delay - 1))
  }

  /// What the book's generator yields in the book's number of steps, the whole batches that the rows of the part
  /// after its first window would fill.
  ///
  /// Where targets would lie beyond the record, the last of these steps begins from the front again: the book's 930th
  /// step of testing is its first.
  static func orderedEnds(
    _ part: Range<Int>, in stretch: Range<Int>, lookback: Int, delay: Int
  ) -> [Int] {
    let all = ends(part, in: stretch, lookback: lookback, delay: delay)
    guard !all.isEmpty else { return [] }
    let steps = (part.count - lookback) / batchSize
    var ends: [Int] = []
    ends.reserveCapacity(steps * batchSize)
    var position = all.lowerBound
    for _ in 0..<steps {
      if position + batchSize >= all.upperBound { position = all.lowerBound }
      let stop = min(position + batchSize, all.upperBound)
      ends += position..<stop
      position = stop
    }
    return ends
  }

  /// So many of the ends, at even distances.
  private static func thinned(_ ends: [Int], to limit: Int?) -> [Int] {
    guard let limit, limit < ends.count else { return ends }
    return (0..<limit).map { ends[$0 * ends.count / limit] }
  }

  /// Mean and standard deviation of each column over the rows to train on.
  ///
  /// A column that does not change there, or by less than a millionth, which is what rounding leaves, is only shifted.
  private struct Scale {
    let means: [Double]
    let deviations: [Double]
    /// Whether a column changes.
    let changes: [Bool]

    init(_ record: ClimateRecord) {
      let width = record.variables.count
      let rows = record.cuts.map(\.train)
      let count = Double(max(1, rows.reduce(0) { $0 + $1.count }))
      (means, deviations, changes) = record.table.withUnsafeBuffer { table in
        func sums(_ term: (Double, Int) -> Double) -> [Double] {
          var sums = [Double](repeating: 0, count: width)
          for range in rows {
            for row in range {
              for column in 0..<width {
                sums[column] += term(Double(table[row * width + column]), column)
              }
            }
          }
          return sums
        }
        let means = sums { value, _ in value }.map { $0 / count }
        let deviations = sums { value, column in
          (value - means[column]) * (value - means[column])
        }.map { ($0 / count).squareRoot() }
        let changes = zip(means, deviations).map { mean, deviation in
          deviation > 1e-6 * max(1, mean.magnitude)
        }
        return (means, zip(deviations, changes).map { $1 ? $0 : 1 }, changes)
      }
    }

    /// Some columns of a table, shifted and scaled.
    func applied(to table: Tensor, columns: [Int]) -> Tensor {
      let (rows, width) = (table.count, means.count)
      return Tensor(shape: [rows, columns.count]) { target in
        table.withUnsafeBuffer { source in
          var place = 0
          for row in 0..<rows {
            for column in columns {
              let value = Double(source[row * width + column])
              target[place] = Float((value - means[column]) / deviations[column])
              place += 1
            }
          }
        }
      }
    }
  }
}

/// Windows of weather with the temperatures to be forecast.
public struct ForecastSamples: Sendable {
  /// The windows: `[count, readings, variables]`.
  public let x: TimeSeriesWindows
  /// The scaled temperatures that follow them: `[count, 1]`.
  public let y: Tensor

  /// The number of windows.
  public var count: Int { x.count }
  /// The row that follows each window.
  public var ends: [Int] { x.ends }

  /// The same with time running backwards in the windows.
  public var reversed: ForecastSamples {
    ForecastSamples(
      x: TimeSeriesWindows(
        x.table, ends: x.ends, length: x.length, step: x.step, reversed: !x.isReversed), y: y)
  }

  /// Adds the targets to windows.
  init(_ x: TimeSeriesWindows, _ temperatures: [Float], delay: Int) {
    self.init(
      x: x, y: Tensor(x.ends.map { temperatures[$0 + delay] }, shape: [x.count, 1]))
  }

  private init(x: TimeSeriesWindows, y: Tensor) { (self.x, self.y) = (x, y) }
}

/// Batches of windows that end at rows drawn at random, with replacement.
public final class ForecastStream: BatchStream, @unchecked Sendable {
  private let forecast: TemperatureForecast
  private let batchSize: Int
  private let isReversed: Bool
  private let total: Int
  /// Only `nextBatch` and `skip` use it, which are never called at the same time.
  private var random: RandomGenerator

  fileprivate init(
    _ forecast: TemperatureForecast, batchSize: Int, seed: UInt64, isReversed: Bool
  ) {
    require(batchSize > 0, "A batch has at least one window, not \(batchSize).")
    (self.forecast, self.batchSize, self.isReversed) = (forecast, batchSize, isReversed)
    total = forecast.trainEnds.reduce(0) { $0 + $1.count }
    random = RandomGenerator(seed: seed)
  }

  /// Draws a batch.
  public func nextBatch() -> Batch {
    let samples = forecast.samples(drawEnds(), reversed: isReversed)
    return Batch(x: samples.x, y: samples.y)
  }

  /// Passes over batches, as when an earlier run has used them.
  public func skip(_ batches: Int) {
    for _ in 0..<batches { _ = drawEnds() }
  }

  private func drawEnds() -> [Int] {
    (0..<batchSize).map { _ in
      var place = random.below(total)
      for range in forecast.trainEnds {
        if place < range.count { return range.lowerBound + place }
        place -= range.count
      }
      fatalError("There are fewer windows than counted.")
    }
  }
}
