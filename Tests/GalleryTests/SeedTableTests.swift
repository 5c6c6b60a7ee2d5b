import DataFiles
import Foundation
import Testing

@testable import Gallery

@Suite final class SeedTableTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "seeds-\(UUID())")
  var file: URL { folder.appending(path: "seeds.csv") }

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static func row(_ seed: UInt64, _ values: [(String, Double)]) throws -> SeedTable.Row {
    try SeedTable.Row(
      seed: seed, values: values.map { .init($0.0, $0.1) }, date: "2026-11-27",
      machine: "CPU, 2 threads, AVX-512")
  }

  static func table(_ numbers: [Double], of name: String = "test accuracy") throws -> SeedTable {
    var table = SeedTable()
    for (index, number) in numbers.enumerated() {
      table.add(try row(UInt64(index), [(name, number)]))
    }
    return table
  }

  @Test("A table is written and read again")
  func writtenAndReadAgain() throws {
    var table = SeedTable()
    table.add(try Self.row(2, [("a, b \"c\"", 0.1), ("loss", 1e-7)]))
    table.add(try Self.row(1, [("a, b \"c\"", 0.25), ("loss", .nan)]))
    #expect(
      table.csv == """
        seed,"a, b ""c\""",loss,date,machine
        1,0.25,,2026-11-27,"CPU, 2 threads, AVX-512"
        2,0.1,1e-07,2026-11-27,"CPU, 2 threads, AVX-512"

        """)
    try table.write(to: file)
    #expect(try SeedTable(contentsOf: file) == table)
    #expect(table.statistics(of: "a, b \"c\"")?.count == 2)
    #expect(table.statistics(of: "loss")?.count == 1)
    #expect(table.statistics(of: "other") == nil)
  }

  @Test("A run takes the place of its like")
  func aRunTakesThePlaceOfItsLike() throws {
    var table = SeedTable()
    table.add(try Self.row(1, [("a", 1), ("b", 2)]))
    table.add(try Self.row(1, [("c", 3)]))
    table.add(try Self.row(0, [("a", 4)]))
    #expect(table.rows.map(\.seed) == [0, 1, 1])
    table.add(try Self.row(1, [("b", 5)]))
    #expect(table.rows.map(\.values) == [[.init("a", 4)], [.init("c", 3)], [.init("b", 5)]])
    #expect(table.names == ["a", "c", "b"])
  }

  @Test("Rows that cannot be kept are refused")
  func rowsThatCannotBeKept() {
    #expect(throws: DataError.self) { try Self.row(1, [("a", 1), ("a", 2)]) }
    #expect(throws: DataError.self) { try Self.row(1, [("date", 1)]) }
    #expect(throws: DataError.self) {
      try SeedTable.Row(seed: 1, values: [], date: "yesterday", machine: "")
    }
  }

  @Test(
    "Tables that are damaged or hostile are refused in a sentence",
    arguments: [
      "", "seed,a,date\n", "seed,a,date,machine\n1,0.5,2026-11-27\n",
      "seed,a,date,machine\n-1,0.5,2026-11-27,x\n", "seed,a,date,machine\n1,inf,2026-11-27,x\n",
      "seed,a,date,machine\n1,0.5,27 November,x\n", "seed,a,a,date,machine\n1,1,1,2026-11-27,x\n",
      "seed,a,date,machine\n1,1,2026-11-27,x\n1,2,2026-11-27,x\n",
      "seed,a,date,machine\n" + String(repeating: "1,,2026-11-27,x\n", count: 1_001),
      "seed,\"a,date,machine\n",
    ])
  func damagedTables(_ text: String) throws {
    try Data(text.utf8).write(to: file)
    let error = #expect(throws: DataError.self) { try SeedTable(contentsOf: self.file) }
    #expect(error?.description.contains(file.path) == true)
  }

  /// The intervals by hand: 0.88 ± t·0.004·√(4/3), t of two degrees of freedom.
  @Test("There are two intervals: for a run, and for the number of the book")
  func twoIntervals() throws {
    let three = try #require(try Self.table([0.88, 0.884, 0.876]).statistics(of: "test accuracy"))
    #expect(three.count == 3 && abs(three.mean - 0.88) < 1e-12)
    let (run, book) = (try #require(three.intervalForRun), try #require(three.intervalForBook))
    #expect(abs(run.upperBound - 0.88 - 0.0458406) < 1e-6)
    #expect(abs(book.upperBound - 0.88 - 0.0198731) < 1e-6)
    #expect(abs(run.lowerBound + run.upperBound - 1.76) < 1e-12)
    #expect(three.isLike(0.925) == true && three.isLike(0.926) == false)
    #expect(three.reproduces(0.861) == true && three.reproduces(0.86) == false)
    #expect(three.isLike(.nan) == false)
  }

  @Test("One seed judges nothing")
  func oneSeedJudgesNothing() throws {
    let one = try #require(try Self.table([0.88]).statistics(of: "test accuracy"))
    #expect(one.isLike(0.88) == nil && one.reproduces(0.88) == nil)
    #expect(one.intervalForRun == nil)
    let absurd = try #require(try Self.table([1e308, -1e308]).statistics(of: "test accuracy"))
    #expect(absurd.intervalForRun == nil)
  }

  @Test("Seeds a hundredfold apart judge nothing, as no interval follows from them")
  func scatteredSeedsJudgeNothing() throws {
    let far = try #require(try Self.table([0.21, 829_262, 0.23]).statistics(of: "test accuracy"))
    #expect(far.isScattered && far.isLike(0.21) == nil && far.reproduces(0.21) == nil)
    let near = try #require(try Self.table([0.21, 20, 0.23]).statistics(of: "test accuracy"))
    #expect(!near.isScattered && near.reproduces(0.21) == true)
    // About zero, a spread is large beside the mean and means something.
    let about = try #require(try Self.table([-1, 0.001, 1]).statistics(of: "test accuracy"))
    #expect(!about.isScattered && about.reproduces(0.5) == true)
  }

  /// A naive forecast is the same for every seed: the book's digits decide.
  @Test("Numbers that seeds do not change have no width")
  func numbersThatSeedsDoNotChange() throws {
    let fixed = try #require(try Self.table([0.289735, 0.289735]).statistics(of: "test accuracy"))
    #expect(fixed.isLike(0.289736) == true && fixed.isLike(0.2899) == false)
    #expect(fixed.reproduces(0.28974) == true && fixed.reproduces(0.2897) == true)
    #expect(fixed.reproduces(0.28975) == false)
    let count = try #require(try Self.table([9, 9]).statistics(of: "test accuracy"))
    #expect(count.reproduces(9) == true && count.reproduces(10) == false)
  }

  @Test("A run becomes a row")
  func aRunBecomesARow() throws {
    let metrics = folder.appending(path: "metrics.json")
    var record = try ChapterRunTests.record(["--seed", "7"])
    try Metrics(record).json().write(to: metrics)
    let (program, row) = try SeedTable.Row.reading(metrics, date: "2026-11-27")
    #expect(program == "chapter3-imdb" && row.seed == 7)
    // The loss was not a number, and the third result has none in the book.
    #expect(row.values == [.init("test accuracy", 0.875)])
    #expect(row.machine.contains(Machine.processor))

    record.options = try RunOptions.parse(["--epochs", "3"])
    try Metrics(record).json().write(to: metrics)
    let error = #expect(throws: DataError.self) {
      try SeedTable.Row.reading(metrics, date: "2026-11-27")
    }
    #expect(error?.description.contains("--epochs 3") == true)
    try Data("{}".utf8).write(to: metrics)
    #expect(throws: DataError.self) { try SeedTable.Row.reading(metrics, date: "2026-11-27") }
  }

  @Test("The table lies beside its chapter")
  func theTableLiesBesideItsChapter() throws {
    let chapter = folder.appending(path: "Chapters/chapter6-conv1d")
    try FileManager.default.createDirectory(at: chapter, withIntermediateDirectories: true)
    let table = chapter.appending(path: "seeds.csv")
    #expect(SeedTable.file(of: "chapter6-conv1d", in: folder)?.path == table.path)
    #expect(SeedTable.file(of: "chapter6-conv1d-temperature", in: folder)?.path == table.path)
    for name in ["chapter6", "", "..", "../chapter6-conv1d", "chapter6-conv1d/../x"] {
      #expect(SeedTable.file(of: name, in: folder) == nil)
    }
  }
}
