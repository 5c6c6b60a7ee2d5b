import ArgumentParser
import DataFiles
import Foundation

/// Times the book's trainings for the page: one program after another, each with all cores.
struct TimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "times",
    abstract: "Time an epoch of each of the book's trainings, for the table beside the K80.",
    discussion: """
      Runs one program after another, each with all cores; long ones for two epochs only. Start it on a machine that has \
      nothing else to do. Rows of trainings that are not run stay as they are. After Ctrl-C the same command goes on; \
      what is timed is not timed again until its folder in output/reproduce/times is removed.
      """)

  @OptionGroup var jobs: JobChoice

  @OptionGroup var place: Place

  func run() throws {
    guard let checkout = try DataLocation().checkout else {
      throw ReproduceError("This is no checkout of the gallery: start it in one.")
    }
    let timed = Set(TimeTable.entries.map(\.job))
    let runs = Job.runs(only: jobs.only, seeds: 1).filter { timed.contains($0.job.name) }
    if runs.isEmpty {
      print("Nothing that begins so has a row in the table of times.")
      return
    }
    let folder = place.folder.appending(path: "times")
    var load = 0.0
    if getloadavg(&load, 1) == 1, load > 0.5 {
      print(
        "Warning: the load average is \(String(format: "%.1f", load)); times are those of a busy machine."
      )
    }
    for run in runs {
      let finished = try Self.finished(run, in: folder, place, program: run.job.programPath)
      print("\(run.job.name): timed")
      fflush(nil)
      // After each, so that nothing is lost when the next one fails.
      if !place.quick { try TimeTable.write([finished], in: URL(fileURLWithPath: checkout)) }
    }
  }

  /// A run's results; runs its program unless they are there.
  static func finished(
    _ run: Run, in folder: URL, _ place: Place, program: String
  ) throws -> FinishedRun {
    if let old = FinishedRun(run, in: folder, quick: place.quick) { return old }
    let own = folder.appending(path: run.folder)
    // Half a training is not to be resumed: its times would be of another hour.
    if FileManager.default.fileExists(atPath: own.path) {
      try FileManager.default.removeItem(at: own)
    }
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    let isLong = run.job.minutes > 1 && !TimeTable.countsSteps(of: run.job)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let code = try Child.run(
      program,
      run.arguments(output: folder.path, flags: place.flags + (isLong ? ["--epochs", "2"] : [])),
      environment: ["DLWP_THREADS": "\(cores)"], log: own.path + "/log.txt")
    if code == 130 || code == 143 {
      print("Stopped. The same command goes on.")
      throw ExitCode(code)
    }
    guard code == 0, let new = FinishedRun(run, in: folder, quick: place.quick) else {
      throw ReproduceError(
        "\(run.job.name) failed with exit code \(code); its words are in \(own.path)/log.txt.")
    }
    return new
  }
}

extension TimeTable {
  /// Whether a job's row is about steps: then all of them have to be run.
  fileprivate static func countsSteps(of job: Job) -> Bool {
    entries.contains { $0.job == job.name && $0.history == nil }
  }

  /// Writes the rows of what was timed into `docs/Reproduction.md`.
  static func write(_ runs: [FinishedRun], in checkout: URL) throws {
    let file = checkout.appending(path: "docs/Reproduction.md")
    var page = MarkdownPage(try String(contentsOf: file, encoding: .utf8))
    try page.replace("times", with: markdown(runs, old: page.part("times") ?? ""))
    try Data(page.text.utf8).write(to: file, options: .atomic)
  }
}
