import DeepLearning
import Foundation

/// One page for all chapters that have been run: for the projector, and to see how far they are from the book.
public struct GalleryPage {
  private let folder: URL
  private let runs: [Metrics]

  /// Reads the results of all chapters in a folder.
  ///
  /// - Parameter folder: the folder that chapters write to, `output` by default.
  /// - Throws: an error with a sentence if there is nothing to show.
  public init(of folder: URL) throws {
    self.folder = folder
    // Experiments have tables of their own, in their reports.
    runs = try GalleryPage.runs(in: folder).filter { !$0.results.isEmpty || !$0.figures.isEmpty }
  }

  /// Writes `index.html`.
  ///
  /// - Returns: where it is.
  /// - Throws: `FileError`.
  public func write() throws -> URL {
    let page = folder.appending(path: "index.html")
    try Data(html.utf8).write(atomicallyTo: page)
    return page
  }

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>Deep Learning with Swift: all chapters</title>
    <style>
    \(HTML.style)
    figure img { width: 100%; height: auto; }
    </style>
    </head>
    <body>
    <h1>Deep Learning with Swift</h1>
    \(runs.map(part).joined())</body>
    </html>

    """
  }

  private func part(_ run: Metrics) -> String {
    let link = HTML.escaped(run.chapter)
    let figures = run.figures.map {
      let file = "\(link)/\(HTML.escaped($0.file))"
      let title = HTML.escaped($0.title)
      return """
        <figure><a href="\(file)"><img src="\(file)" alt="\(title)" loading="lazy"/></a>\
        <figcaption>\(title)</figcaption></figure>
        """
    }
    let data = run.data.value.map { " · \(HTML.escaped("\($0.name), \($0.origin)"))" } ?? ""
    // Files of older versions do not tell.
    let reasons =
      run.reservations
      ?? (run.quick || run.data.value?.origin == "stand-in" ? ["a rehearsal or stand-in data"] : [])
    let warning =
      reasons.isEmpty
      ? ""
      : "<p class=\"warning\">Not the book's experiment: \(HTML.escaped(reasons.joined(separator: ", "))).</p>\n"
    return HTML.section(
      "\(run.chapter), section \(run.section)",
      """
      \(warning)<p><code>\(HTML.escaped(run.command))</code> · <a href="\(link)/report.html">report</a>\(data)</p>
      \(HTML.table(GalleryPage.table(of: [run])))
      <div class="figures">
      \(figures.joined(separator: "\n"))
      </div>
      """)
  }

  /// For each chapter that was run with several seeds, the book's numbers beside mean and spread.
  ///
  /// - Parameter folder: holds one folder of results per seed: `seed-1`, `seed-2`, ...
  /// - Throws: an error with a sentence if there is nothing to show.
  public static func overSeeds(in folder: URL) throws -> [(title: String, table: ResultTable)] {
    let seeds = try folders(in: folder).filter { $0.lastPathComponent.hasPrefix("seed-") }
    let runs = try seeds.flatMap { try GalleryPage.runs(in: $0) }
    let chapters = Dictionary(grouping: runs, by: \.chapter)
    guard !chapters.isEmpty else { throw nothing(in: folder) }
    return chapters.sorted { $0.key < $1.key }.map { chapter, runs in
      let note = runs.contains { $0.quick } ? ", quick runs" : ""
      let data = Set(runs.compactMap { $0.data.value?.origin }).sorted().joined(separator: ", ")
      return ("\(chapter), \(runs.count) seeds, \(data) data\(note)", table(of: runs))
    }
  }

  private static func table(of runs: [Metrics]) -> ResultTable {
    let isMany = runs.count > 1
    var table = ResultTable(
      [("what", .left), ("book", .right), (isMany ? "mean" : "here", .right)]
        + (isMany
          ? [("± sd", .right), ("lowest", .right), ("highest", .right)]
          : [("like our seeds", .left), ("reproduced", .left)]))
    for result in runs.first?.results ?? [] {
      let values = runs.compactMap { run in
        run.results.first { $0.name == result.name }?.here.value
      }
      var numbers: [Double?] = [result.book.value, Statistics.mean(values)]
      if isMany {
        numbers += [Statistics.standardDeviation(values), values.min(), values.max()]
      }
      let unit = result.unit.isEmpty ? "" : " (\(result.unit))"
      let statements = isMany ? [] : Self.statements(on: result)
      table.add([result.name + unit] + numbers.map(ResultTable.number) + statements)
    }
    return table
  }

  /// What the seeds say of a number, or why it is not judged.
  private static func statements(on result: Metrics.Result) -> [String] {
    guard let book = result.book.value else { return ["–", "–"] }
    guard let verdict = result.verdict else {
      return ["not judged" + (result.reservation.map { ": \($0)" } ?? ""), "–"]
    }
    let texts = verdict.texts(book: book, better: result.better)
    return [texts.run, texts.book]
  }

  private static func runs(in folder: URL) throws -> [Metrics] {
    let runs = try folders(in: folder).compactMap { chapter -> Metrics? in
      guard let json = try? Data(contentsOf: chapter.appending(path: "metrics.json")) else {
        return nil
      }
      return try? JSONDecoder().decode(Metrics.self, from: json)
    }
    if runs.isEmpty { throw nothing(in: folder) }
    return runs
  }

  private static func folders(in folder: URL) throws -> [URL] {
    guard
      let entries = try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil)
    else { throw nothing(in: folder) }
    return entries.sorted { $0.path.compare($1.path, options: .numeric) == .orderedAscending }
  }

  private static func nothing(in folder: URL) -> GalleryError {
    GalleryError(
      "There are no results in \(folder.path). Run a chapter first: swift run chapter3-imdb.")
  }
}

/// Why a page cannot be made, in a sentence.
struct GalleryError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
