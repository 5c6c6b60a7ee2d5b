import Foundation

/// How long `--quick --offline` takes in each chapter, which is promised to be less than a minute.
enum QuickRuns {
  /// Runs every chapter that is built beside this program, one after the other.
  ///
  /// - Returns: a table of seconds.
  /// - Throws: `BenchmarkError` if no chapter is built, or one fails.
  static func table() throws -> String {
    let folder = Bundle.main.bundleURL
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("chapter") && !$0.contains(".") }.sorted()
    guard !names.isEmpty else {
      throw BenchmarkError("No chapter is built here: run `swift build`, then this again.")
    }
    let output = FileManager.default.temporaryDirectory.appending(path: "quick-runs-\(UUID())")
    defer { try? FileManager.default.removeItem(at: output) }
    var rows = [["chapter", "quick run s", ""]]
    for name in names {
      let start = ContinuousClock.now
      let run = try ChildProcess.run(
        folder.appending(path: name),
        ["--quick", "--offline", "--no-progress", "--output", output.path])
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let record = output.appending(path: "\(name)/metrics.json")
      guard FileManager.default.fileExists(atPath: record.path) else {
        throw BenchmarkError("\(name) --quick --offline failed: \(run.complaint)")
      }
      rows.append([name, Text.number(seconds), seconds < 60 ? "" : "over a minute"])
    }
    return Text.table(rows, words: [0, 2])
  }
}
