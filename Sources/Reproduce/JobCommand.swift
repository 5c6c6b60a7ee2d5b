import ArgumentParser
import Foundation

/// What GNU parallel starts, here or on another machine: one run of one program, whose words go into a file.
struct JobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job", abstract: "Do one run of the list, unless it is done.")

  @Argument(help: "The job's name, as `reproduce list` has it.")
  var name: String

  @Argument(help: "The seed.")
  var seed: Int

  @OptionGroup var place: Place

  @Option(help: "How many threads it computes with.")
  var threads = 1

  func run() throws {
    guard let job = Job.all.first(where: { $0.name == name }), seed > 0 else {
      throw ValidationError("There is no job \(name) \(seed): `reproduce list` has them all.")
    }
    let run = Run(job: job, seed: seed)
    if FinishedRun(run, in: place.folder, quick: place.quick) != nil { return }
    let folder = place.folder.appending(path: run.folder).path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let log = folder + "/log.txt"
    let beginning = ContinuousClock.now
    let code = try Child.run(
      job.programPath, run.arguments(output: place.output, flags: place.flags),
      environment: ["DLWP_THREADS": "\(threads)"], log: log)
    let seconds = Int((ContinuousClock.now - beginning) / .seconds(1))
    if code == 0 {
      print("\(job.name), seed \(seed): done in \(seconds) s")
    } else {
      let words = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      let last = words.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }
      print(
        "\(job.name), seed \(seed): failed with exit code \(code). \(last ?? "It said nothing.") "
          + "More in \(log).")
      throw ExitCode(code)
    }
  }
}
