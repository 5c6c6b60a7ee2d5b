import Foundation
import Gallery

/// A program with all that there is to show of it.
struct Exhibit {
  /// A figure, and where its file is.
  struct Figure {
    let file: URL
    /// What it is called on the page, under the folder from which it is served.
    let path: String
    let caption: String
  }

  let entry: Catalogue.Entry
  /// What the program's own run has left in the folder of results; nil if it has not been run.
  let run: RunSummary?
  let figures: [Figure]
  /// The table in the program's README, for a program that has not been run.
  let committedTable: ResultTable?
  let hasReport: Bool

  init(_ entry: Catalogue.Entry, in places: Places) {
    self.entry = entry
    let results = places.results(of: entry.name)
    run = RunSummary(in: results)
    let readme = places.chapter(entry.name).flatMap { Readme(in: $0) }
    if let run {
      figures = run.figures.compactMap { figure in
        guard FileNames.isPicture(figure.file) else { return nil }
        let file = results.appending(path: figure.file)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let book = figure.book.map { " (figure \($0) of the book)" } ?? ""
        return Figure(
          file: file, path: "results/\(entry.name)/\(figure.file)",
          caption: (figure.title ?? figure.file) + book)
      }
      committedTable = nil
    } else {
      let folder = places.chapter(entry.name)?.appending(path: "figures")
      figures = (readme?.pictures ?? []).compactMap { name, caption in
        guard let folder, FileNames.isPicture(name) else { return nil }
        let file = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return Figure(file: file, path: "chapters/\(entry.name)/\(name)", caption: caption)
      }
      committedTable = readme?.table
    }
    hasReport = FileManager.default.fileExists(
      atPath: results.appending(path: "report.html").path)
  }
}

/// Names of files that come out of files.
enum FileNames {
  /// Whether this can be the name of a figure: no path, nothing hidden.
  static func isPicture(_ name: String) -> Bool {
    name.utf8.count <= 100 && name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.-]*\.png/) != nil
  }
}

/// What the page can use of a chapter's README.
struct Readme {
  /// The pictures in it with what they show.
  var pictures: [(name: String, caption: String)] = []
  /// Its first table of the book's numbers.
  var table: ResultTable?

  init?(in folder: URL) {
    guard let bytes = RunSummary.read(folder.appending(path: "README.md"), limit: 1 << 20) else {
      return nil
    }
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  init(_ text: String) {
    for match in text.matches(of: /!\[([^\]\n]*)\]\(figures\/([^)\s]+)\)/) {
      pictures.append((String(match.2), String(match.1)))
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let cells = lines.map(Self.cells)
    guard
      let head = cells.firstIndex(where: {
        $0.count >= 3 && $0[0] == "what" && $0[1].hasPrefix("book")
      }),
      head + 1 < cells.count
    else { return }
    var table = ResultTable(
      cells[head].enumerated().map { ($1, $0 == 0 ? .left : .right) })
    for row in cells[(head + 2)...].prefix(while: { !$0.isEmpty }) {
      // A row with other cells than the head has is none of the table's.
      if row.count == cells[head].count { table.add(row) }
    }
    self.table = table
  }

  /// The cells of a line of a table; none if it is not one.
  private static func cells(_ line: Substring) -> [String] {
    guard line.hasPrefix("|"), line.hasSuffix("|"), line.count > 1 else { return [] }
    return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      .map {
        $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "").replacing("*", with: "")
      }
  }
}
