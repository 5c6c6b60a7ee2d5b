import Foundation
import Testing

@testable import Datasets

/// Text in the form of the book's file.
enum ClimateFixture {
  static let heading =
    "\"Date Time\",\"p (mbar)\",\"T (degC)\",\"Tpot (K)\",\"Tdew (degC)\",\"rh (%)\",\"VPmax (mbar)\","
    + "\"VPact (mbar)\",\"VPdef (mbar)\",\"sh (g/kg)\",\"H2OC (mmol/mol)\",\"rho (g/m**3)\","
    + "\"wv (m/s)\",\"max. wv (m/s)\",\"wd (deg)\""
  /// Rows like the first of the station's.
  static let rows = [
    "01.01.2009 00:10:00,996.52,-8.02,265.40,-8.90,93.30,3.33,3.11,0.22,1.94,3.12,1307.75,1.03,1.75,152.30",
    "01.01.2009 00:20:00,996.57,-8.41,265.01,-9.28,93.40,3.23,3.02,0.21,1.89,3.03,1309.80,0.72,1.50,136.10",
    "01.01.2009 00:30:00,996.53,-8.51,264.91,-9.31,93.90,3.21,3.01,0.20,1.88,3.02,1310.24,0.19,0.63,171.60",
  ]

  /// Many rows, ten minutes apart; the number in row r and column c is r + c / 100.
  static func text(rows count: Int, lineEnd: String = "\n") -> String {
    var lines = [heading]
    for row in 0..<count {
      let minute = row * 10
      let date = String(
        format: "%02d.%02d.2009 %02d:%02d:00", minute / 1440 % 28 + 1, minute / 1440 / 28 % 12 + 1,
        minute / 60 % 24, minute % 60)
      lines.append(
        date + (0..<14).map { String(format: ",%.2f", Double(row) + Double($0) / 100) }.joined())
    }
    return lines.joined(separator: lineEnd) + lineEnd
  }
}

@Suite("The Jena table")
struct ClimateTableTests {
  private func record(_ text: String) throws -> ClimateRecord {
    try Climate.record(of: Array(text.utf8), name: "weather.csv")
  }

  private func lines(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

  private let whole = [ClimateFixture.heading] + ClimateFixture.rows

  @Test("Numbers, dates, names and units come out as they stand there")
  func numbers() throws {
    let record = try record(lines(whole))
    #expect(record.count == 3 && record.table.shape == [3, 14])
    #expect(
      record.table.scalars.prefix(14) == [
        996.52, -8.02, 265.40, -8.90, 93.30, 3.33, 3.11, 0.22, 1.94, 3.12, 1307.75, 1.03, 1.75,
        152.30,
      ])
    #expect(record.temperatures == [-8.02, -8.41, -8.51] && record.temperatureColumn == 1)
    // Ten past midnight of the 14,245th day.
    #expect(record.minutes == [20_512_810, 20_512_820, 20_512_830])
    #expect(record.minutesPerRow == 10 && record.stretches == [0..<3])
    #expect(record.variables.map(\.heading)[12] == "max. wv (m/s)")
    #expect(record.origin.kind == .otherContent && !record.origin.detail.contains("jumps"))
  }

  @Test(
    "The same with empty lines at the end, without a last line end, from Windows, with a mark",
    arguments: [
      ("\n", "\n"), ("\n", ""), ("\n", "\n\n\n"), ("\r\n", "\r\n"), ("\r\n", ""), ("\n", "\n \n"),
    ])
  func lineEnds(between: String, after: String) throws {
    let plain = try record(lines(whole))
    let text = whole.joined(separator: between) + after
    for mark in ["", "\u{FEFF}"] {
      let other = try record(mark + text)
      #expect(other.table == plain.table && other.minutes == plain.minutes)
    }
  }

