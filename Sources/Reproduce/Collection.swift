import DataFiles
import Foundation
import Gallery

/// Brings together what the runs have left: the chapters' tables of seeds, those on their pages, and the page of the whole book.
struct Collection {
  let place: Place
  /// The checkout whose tables and page are written; nil for the one that this program belongs to.
  var checkout: URL?

  /// Writes `Chapters/*/seeds.csv` and `docs/Reproduction.md`, unless it was a rehearsal, and says what it has written.
  func write() throws {
    let runs = Job.runs(only: [], seeds: nil).compactMap {
      FinishedRun($0, in: place.folder, quick: place.quick)
    }
    if runs.isEmpty {
      throw ReproduceError(
        "There are no results in \(place.output). Run something first: make reproduce ONLY=chapter3."
      )
    }
    if place.quick {
      print("\(runs.count) rehearsals went well; tables and page are only made of real runs.")
      return
    }
    let shipped = try DataLocation().shipped.map { URL(fileURLWithPath: $0) }
    guard let checkout = checkout ?? shipped?.deletingLastPathComponent() else {
      throw ReproduceError("This is no checkout of the gallery: start `make reproduce` in one.")
    }
    try writeSeeds(of: runs, in: checkout)
    try writePage(of: runs, in: checkout)
  }

  /// Adds each run that may be kept to its chapter's table.
  private func writeSeeds(of runs: [FinishedRun], in checkout: URL) throws {
    var tables: [URL: SeedTable] = [:]
    for run in runs where run.metrics.reservations == [] {
      guard let file = SeedTable.file(of: run.metrics.chapter, in: checkout),
        // A run without numbers of the book's has nothing to be kept.
        let row = try? SeedTable.Row.reading(run.metricsFile, date: date(of: run, in: checkout)).row
      else { continue }
      var table = try tables[file] ?? Self.table(file)
      table.add(row)
      tables[file] = table
    }
    for (file, table) in tables {
      if try table == Self.table(file) { continue }
      try table.write(to: file)
      print("seeds: \(file.path)")
    }
  }

  private static func table(_ file: URL) throws -> SeedTable {
    FileManager.default.fileExists(atPath: file.path)
      ? try SeedTable(contentsOf: file) : SeedTable()
  }

  /// The day of the commit that was the last when the run ended; without git that of the run.
  private func date(of run: FinishedRun, in checkout: URL) -> String {
    let facts = try? FileManager.default.attributesOfItem(atPath: run.metricsFile.path)
    let end = facts?[.modificationDate] as? Date ?? .now
    let commit = try? Child.output(
      of: "git",
      [
        "-C", checkout.path, "log", "-1", "--format=%cs", "--before=\(end.ISO8601Format())",
      ])
    return commit.flatMap { $0.isEmpty ? nil : $0 } ?? end.formatted(.iso8601.year().month().day())
  }

  /// Replaces the parts of the page about what has been run.
  private func writePage(of runs: [FinishedRun], in checkout: URL) throws {
    let file = checkout.appending(path: "docs/Reproduction.md")
    var page = MarkdownPage(try String(contentsOf: file, encoding: .utf8))
    for job in Job.all {
      let own = runs.filter { $0.run.job == job }.sorted { $0.run.seed < $1.run.seed }
      guard let first = own.first else {
        // What an earlier machine has run stays on the page.
        if page.part(job.name)?.contains(JobReport.notRun) == true {
          try page.replace(job.name, with: JobReport(job: job, runs: [], table: nil).markdown)
        }
        continue
      }
      let table = try SeedTable.file(of: first.metrics.chapter, in: checkout).map(Self.table)
      let report = JobReport(job: job, runs: own, table: table)
      try page.replace(job.name, with: report.markdown)
      try writeSummary(report, in: checkout)
    }
    try Data(page.text.utf8).write(to: file, options: .atomic)
    print("page: \(file.path)")
  }

  /// Replaces the table of seeds on the chapter's own page, if it has a place for one.
  private func writeSummary(_ report: JobReport, in checkout: URL) throws {
    let file = checkout.appending(path: "Chapters/\(report.job.program)/README.md")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return }
    var page = MarkdownPage(text)
    guard page.part(report.job.name) != nil else { return }
    try page.replace(report.job.name, with: report.summary)
    if page.text != text { try Data(page.text.utf8).write(to: file, options: .atomic) }
  }
}
