import Foundation
import Gallery

/// A run that is over: its numbers, and its trainings' measurements by epoch.
struct FinishedRun {
  let run: Run
  let metrics: Metrics
  /// The folder with the program's files.
  let folder: URL

  /// Finds the results of a run.
  ///
  /// - Parameters:
  ///   - run: which.
  ///   - output: the folder of all results.
  ///   - quick: whether it was to be a rehearsal.
  /// - Returns: nil if it has not been run so, or was stopped.
  init?(_ run: Run, in output: URL, quick: Bool) {
    let place = output.appending(path: run.folder)
    // A subcommand has a folder of its own, so the program's name does not tell it.
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    let found = folders.sorted().lazy.map { place.appending(path: $0) }
      .compactMap { folder in
        Metrics(of: folder.appending(path: "metrics.json")).map { (folder, $0) }
      }.first
    guard let (folder, metrics) = found, metrics.quick == quick,
      metrics.interruptedAfterEpoch == nil, metrics.seed == UInt64(run.seed)
    else { return nil }
    (self.run, self.metrics, self.folder) = (run, metrics, folder)
  }

  /// Where the run's numbers are.
  var metricsFile: URL { folder.appending(path: "metrics.json") }

  /// A column of a training's history, by epoch from the first; empty if there is none.
  func history(_ file: String, _ column: String) -> [Double] {
    guard
      let text = try? String(
        contentsOf: folder.appending(path: file + ".csv"), encoding: .utf8)
    else { return [] }
    let rows = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    guard let place = rows.first?.firstIndex(of: Substring(column)) else { return [] }
    return rows.dropFirst().map { row in
      place < row.count ? Double(row[place]) ?? .nan : .nan
    }
  }
}
