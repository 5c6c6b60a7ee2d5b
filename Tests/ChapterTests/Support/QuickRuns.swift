import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A quick run of a chapter without data, shared by the tests that only look at what it left.
struct QuickRun: Sendable {
  let name: String
  let workplace: Workplace
  let outcome: Program.Outcome

  /// The runs that were asked for so far, by program and flags; each is made once, however many tests ask.
  private static let shared = Once<[String], QuickRun>()

  /// The run of a chapter with `--quick --offline` and perhaps more.
  static func of(_ name: String, _ arguments: [String] = []) async throws -> QuickRun {
    try await shared.value(of: [name] + arguments) { try await QuickRun(name, arguments) }
  }

  /// A fresh place with what the shared run of a chapter left, for tests that change it.
  static func copied(_ name: String) async throws -> Workplace {
    let workplace = try Workplace()
    for (file, bytes) in try await of(name).workplace.files() {
      try workplace.add(bytes, as: file)
    }
    return workplace
  }

  /// Runs a chapter in a fresh place.
  ///
  /// - Parameters:
  ///   - launcher: a program that starts it, with its arguments.
  ///   - threads: how many threads it computes with.
  init(
    _ name: String, _ arguments: [String] = [], launcher: [String] = [], threads: Int = 1
  ) async throws {
    self.name = name
    workplace = try Workplace()
    outcome = try await Program(name: name, launcher: launcher, threads: threads)
      .run(["--quick", "--offline"] + arguments, in: workplace)
    // Not an expectation: that would count as a failure for the first test only.
    guard outcome.exitCode == 0 else { throw Failure(description: "\(name): \(outcome.errors)") }
  }

  /// Why there is no run to look at.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The record.
  var metrics: Metrics { get throws { try workplace.metrics(name) } }

  /// A file that the run has written.
  func bytes(of file: String) throws -> Data { try workplace.bytes(of: "output/\(name)/\(file)") }

  /// A table of epochs.
  func history(_ file: String = "history.csv") throws -> HistoryTable {
    try HistoryTable(workplace.text(of: "output/\(name)/\(file)"))
  }

  /// All files of the run but those that hold times and the command line.
  func repeatable() throws -> [String: Data] {
    try workplace.files().filter { !$0.key.hasSuffix("metrics.json") && !$0.key.hasSuffix(".html") }
  }

  /// Expects these files, no others, and none anywhere else; a name without extension is a figure's.
  func expectFiles(
    figures: [String], _ others: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let files =
      figures.flatMap { [$0 + ".png", $0 + ".svg"] } + others + ["metrics.json", "report.html"]
    let names = try workplace.files().keys.sorted()
    #expect(names == files.map { "output/\(name)/" + $0 }.sorted(), sourceLocation: sourceLocation)
    let data = try FileManager.default.contentsOfDirectory(atPath: workplace.data.path)
    #expect(data.isEmpty, sourceLocation: sourceLocation)
  }

  /// Expects that the record is whole and names the book's numbers, in order; nil where the book has none.
  func expectResults(
    _ book: [(name: String, book: Double?)], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let results = try metrics.results
    #expect(results.map(\.name) == book.map(\.name), sourceLocation: sourceLocation)
    #expect(results.map(\.book) == book.map(\.book), sourceLocation: sourceLocation)
    #expect(results.allSatisfy { $0.here?.isFinite == true }, sourceLocation: sourceLocation)
    let rows = comparisonRows(in: outcome.output)
    let names = results.map { $0.unit.isEmpty ? $0.name : "\($0.name) (\($0.unit))" }
    #expect(rows.map(\.first) == names, sourceLocation: sourceLocation)
  }

  /// Expects a record with the facts that all chapters share, and its announcement on standard output.
  func expectRecord(
    section: String, data: String, origin: String, samples: (train: Int, test: Int),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let metrics = try metrics
    #expect(metrics.chapter == name && metrics.section == section, sourceLocation: sourceLocation)
    #expect(
      metrics.command == "swift run \(name) --quick --offline", sourceLocation: sourceLocation)
    #expect(metrics.seed == 42 && metrics.quick, sourceLocation: sourceLocation)
    #expect(metrics.interruptedAfterEpoch == nil, sourceLocation: sourceLocation)
    #expect(
      metrics.data.name == data && metrics.data.origin == origin, sourceLocation: sourceLocation)
    #expect(metrics.data.samples.train == samples.train, sourceLocation: sourceLocation)
    #expect(metrics.data.samples.test == samples.test, sourceLocation: sourceLocation)
    #expect(metrics.seconds.total < outcome.seconds + 0.1, sourceLocation: sourceLocation)
    #expect(
      outcome.output.hasPrefix("\(name), section \(section): "), sourceLocation: sourceLocation)
    #expect(outcome.output.contains("This is a quick run"), sourceLocation: sourceLocation)
    let isStandIn = origin == "stand-in"
    #expect(
      outcome.output.contains("This is stand-in data") == isStandIn, sourceLocation: sourceLocation)
    let reservation = isStandIn ? "quick run, stand-in data" : "quick run"
    for row in comparisonRows(in: outcome.output) where row.count == 6 && row[1] != "–" {
      #expect(row[3].hasPrefix("not judged: " + reservation), sourceLocation: sourceLocation)
      #expect(row[4] == "–", sourceLocation: sourceLocation)
      #expect(row[5] == "\(data), \(origin)", sourceLocation: sourceLocation)
    }
  }

  /// Expects the figures of the record, in order: both files of each, which say what data they show.
  func expectFigures(
    _ figures: [(name: String, book: String?)], isStandIn: Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let listed = try metrics.figures
    #expect(listed.map(\.file) == figures.map { $0.name + ".png" }, sourceLocation: sourceLocation)
    // The book's figure shows the book's data.
    let numbers = figures.map { isStandIn ? nil : $0.book }
    #expect(listed.map(\.book) == numbers, sourceLocation: sourceLocation)
    for (name, _) in figures {
      let png = [UInt8](try bytes(of: name + ".png"))
      let isPicture = png.starts(with: [0x89] + Array("PNG\r\n".utf8)) && png.count > 2000
      #expect(isPicture, "\(name)", sourceLocation: sourceLocation)
      #expect(png.suffix(8).prefix(4).elementsEqual("IEND".utf8), sourceLocation: sourceLocation)
      let svg = try bytes(of: name + ".svg")
      #expect(XMLParser(data: svg).parse(), "\(name)", sourceLocation: sourceLocation)
      let text = String(decoding: svg, as: UTF8.self)
      #expect(text.contains("Quick run"), "\(name)", sourceLocation: sourceLocation)
      #expect(
        text.contains("Stand-in data") == isStandIn, "\(name)", sourceLocation: sourceLocation)
    }
    let report = try workplace.text(of: "output/\(self.name)/report.html")
    #expect(
      report.split(separator: "<svg").count == figures.count + 1, sourceLocation: sourceLocation)
    for figure in numbers.compactMap({ $0 }) {
      #expect(report.contains("figure \(figure) of the book"), sourceLocation: sourceLocation)
    }
    #expect(
      report.contains(" of the book)") == numbers.contains { $0 != nil },
      sourceLocation: sourceLocation)
  }
}

/// The lines of a program's tables, cell by cell: two blanks or more part the columns.
func tableRows(in output: String) -> [[String]] {
  output.split(separator: "\n").map { $0.split(separator: /\ {2,}/).map(String.init) }
}

/// The rows of the tables that experiments print, with a count of seeds in the second column.
func experimentRows(in output: String) -> [[String]] {
  tableRows(in: output).filter { $0.count >= 5 && Int($0[1]) != nil }
}
