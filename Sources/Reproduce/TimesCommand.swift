import ArgumentParser
import DataFiles
import Foundation

/// Times the book's trainings for the page: one program after another, each with all cores.
struct TimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "times",
    abstract: "Time an epoch of each of the book's trainings, for the table beside the K80.",
    discussion: """
      Runs one program after another, with all cores; long ones for two epochs only. To be started on a machine that \
      has nothing else to do. Rows of what is not run stay as they are.
      """)

  @OptionGroup var choice: Choice
  @OptionGroup var place: Place

  func run() throws {
    let names = Set(TimeTable.entries.map(\.job))
    let runs = try choice.runs.filter { $0.seed == 1 && names.contains($0.job.name) }
    let folder = place.folder.appending(path: "times")
    var timed = [FinishedRun]()
    for run in runs {
      let load = try Self.run(run, in: folder, flags: place.flags)
      guard let finished = FinishedRun(run, in: folder, quick: place.quick) else {
        throw ReproduceError(
          "\(run.job.name) failed; its words are in \(folder.path)/\(run.folder)/log.txt.")
      }
      print("\(run.job.name): timed, load average \(String(format: "%.1f", load)) before")
      fflush(nil)
      timed.append(finished)
    }
    if place.quick { return }
    guard let checkout = try DataLocation().checkout else {
      throw ReproduceError("This is no checkout of the gallery: start it in one.")
    }
    try TimeTable.write(timed, in: URL(fileURLWithPath: checkout))
  }

  /// Runs a program from the beginning.
  ///
  /// - Returns: the load average before.
  private static func run(_ run: Run, in folder: URL, flags: [String]) throws -> Double {
    let own = folder.appending(path: run.folder)
    // What was timed before is not to be resumed.
    try? FileManager.default.removeItem(at: own)
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    var load = 0.0
    _ = getloadavg(&load, 1)
    let program = Bundle.main.executableURL?.deletingLastPathComponent()
      .appending(path: run.job.program).path
    let epochs = run.job.minutes > 1 && run.job.takesEpochs ? ["--epochs", "2"] : []
    _ = try Child.run(
      program ?? run.job.program, run.arguments(output: folder.path, flags: flags + epochs),
      log: own.path + "/log.txt")
    return load
  }
}

extension Job {
  /// Whether its program counts in epochs.
  fileprivate var takesEpochs: Bool { program != "chapter8-style-transfer" }
}

extension TimeTable {
  /// Writes the rows of what was timed into `docs/Reproduction.md`.
  static func write(_ runs: [FinishedRun], in checkout: URL) throws {
    let file = checkout.appending(path: "docs/Reproduction.md")
    var page = MarkdownPage(try String(contentsOf: file, encoding: .utf8))
    try page.replace("times", with: markdown(runs, old: page.part("times") ?? ""))
    try Data(page.text.utf8).write(to: file, options: .atomic)
    print("page: \(file.path)")
  }
}