  @Test("A long table, read in parts by several cores, has every row in its place")
  func parts() throws {
    let count = 20_000
    let record = try record(ClimateFixture.text(rows: count))
    #expect(record.count == count)
    let values = record.table.scalars
    let wrong = values.indices.filter { index in
      values[index] != Float(String(format: "%.2f", Double(index / 14) + Double(index % 14) / 100))
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(record.minutes[0] == 20_512_800 && record.minutes[count - 1] > record.minutes[0])
  }

  @Test(
    "Numbers are the nearest to what is written, however it is written",
    arguments: [
      "0.1", "-0.1", "-0", "5.", ".5", "123456789012345.6", "0.1234567890123456789", "1e3",
      "1.5E-2", "16777217", "999999999999999", "3.14159265358979", "-9998.99",
    ])
  func spelling(text: String) throws {
    let row = ClimateFixture.rows[0].replacing(",996.52,", with: ",\(text),")
    let value = try record(lines([ClimateFixture.heading, row])).table.scalars[0]
    #expect(value == Float(Double(text) ?? .nan), "\(text)")
  }

  @Test("Failed measurements are bridged in a straight line, and counted")
  func failures() throws {
    var text = ClimateFixture.text(rows: 6)
    for row in [2, 3, 4] {
      text = text.replacing(String(format: ",%d.11,", row), with: ",-9999.00,")
    }
    text = text.replacing(",0.12,", with: ",-9999,").replacing(",5.13\n", with: ",-9999.0\n")
    let record = try record(text)
    for (value, number) in zip(record.column(11), [0.11, 1.11, 2.11, 3.11, 4.11, 5.11] as [Float]) {
      #expect(abs(value - number) < 1e-5)
    }
    #expect(record.column(12)[0] == 1.12 && record.column(13)[5] == 4.13)
    #expect(record.origin.detail.contains("5 failed measurements"))
    let dead = ClimateFixture.rows.map { $0.replacing(/,[^,]*$/, with: ",-9999") }
    #expect(
      sentence { _ = try self.record(lines([ClimateFixture.heading] + dead)) }
        .contains("no measurement of wd (deg)"))
  }

  @Test("Gaps and repetitions are kept as in the book, and told")
  func jumps() throws {
    var rows = ClimateFixture.text(rows: 300).split(separator: "\n").map(String.init)
    rows.remove(at: 20)
    rows.insert(rows[100], at: 101)
    let record = try record(lines(rows))
    #expect(record.count == 300)
    #expect(record.origin.detail.contains("the clock jumps 2 times."))
  }

