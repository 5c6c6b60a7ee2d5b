import DataFiles
import Foundation

/// The hours of one airport, those without a row among them.
struct MirrorSeries {
  /// Row by row; not a number where a measurement is missing.
  private(set) var values: [Float] = []
  /// The hour of each row, counted from the beginning of 1970.
  private(set) var hours: [Int32] = []
  /// Rows that follow one another.
  private(set) var stretches: [Range<Int>] = []
  /// How many rows were put in for hours without any.
  private(set) var missingHours = 0

  /// Adds a row; false if it is not later than the one before.
  ///
  /// - Parameter longestGap: a gap of more hours ends a stretch, a shorter one is filled with rows without numbers.
  mutating func append(_ hour: Int32, _ row: [Float], longestGap: Int) -> Bool {
    guard let last = hours.last, let stretch = stretches.last else {
      add(hour, row)
      stretches = [0..<1]
      return true
    }
    guard hour > last else { return false }
    let gap = Int(hour - last) - 1
    if gap > longestGap {
      add(hour, row)
      stretches.append(hours.count - 1..<hours.count)
      return true
    }
    for missing in 0..<Int32(gap) {
      add(last + 1 + missing, [Float](repeating: .nan, count: row.count))
    }
    missingHours += gap
    add(hour, row)
    stretches[stretches.count - 1] = stretch.lowerBound..<hours.count
    return true
  }

  private mutating func add(_ hour: Int32, _ row: [Float]) {
    hours.append(hour)
    values += row
  }
}

/// Where the mirror's columns stand, and what their fields mean.
struct MirrorColumns {
  private let places: [String: Int]
  private static let names = [
    "origin", "time_hour", "temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure",
    "visib",
  ]

  /// Reads the heading.
  init(_ table: CSVReader, name: String) throws {
    guard try table.next() else { throw DataError("\(name) is empty; fetch it again.") }
    var places = [String: Int]()
    for index in 0..<table.fieldCount where places[table.string(index)] == nil {
      places[table.string(index)] = index
    }
    for column in Self.names where places[column] == nil {
      throw DataError("\(name) has no column \"\(column)\"; fetch it again.")
    }
    self.places = places
  }

  /// The current row: airport, hour, and measurements in the units of ``Climate/mirrorVariables``.
  func row(
    of table: CSVReader, name: String
  ) throws -> (airport: String, hour: Int32, values: [Float]) {
    func damaged(_ reason: String) -> DataError {
      DataError("\(name), row \(table.row): \(reason); fetch it again.")
    }
    func text(_ column: String) throws -> String {
      guard let place = places[column], place < table.fieldCount else {
        throw damaged("it has only \(table.fieldCount) fields")
      }
      return table.string(place)
    }
    func number(_ column: String) throws -> Float {
      let text = try text(column)
      if text.isEmpty || text == "NA" { return .nan }
      guard let value = Float(text), value.isFinite else {
        throw damaged("\(column) is \"\(text.prefix(24))\", which is not a number")
      }
      guard value.magnitude <= Climate.largestMeasurement else {
        throw damaged("\(column) is \"\(text.prefix(24))\", which no weather has")
      }
      return value
    }
    let time = try text("time_hour")
    guard let hour = Self.hour(time) else {
      throw damaged("\"\(time.prefix(24))\" is not an hour such as 2013-01-01T06:00:00Z")
    }
    var speed = try number("wind_speed") * 0.44704
    // One row has a wind of 1048 miles per hour.
    if speed > 100 || speed < 0 { speed = .nan }
    let direction = try number("wind_dir") * .pi / 180
    let parts = speed == 0 ? (0, 0) : Self.parts(speed, direction)
    let values = [
      try number("pressure"), (try number("temp") - 32) / 1.8, (try number("dewp") - 32) / 1.8,
      try number("humid"), speed, parts.0, parts.1, try number("precip") * 25.4,
      try number("visib") * 1.609344,
    ]
    return (try text("origin"), hour, values)
  }

  /// A wind as two numbers without the leap from 360 degrees to 0.
  private static func parts(_ speed: Float, _ direction: Float) -> (Float, Float) {
    (speed * sin(direction), speed * cos(direction))
  }

  /// The hour of `2013-01-01T06:00:00Z`, counted from the beginning of 1970.
  private static func hour(_ text: String) -> Int32? {
    let parts = text.split(whereSeparator: { "-T:Z ".contains($0) }).map { Int($0) }
    guard parts.count == 6, let year = parts[0], let month = parts[1], let day = parts[2],
      let hour = parts[3], parts[4] == 0, parts[5] == 0,
      let minutes = CivilTime.minutes(year, month, day, hour: hour, minute: 0)
    else { return nil }
    return minutes / 60
  }
}
