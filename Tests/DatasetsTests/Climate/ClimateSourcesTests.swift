import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Where the climate comes from")
struct ClimateSourcesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load() throws -> ClimateRecord {
    try Climate.load(
      from: DataLocation(folder: folder.path, environment: [:], start: "/"), offline: true,
      report: { _ in })
  }

  @Test("The table, the same in an archive, the package, and failing all that a stand-in")
  func order() throws {
    let standIn = try load()
    #expect(standIn.origin.kind == .standIn && standIn.count == 420_551)
    #expect(standIn.origin.trainSamples == 200_000 && standIn.origin.testSamples == 120_550)
    try folder.write(package(weather()), as: Climate.packageFile)
    #expect(try load().origin.kind == .mirror)
    let text = Array(ClimateFixture.text(rows: 40).utf8)
    try folder.write(
      storedZip([("__MACOSX/._" + Climate.tableFile, [1]), (Climate.tableFile, text)]),
      as: Climate.tableFile + ".zip")
    let archived = try load()
    #expect(archived.origin.kind == .otherContent && archived.count == 40)
    try folder.write(ClimateFixture.text(rows: 30), as: Climate.tableFile)
    #expect(try load().count == 30)
    #expect(try folder.names().count == 3)
  }

  @Test("What is there but no good is refused by name, not replaced by a stand-in")
  func refused() throws {
    let name = try folder.write("<html>", as: Climate.tableFile + ".zip")
    #expect(sentence { _ = try load() }.contains(name))
    try folder.write(storedZip([("other.csv", [1])]), as: Climate.tableFile + ".zip")
    #expect(sentence { _ = try load() }.contains("no member jena_climate_2009_2016.csv"))
    var spoiled = storedZip([(Climate.tableFile, Array(ClimateFixture.text(rows: 5).utf8))])
    spoiled[400] ^= 1
    try folder.write(spoiled, as: Climate.tableFile + ".zip")
    #expect(sentence { _ = try load() }.contains("check sum"))
    let table = try folder.write("", as: Climate.tableFile)
    #expect(sentence { _ = try load() }.contains(table))
  }

  @Test("A package that is no archive, or lacks the table, is refused by name")
  func badPackages() throws {
    let path = try folder.write("no archive", as: Climate.packageFile)
    #expect(sentence { _ = try load() }.contains(path))
    try folder.write(package(weather(), member: "else.csv"), as: Climate.packageFile)
    #expect(sentence { _ = try load() }.contains("no member " + Climate.mirrorMember))
  }

  // MARK: The mirror's table

  static let heading =
    "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,"
    + "time_hour"

  /// A row of the mirror's table.
  static func row(
    _ airport: String, hour: Int, temp: String = "50", direction: String = "90",
    speed: String = "10", pressure: String = "1012"
  ) -> String {
    let time = String(format: "2013-01-%02dT%02d:00:00Z", hour / 24 + 1, hour % 24)
    return "\(airport),2013,1,1,1,\(temp),32,50,\(direction),\(speed),NA,0.1,\(pressure),10,\(time)"
  }

  private func weather() -> String {
    ([Self.heading] + (0..<30).map { Self.row("JFK", hour: $0) }).joined(separator: "\n") + "\n"
  }

  /// A tape archive with the table in it.
  private func package(_ text: String, member: String = Climate.mirrorMember) -> [UInt8] {
    let bytes = Array(text.utf8)
    func field(_ text: String, _ width: Int) -> [UInt8] {
      Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
    }
    var header = field(member, 100) + field("0000644\0", 8) + field("0", 8) + field("0", 8)
    header += field(String(bytes.count, radix: 8), 12) + field("0", 12)
    header += Array("        ".utf8) + Array("0".utf8)
    header += [UInt8](repeating: 0, count: 512 - header.count)
    let sum = header.reduce(0) { $0 + Int($1) }
    header.replaceSubrange(148..<156, with: field(String(sum, radix: 8), 8))
    return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512 + 1024)
  }

  private func mirror(_ rows: [String], heading: String = heading) throws -> ClimateRecord {
    let text = ([heading] + rows).joined(separator: "\n") + "\n"
    return try Climate.record(
      ofMirror: CSVReader(MemoryStream(Array(text.utf8), name: "w.csv")), name: "w.csv")
  }

  @Test("Units become the book's; airports come one after another")
  func units() throws {
    let record = try mirror([
      Self.row("LGA", hour: 0, direction: "180"), Self.row("EWR", hour: 5),
      Self.row("EWR", hour: 6, temp: "32", direction: "360"), Self.row("LGA", hour: 1, speed: "0"),
    ])
    #expect(record.count == 4 && record.stretches == [0..<2, 2..<4] && record.minutesPerRow == 60)
    // The sixth hour of the 15,706th day.
    #expect(record.minutes[0] == 22_616_940 && record.minutes[1] == 22_617_000)
    let expected: [Float] = [1012, 10, 0, 50, 4.4704, 4.4704, 0, 2.54, 16.09344]
    for (value, number) in zip(record.table.scalars.prefix(9), expected) {
      #expect(abs(value - number) < 1e-4)
    }
    #expect(record.temperatures == [10, 0, 10, 10])
    let north = record.column(6)
    #expect(abs(north[1] - 4.4704) < 1e-4 && abs(north[2] + 4.4704) < 1e-4 && north[3] == 0)
    #expect(record.origin.name == "New York weather" && record.origin.kind == .mirror)
  }

  @Test("Short gaps are bridged and counted, long ones part stretches, single numbers are bridged")
  func gaps() throws {
    let record = try mirror([
      Self.row("JFK", hour: 0, temp: "50"), Self.row("JFK", hour: 3, temp: "80"),
      Self.row("JFK", hour: 4, pressure: "NA"), Self.row("JFK", hour: 5, pressure: "1014"),
      Self.row("JFK", hour: 12, speed: "1048.4"), Self.row("JFK", hour: 13, direction: "NA"),
      Self.row("JFK", hour: 14),
    ])
    #expect(record.stretches == [0..<15])
    #expect(record.origin.detail.contains("8 missing hours and 6 single measurements"))
    #expect(abs(record.temperatures[1] - 15.5556) < 1e-3)
    #expect(record.column(0)[4] == 1013)
    let parted = try mirror([
      Self.row("JFK", hour: 0), Self.row("JFK", hour: 1), Self.row("JFK", hour: 9),
    ])
    #expect(parted.stretches == [0..<2, 2..<3])
    #expect(parted.origin.detail.contains(" 0 missing hours"))
  }

  @Test("Mirrors with other columns, text for numbers or rows out of order are refused")
  func badMirrors() throws {
    let good = Self.row("JFK", hour: 3)
    let cases: [([String], String)] = [
      ([good, good], "rows of JFK are not in the order of time"),
      ([good, Self.row("JFK", hour: 2)], "row 3: the rows of JFK"),
      ([Self.row("JFK", hour: 1, temp: "warm")], "row 2: temp is \"warm\""),
      ([Self.row("JFK", hour: 1, temp: "-3e38")], "temp is \"-3e38\", which no weather has"),
      ([Self.row("JFK", hour: 1, temp: "inf")], "temp is \"inf\""),
      ([good.replacing("2013-01-01T03:00:00Z", with: "yesterday")], "\"yesterday\" is not an hour"),
      ([good.replacing("T03:00:00Z", with: "T03:30:00Z")], "is not an hour"),
      (["JFK,2013"], "it has only 2 fields"), ([], "no rows"),
      ([Self.row("JFK", hour: 1, pressure: "NA")], "no measurement of p (mbar)"),
    ]
    for (rows, reason) in cases {
      let refusal = sentence { _ = try mirror(rows) }
      #expect(refusal.contains("w.csv") && refusal.contains(reason), "\(refusal)")
    }
    let heading = Self.heading.replacing(",dewp", with: "")
    #expect(sentence { _ = try mirror([good], heading: heading) }.contains("no column \"dewp\""))
    let many = (0..<101).map { Self.row("A\($0)", hour: 1) }
    #expect(sentence { _ = try mirror(many) }.contains("more than 100 airports"))
  }
}