  @Test("Rows out of the order of time are refused, but for a few as in the book's file")
  func order() throws {
    let rows = ClimateFixture.text(rows: 400).split(separator: "\n").map(String.init)
    let backwards = [rows[0]] + rows.dropFirst().reversed()
    #expect(
      sentence { _ = try record(lines(backwards)) }.contains(
        "weather.csv is not in the order of time: 399 of its 400 rows"))
    var twice = rows
    twice.insert(contentsOf: rows[100..<120], at: 120)
    #expect(try record(lines(twice)).origin.detail.contains("(1 times back)"))
  }

  @Test("What is wrong in a row is told with row and column")
  func badRows() throws {
    let row = ClimateFixture.rows[1]
    let cases = [
      (row.replacing("-8.41", with: "warm"), "T (degC) is \"warm\""),
      (row.replacing("-8.41", with: ""), "T (degC) is \"\""),
      (row.replacing("-8.41", with: "nan"), "T (degC) is \"nan\""),
      (row.replacing("-8.41", with: "1e400"), "T (degC) is \"1e400\""),
      (row.replacing("-8.41", with: "1e30"), "T (degC) is \"1e30\", which no weather has"),
      (row.replacing("-8.41", with: "-"), "T (degC) is \"-\""),
      (row.replacing("-8.41", with: "1.2.3"), "T (degC) is \"1.2.3\""),
      (row.replacing("-8.41", with: "-8 41"), "T (degC) is \"-8 41\""),
      (row.replacing(",136.10", with: ""), "it has 14 fields, not 15"),
      (row + ",1", "it has more than 15 fields"),
      (row.replacing("136.10", with: "136.10m"), "wd (deg) is \"136.10m\""),
      (row.replacing("01.01.2009", with: "2009-01-01"), "is not a date"),
      (row.replacing("01.01.2009", with: "31.02.2009"), "is not a date"),
      (row.replacing("00:20:00", with: "24:20:00"), "is not a date"),
      (row.replacing("00:20:00", with: "0a:20:00"), "is not a date"),
      ("", "\"\" is not a date"), ("01.01.2009", "is not a date"),
      (",,,,,,,,,,,,,,", "is not a date"),
      ("01.01.2009 00:20:00", "it has 1 fields, not 15"),
    ]
    for (bad, reason) in cases {
      let text = lines([whole[0], whole[1], bad, whole[3]])
      let refusal = sentence { _ = try record(text) }
      #expect(refusal.hasPrefix("weather.csv, row 3: ") && refusal.contains(reason), "\(refusal)")
    }
  }

  @Test("More rows than there can be are refused before they are read, empty or not")
  func tooManyRows() throws {
    let empty = ClimateFixture.heading + String(repeating: "\n", count: 50) + ClimateFixture.rows[0]
    for text in [empty, ClimateFixture.text(rows: 50)] {
      #expect(
        sentence { _ = try Climate.record(of: Array(text.utf8), name: "weather.csv", rowLimit: 49) }
          .contains("weather.csv has 50 rows, more than the 49 expected at most"))
    }
    let whole = Array(ClimateFixture.text(rows: 50).utf8)
    #expect(try Climate.record(of: whole, name: "weather.csv", rowLimit: 50).count == 50)
    let folder = try TemporaryFolder()
    let path = try folder.write(
      storedZip([(Climate.tableFile, whole)]), as: Climate.tableFile + ".zip")
    #expect(
      sentence { _ = try Climate.record(ofArchive: path, limit: 1000) }
        .contains("claims \(whole.count) bytes, more than can be accepted"))
  }

  @Test("In a long table the first bad row is told, by its right number")
  func badRowFarDown() throws {
    var rows = ClimateFixture.text(rows: 9_000).split(separator: "\n").map(String.init)
    rows[8_500] += "x"
    rows[6_000] += "y"
    #expect(sentence { _ = try record(lines(rows)) }.contains("row 6001: wd (deg)"))
  }

  @Test("Other columns are refused, with the name of what is missing")
  func headings() throws {
    let heading = ClimateFixture.heading
    let cases = [
      ("", "no column \"Date Time\""), ("\n\n", "no column \"Date Time\""),
      ("\0\u{1}\u{2}", "no column \"Date Time\""),
      (heading, "no rows"), (heading + "\n\n", "no rows"),
      (heading.replacing("\"T (degC)\",", with: "") + "\n", "no column \"T (degC)\""),
      (heading.replacing("rh (%)", with: "rh") + "\n", "no column \"rh (%)\""),
      (heading + ",\"rain (mm)\"\n" + ClimateFixture.rows[0] + ",0\n", "other columns"),
      (String(repeating: "x,", count: 100_000), "no column"),
    ]
    for (text, reason) in cases {
      let refusal = sentence { _ = try record(text) }
      #expect(refusal.contains("weather.csv") && refusal.contains(reason), "\(refusal)")
      #expect(refusal.utf8.count < 500)
    }
  }

  @Test("A table cut off anywhere is refused or read up to there, without a crash")
  func truncated() throws {
    let text = Array(ClimateFixture.text(rows: 12).utf8)
    for length in 0..<text.count {
      let record = try? Climate.record(of: Array(text[..<length]), name: "weather.csv")
      #expect((record?.count ?? 1) >= 1)
    }
  }

  @Test("Bytes changed at random are refused or read, without a crash")
  func spoiled() throws {
    let text = Array(ClimateFixture.text(rows: 30).utf8)
    var random = SplitMix(state: 6)
    for _ in 0..<2_000 {
      var bytes = text
      for _ in 0..<3 {
        let place = Int(random.fraction() * Double(bytes.count))
        bytes[place] = UInt8(truncatingIfNeeded: random.next())
      }
      if let record = try? Climate.record(of: bytes, name: "weather.csv") {
        let isFinite = record.table.scalars.allSatisfy(\.isFinite)
        #expect(isFinite)
      }
    }
  }

  @Test("Dates are counted as the calendar does")
  func dates() {
    #expect(CivilTime.minutes(1970, 1, 1, hour: 0, minute: 0) == 0)
    #expect(CivilTime.minutes(2000, 2, 29, hour: 12, minute: 30) == 15_863_790)
    #expect(CivilTime.minutes(2016, 12, 31, hour: 23, minute: 50) == 24_720_470)
    #expect(CivilTime.minutes(1969, 12, 31, hour: 23, minute: 59) == -1)
    for (year, month, day) in [(2009, 2, 29), (1900, 2, 29), (2009, 13, 1), (2009, 4, 31)] {
      #expect(CivilTime.minutes(year, month, day, hour: 0, minute: 0) == nil)
    }
  }
}
