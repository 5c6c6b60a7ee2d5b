import Foundation
import Gallery

/// GNU parallel, which runs the jobs: as many at once as there is room for, on this machine or on several.
struct Parallel {
  /// The folder of all results.
  let output: String
  /// A file with a machine on each line; nil for this one alone.
  var hosts: String?
  /// What all programs are told.
  var flags: [String] = []

  /// The list of the jobs, one a line.
  var list: URL { URL(fileURLWithPath: output).appending(path: "jobs.txt") }
  /// GNU parallel's own record of what was run and how it ended.
  var log: URL { URL(fileURLWithPath: output).appending(path: "jobs.log") }

  /// How many runs at once, and with how many threads each.
  ///
  /// One thread each makes the most of the cores; only fewer runs than cores get more.
  static func division(
    runs: Int, cores: Int, freeBytes: Int
  ) -> (atOnce: Int, threads: Int) {
    // The hungriest programs occupy somewhat more than a gigabyte.
    let room = max(1, freeBytes / 1_300_000_000)
    let atOnce = max(1, min(runs, cores, room))
    return (atOnce, max(1, cores / atOnce))
  }

  /// The command line.
  func arguments(program: String, division: (atOnce: Int, threads: Int)) -> [String] {
    var words = [
      "--will-cite", "--joblog", log.path, "--resume-failed", "--retries", "3", "--memfree", "500M",
      "--nice", "19", "--line-buffer", "--colsep", " ",
      // Who is stopped may first write down what was learned.
      "--termseq", "TERM,30000,KILL",
    ]
    if let hosts {
      // Each has this checkout, built, in the same place. A machine that shares the folder has nothing to bring back.
      words += [
        "--jobs", "100%", "--sshloginfile", hosts, "--workdir", ".", "--env", "DLWP_DATA",
        "--return", "\(output)/{1}/seed-{2}",
      ]
    } else {
      words += ["--jobs", "\(division.atOnce)"]
    }
    let threads = hosts == nil ? division.threads : 1
    let call =
      [Self.quoted(program), "job", "{1}", "{2}", "--threads", "\(threads)", "--output"]
      + [Self.quoted(output)] + flags
    return words + [call.joined(separator: " "), "::::", list.path]
  }

  private static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// Writes the list, and a record in which what is done stands as done, whoever did it and when: GNU parallel knows jobs by
  /// their place in the list alone.
  func prepare(_ runs: [Run], isFinished: (Run) -> Bool) throws {
    try FileManager.default.createDirectory(
      atPath: output, withIntermediateDirectories: true)
    try Data(runs.map { $0.line + "\n" }.joined().utf8).write(to: list, options: .atomic)
    let head = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"
    let done = runs.enumerated().filter { isFinished($0.element) }.map {
      "\($0.offset + 1)\t:\t0\t0\t0\t0\t0\t0\t\($0.element.line)\n"
    }
    try Data((head + done.joined()).utf8).write(to: log, options: .atomic)
  }

  /// The lines of the record: the job's place in the list, from 0 on, and whether it ended well.
  private var records: [(place: Int, isFine: Bool)] {
    guard let text = try? String(contentsOf: log, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count > 8, let number = Int(fields[0]) else { return nil }
      return (number - 1, fields[6] == "0" && fields[7] == "0")
    }
  }

  /// Which of the runs ended badly, by the record's last word on each.
  func failures(among runs: [Run]) -> [Run] {
    let last = Dictionary(records.map { ($0.place, $0.isFine) }, uniquingKeysWith: { $1 })
    return runs.indices.filter { last[$0] == false }.map { runs[$0] }
  }

  /// Starts it and waits for its end. Ctrl-C in the terminal reaches it, and through it the programs.
  ///
  /// - Returns: how many jobs failed, as it says; more than 100 for anything else.
  /// - Throws: ``ReproduceError`` if it is not installed.
  func run(program: String, division: (atOnce: Int, threads: Int)) throws -> Int32 {
    let version = try? Child.output(of: "parallel", ["--version"])
    guard version?.hasPrefix("GNU parallel") == true else {
      throw ReproduceError(
        "GNU parallel is needed, which runs the jobs: sudo apt-get install parallel. "
          + "`reproduce list` prints them for running by hand.")
    }
    return try Child.run("parallel", arguments(program: program, division: division))
  }
}

/// Why something cannot be done, in a sentence.
struct ReproduceError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
