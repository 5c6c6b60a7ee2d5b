import DataFiles
import DeepLearning

/// The book's file: eight years of the weather station of the Max Planck Institute for Biogeochemistry in Jena.
extension Climate {
  /// What stands for a measurement that failed.
  static let failedMeasurement: Float = -9999
  /// The most bytes that the table may have; the book's has 43 million.
  static let tableLimit = 1 << 27
  /// The most rows that the table may have, twenty years of them; the book's has 420,551.
  static let tableRowLimit = 1 << 20

  /// Reads `jena_climate_2009_2016.csv`.
  static func record(ofTable path: String) throws -> ClimateRecord {
    try record(of: InputFile(path: path).readAll(limit: tableLimit), name: path)
  }

  /// Reads `jena_climate_2009_2016.csv.zip`.
  static func record(ofArchive path: String, limit: Int = tableLimit) throws -> ClimateRecord {
    let archive = try ZipArchive(path: path)
    // Archives made on a Mac hold a second file of that name, with a dot and an underscore in front.
    let member = archive.members.first {
      $0.name == tableFile || $0.name.hasSuffix("/" + tableFile)
    }
    guard let member else {
      throw DataError("\(path) has no member \(tableFile); fetch it again.")
    }
    return try record(
      of: archive.contents(of: member, limit: limit), name: "\(path): member \(member.name)")
  }

  /// Reads the text of the table.
  static func record(
    of text: [UInt8], name: String, rowLimit: Int = tableRowLimit
  ) throws -> ClimateRecord {
    var (values, minutes) = try ClimateText(text, name: name).rows(limit: rowLimit)
    let jumps = Jumps(minutes)
    // The book's file has a handful of such places; a shuffled table has them everywhere.
    guard jumps.backward <= minutes.count / 100 else {
      throw DataError(
        "\(name) is not in the order of time: \(jumps.backward) of its \(minutes.count) rows are "
          + "older than the row before; sort them by date.")
    }
    let failures = try Gaps.fill(
      &values, columns: variables.map(\.heading), in: [0..<minutes.count], name: name)
    let table = Tensor(values, shape: [minutes.count, variables.count])
    var detail = "\(minutes.count) rows of ten minutes from the weather station in Jena."
    if jumps.total > 0 {
      detail +=
        " As in the book rows count as neighbours though the clock jumps \(jumps.total) times"
        + (jumps.backward > 0 ? " (\(jumps.backward) times back)." : ".")
    }
    if failures > 0 {
      detail += " \(failures) failed measurements (−9999) are interpolated."
    }
    return ClimateRecord(
      DataOrigin(
        name: self.name, kind: .otherContent, detail: detail, trainSamples: 0, testSamples: 0),
      variables, table, minutes: minutes, minutesPerRow: 10, stretches: [0..<minutes.count])
  }

  /// Where the clock does not go ahead by ten minutes.
  private struct Jumps {
    var total = 0
    var backward = 0

    init(_ minutes: [Int32]) {
      for (before, after) in zip(minutes, minutes.dropFirst()) where after != before + 10 {
        total += 1
        if after < before { backward += 1 }
      }
    }
  }
}
