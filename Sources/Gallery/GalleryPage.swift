import DeepLearning
import Foundation

/// The results of chapters that were run with several seeds.
public enum GalleryPage {
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
        + (isMany ? [("± sd", .right), ("lowest", .right), ("highest", .right)] : []))
    for result in runs.first?.results ?? [] {
      let values = runs.compactMap { run in
        run.results.first { $0.name == result.name }?.here.value
      }
      var numbers: [Double?] = [result.book.value, Statistics.mean(values)]
      if isMany {
        numbers += [Statistics.standardDeviation(values), values.min(), values.max()]
      }
      let unit = result.unit.isEmpty ? "" : " (\(result.unit))"
      table.add([result.name + unit] + numbers.map(ResultTable.number))
    }
    return table
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
