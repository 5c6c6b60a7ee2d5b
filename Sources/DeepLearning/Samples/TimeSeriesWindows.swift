/// Windows over a long table of measurements, such as ten days of weather before each hour.
///
/// The windows overlap, so that written out they would take hundreds of times the room of the table; they are
/// gathered batch by batch.
public struct TimeSeriesWindows: Sendable {
  /// The measurements, `[rows, features]`.
  public let table: Tensor
  /// For each sample the row that follows its window.
  public let ends: [Int]
  /// The number of time steps in a window.
  public let length: Int
  /// The number of rows from one time step to the next.
  public let step: Int
  /// Whether time runs backwards in the samples.
  public let isReversed: Bool

  /// Creates windows over a table.
  ///
  /// The window of a sample consists of the rows `end - length · step`, `end - (length - 1) · step`, ...,
  /// `end - step`: its newest row lies one step before `end`.
  ///
  /// - Parameters:
  ///   - table: `[rows, features]`
  ///   - ends: for each sample the row that follows its window; at least `length · step`, at most the number
  ///     of rows.
  ///   - length: the number of time steps in a window.
  ///   - step: the number of rows from one time step to the next.
  ///   - reversed: whether time shall run backwards in the samples.
  public init(_ table: Tensor, ends: [Int], length: Int, step: Int = 1, reversed: Bool = false) {
    require(
      table.rank == 2, "Windows are taken of a table [rows, features], not of shape \(table.shape)."
    )
    require(
      length > 0 && step > 0,
      "A window has a length and a step of at least 1, not \(length) and \(step).")
    for end in ends where end < length * step || end > table.count {
      fail(
        "A window of \(length) steps of \(step) rows cannot end before row \(end) of a table of \(table.count) rows. Ends run from \(length * step) to \(table.count)."
      )
    }
    self.table = table.detached
    (self.ends, self.length, self.step, isReversed) = (ends, length, step, reversed)
  }

  private init(_ source: TimeSeriesWindows, ends: [Int]) {
    (table, length, step, isReversed) =
      (source.table, source.length, source.step, source.isReversed)
    self.ends = ends
  }

  /// The number of samples.
  public var count: Int { ends.count }
  /// `[samples, length, features]`
  public var shape: Shape { [count, length, table.shape[1]] }

  /// The samples of a range.
  public subscript(range: Range<Int>) -> TimeSeriesWindows {
    TimeSeriesWindows(self, ends: Array(ends[range]))
  }

  /// All samples written out.
  public var tensor: Tensor { gathering(Array(0..<count)[...]) }

  /// The samples with the given numbers, in that order, written out.
  func gathering(_ rows: ArraySlice<Int>) -> Tensor {
    let features = table.shape[1]
    let ends = rows.map { self.ends[$0] }
    return Tensor(shape: [ends.count, length, features]) { target in
      guard let target = target.baseAddress else { return }
      let (source, stride) = (table.pointer, isReversed ? -step : step)
      Parallel.ranges(ends.count, grain: max(32_768 / max(length * features, 1), 1), alignment: 1) {
        for sample in $0 {
          var row = isReversed ? ends[sample] - step : ends[sample] - length * step
          var place = target + sample * length * features
          for _ in 0..<length {
            place.update(from: source + row * features, count: features)
            place += features
            row += stride
          }
        }
      }
      withExtendedLifetime(table) {}
    }
  }
}

extension TimeSeriesWindows: SamplesConvertible {
  /// One window a sample.
  public var samples: Samples { .windows(self) }
}
