import DataFiles
import DeepLearning

/// Measurements of the weather, one row after another at a steady pace.
public struct ClimateRecord: Sendable {
  /// A thing that is measured.
  public struct Variable: Equatable, Sendable {
    /// A short name, such as `T`.
    public let name: String
    /// What it is measured in, such as `degC`.
    public let unit: String
    /// Name and unit as the book's file has them: `T (degC)`.
    public var heading: String { "\(name) (\(unit))" }
  }

  /// Where the data comes from.
  public internal(set) var origin: DataOrigin
  /// What the columns of ``table`` are.
  public let variables: [Variable]
  /// The measurements as they were made, not scaled: `[rows, variables]`.
  public let table: Tensor
  /// When each row was measured, in minutes since the beginning of 1970.
  public let minutes: [Int32]
  /// The time from one row to the next: 10, or 60 in the mirror.
  public let minutesPerRow: Int
  /// Rows that follow one another in time; a window never reaches from one stretch into another.
  public let stretches: [Range<Int>]

  /// The number of rows.
  public var count: Int { table.count }
  /// The column with the air's temperature in degrees Celsius.
  public var temperatureColumn: Int { variables.firstIndex { $0.name == "T" } ?? 0 }

  /// The air's temperature in degrees Celsius, one for each row.
  public var temperatures: [Float] { column(temperatureColumn) }

  /// One of the columns.
  public func column(_ index: Int) -> [Float] {
    guard variables.indices.contains(index) else {
      fatalError("There is no column \(index): the record has \(variables.count).")
    }
    let width = variables.count
    return table.withUnsafeBuffer { table in
      stride(from: index, to: table.count, by: width).map { table[$0] }
    }
  }

  /// When each row was measured, in years: 2009.5 is the middle of 2009.
  public var years: [Double] {
    minutes.map { 1970 + Double($0) / (365.2425 * 24 * 60) }
  }

  /// How the rows of a stretch are used.
  public struct Cut: Equatable, Sendable {
    /// Rows to train on.
    public let train: Range<Int>
    /// Rows to validate with; one row after those to train on is left out, as in the book.
    public let validation: Range<Int>
    /// Rows to test with; again a row is left out.
    public let test: Range<Int>

    /// Cuts a stretch as the book cuts 420,551 rows: at 200,000 and at 300,000, or in proportion.
    init(_ stretch: Range<Int>) {
      let rows = stretch.count
      let first = stretch.lowerBound + rows * 200_000 / Climate.bookRows
      let second = stretch.lowerBound + rows * 300_000 / Climate.bookRows
      train = stretch.lowerBound..<first
      validation = min(first + 1, second)..<second
      test = min(second + 1, stretch.upperBound)..<stretch.upperBound
    }
  }

  /// How the rows are used, stretch by stretch.
  public var cuts: [Cut] { stretches.map(Cut.init) }

  /// Collects a record and counts its samples.
  init(
    _ origin: DataOrigin, _ variables: [Variable], _ table: Tensor, minutes: [Int32],
    minutesPerRow: Int, stretches: [Range<Int>]
  ) {
    (self.variables, self.table, self.minutes) = (variables, table, minutes)
    (self.minutesPerRow, self.stretches) = (minutesPerRow, stretches)
    let cuts = stretches.map(Cut.init)
    var origin = origin
    origin.trainSamples = cuts.reduce(0) { $0 + $1.train.count }
    origin.testSamples = cuts.reduce(0) { $0 + $1.test.count }
    self.origin = origin
  }
}

extension Climate {
  /// The rows of the book's file.
  public static let bookRows = 420_551

  /// The columns of the book's file, after the date.
  static let variables: [ClimateRecord.Variable] = [
    .init(name: "p", unit: "mbar"), .init(name: "T", unit: "degC"),
    .init(name: "Tpot", unit: "K"), .init(name: "Tdew", unit: "degC"),
    .init(name: "rh", unit: "%"), .init(name: "VPmax", unit: "mbar"),
    .init(name: "VPact", unit: "mbar"), .init(name: "VPdef", unit: "mbar"),
    .init(name: "sh", unit: "g/kg"), .init(name: "H2OC", unit: "mmol/mol"),
    .init(name: "rho", unit: "g/m**3"), .init(name: "wv", unit: "m/s"),
    .init(name: "max. wv", unit: "m/s"), .init(name: "wd", unit: "deg"),
  ]
}
