import ArgumentParser
import DataFiles
import Foundation

@main
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Run the whole book over several seeds, and set its numbers beside ours.",
    discussion: """
      Gives all programs and all parts of them that have a number in the book to GNU parallel, each over its \
      seeds, and then writes Chapters/*/seeds.csv and docs/Reproduction.md. After Ctrl-C the same command \
      goes on; what is done is not done again until its folder in output/reproduce is removed. `make \
      reproduce` sets up and builds first.
      """,
    subcommands: [ListCommand.self, JobCommand.self, CollectCommand.self, TimesCommand.self])

  @OptionGroup var choice: Choice
  @OptionGroup var place: Place

  @Option(
    help: ArgumentHelp(
      "Run on the machines that this file names, one a line, as ssh knows them (`:` is this one). Each needs this "
        + "checkout, built, in the same place.", valueName: "file"))
  var hosts: String?

  func run() throws {
    let runs = try choice.runs
    if let hosts, !FileManager.default.isReadableFile(atPath: hosts) {
      throw ReproduceError(
        "\(hosts) cannot be read: --hosts names a file with a machine on each line.")
    }
    let parallel = Parallel(output: place.output, hosts: hosts, flags: place.flags)
    try parallel.prepare(runs) { FinishedRun($0, in: place.folder, quick: place.quick) != nil }
    let missing = runs.filter { FinishedRun($0, in: place.folder, quick: place.quick) == nil }
    let division = Parallel.division(
      runs: missing.count, cores: ProcessInfo.processInfo.activeProcessorCount,
      freeBytes: Machine.freeBytes)
    print("\(runs.count) runs, of which \(runs.count - missing.count) are done.")
    if !missing.isEmpty {
      let rest =
        hosts.map { "on the machines of \($0)" }
        ?? "\(division.atOnce) at once, \(division.threads) threads each"
      print("The others now, \(rest); each has a log.txt in \(place.output).")
      fflush(nil)
      let code = try parallel.run(program: Self.ownPath, division: division)
      // Beyond the number of failed jobs it tells its own trouble, or that it was stopped.
      if code > 101 {
        print("Stopped. The same command goes on.")
        throw ExitCode(130)
      }
    }
    let failures = parallel.failures(among: runs).filter {
      FinishedRun($0, in: place.folder, quick: place.quick) == nil
    }
    try Collection(place: place).write()
    if !failures.isEmpty {
      throw ReproduceError(
        "\(failures.count) of \(runs.count) runs failed three times: "
          + failures.map(\.line).joined(separator: ", ")
          + ". Their words are in log.txt of \(place.output)/NAME/seed-N; the same command tries them again."
      )
    }
  }

  /// This program's path, from the current folder where it lies below it: so other machines find theirs.
  private static var ownPath: String {
    let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}

/// Prints the list, for running it by hand.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print the runs, the longest first, with their commands.")

  @OptionGroup var choice: Choice
  @OptionGroup var place: Place

  func run() throws {
    for run in try choice.runs {
      let words = [run.job.program] + run.arguments(output: place.output, flags: place.flags)
      print("swift run \(words.joined(separator: " "))")
    }
  }
}

/// Makes tables and page anew of what is there.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Write seeds.csv and the page of what has been run.")

  @OptionGroup var place: Place

  func run() throws { try Collection(place: place).write() }
}

/// Which jobs are wanted.
struct JobChoice: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Only what has a name that begins so, such as chapter6; may be repeated.", valueName: "name")
  )
  var only: [String] = []

  func validate() throws {
    for name in only where !Job.all.contains(where: { $0.name.hasPrefix(name) }) {
      let names = Job.all.map(\.name).joined(separator: ", ")
      throw ValidationError("Nothing begins with \(name). There are: \(names).")
    }
  }
}

/// Which runs are wanted.
struct Choice: ParsableArguments {
  @OptionGroup var jobs: JobChoice

  @Option(help: ArgumentHelp("At most so many seeds each.", valueName: "number"))
  var seeds: Int?

  func validate() throws {
    if let seeds, !(1...1000).contains(seeds) {
      throw ValidationError("--seeds needs a number from 1 to 1000, not \(seeds).")
    }
  }

  var runs: [Run] { get throws { Job.runs(only: jobs.only, seeds: seeds) } }
}

/// Where results lie, and what kind of run they are of.
struct Place: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of all results.", valueName: "folder"))
  var output = "output/reproduce"

  @Flag(help: "A rehearsal: all programs with --quick. Tables and page stay as they are.")
  var quick = false

  @Flag(help: "Download nothing.")
  var offline = false

  func validate() throws {
    try ProgramStart.prepare()
    if output.isEmpty || output.contains(where: { "{}\n".contains($0) }) {
      throw ValidationError("--output needs the name of a folder, without braces.")
    }
  }

  var folder: URL { URL(fileURLWithPath: output) }
  var flags: [String] { (quick ? ["--quick"] : []) + (offline ? ["--offline"] : []) }
}

/// What this machine has to offer.
enum Machine {
  /// The memory that programs can have without others giving theirs back; plenty where the system does not tell.
  static var freeBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return kilobytes.map { $0 * 1024 } ?? .max
  }
}
