import Foundation

/// A program, or a part of one, that is run with several seeds.
struct Job: Equatable, Sendable {
  /// What it is called, and the folder of its results.
  let name: String
  /// The program.
  let program: String
  /// What stands on its command line, a subcommand first.
  let arguments: [String]
  /// With how many seeds, from 1 on.
  let seeds: Int
  /// Whether it goes on with `--resume` where it was stopped.
  let resumes: Bool
  /// Roughly how long one core takes; the longest begin first, so that no core is idle at the end.
  let minutes: Double

  init(
    _ name: String, program: String? = nil, _ arguments: [String] = [], seeds: Int,
    minutes: Double, resumes: Bool = false
  ) {
    self.name = name
    self.program = program ?? name
    self.arguments = arguments
    self.seeds = seeds
    self.resumes = resumes
    self.minutes = minutes
  }

  /// Everything that has a number in the book: ten seeds for what takes under a minute, five under five minutes, three for
  /// what takes up to an hour or two, one for the longest and for what draws no random numbers.
  static let all = [
    Job("chapter2-mnist", seeds: 10, minutes: 0.1),
    Job("chapter3-imdb", seeds: 10, minutes: 0.02),
    Job("chapter3-reuters", seeds: 10, minutes: 0.05),
    Job("chapter3-boston-housing", seeds: 10, minutes: 0.3),
    Job("chapter4-overfitting", seeds: 10, minutes: 0.6),
    Job("chapter5-mnist-convnet", seeds: 10, minutes: 0.5),
    Job("chapter5-cats-dogs", seeds: 3, minutes: 45, resumes: true),
    Job(
      "chapter5-pretrained-features", program: "chapter5-pretrained", ["--run", "features"],
      seeds: 3, minutes: 8, resumes: true),
    Job(
      "chapter5-pretrained-frozen", program: "chapter5-pretrained",
      ["--run", "frozen", "finetune"], seeds: 1, minutes: 600, resumes: true),
    Job(
      "chapter5-pretrained-trainable", program: "chapter5-pretrained", ["--run", "trainable"],
      seeds: 1, minutes: 400, resumes: true),
    Job("chapter5-visualizing", seeds: 1, minutes: 3),
    Job("chapter6-word-vectors", seeds: 10, minutes: 0.1),
    Job("chapter6-imdb-rnn", seeds: 5, minutes: 4),
    Job("chapter6-temperature", seeds: 3, minutes: 20, resumes: true),
    Job("chapter6-conv1d", seeds: 10, minutes: 1.2),
    Job(
      "chapter6-conv1d-temperature", program: "chapter6-conv1d", ["temperature"], seeds: 5,
      minutes: 4),
    Job("chapter7-functional", seeds: 10, minutes: 1.5),
    Job("chapter7-callbacks", seeds: 5, minutes: 5),
    Job("chapter7-best-practices", seeds: 5, minutes: 4),
    Job("chapter8-text-generation", seeds: 3, minutes: 90, resumes: true),
    Job(
      "chapter8-text-generation-as-printed", program: "chapter8-text-generation",
      ["--as-printed"], seeds: 3, minutes: 90, resumes: true),
    Job("chapter8-deepdream", seeds: 1, minutes: 0.1),
    Job("chapter8-style-transfer", seeds: 1, minutes: 6),
    Job("chapter8-vae", ["--sampling", "both"], seeds: 3, minutes: 60, resumes: true),
    Job("chapter8-gan", seeds: 1, minutes: 240, resumes: true),
  ]

  /// The runs that are wanted, the longest first.
  ///
  /// - Parameters:
  ///   - only: what the names must begin with; any if there is nothing.
  ///   - seeds: the most seeds of one job; nil for as many as it has.
  static func runs(only: [String], seeds: Int?) -> [Run] {
    all.filter { job in only.isEmpty || only.contains(where: job.name.hasPrefix) }
      .flatMap { job in (1...min(job.seeds, seeds ?? .max)).map { Run(job: job, seed: $0) } }
      .enumerated()
      .sorted { ($1.element.job.minutes, $0.offset) < ($0.element.job.minutes, $1.offset) }
      .map(\.element)
  }
}

extension Job {
  /// Where its program is: beside this one.
  var programPath: String {
    Bundle.main.executableURL?.deletingLastPathComponent().appending(path: program).path ?? program
  }
}

/// A job with one seed.
struct Run: Equatable, Sendable {
  let job: Job
  let seed: Int

  /// What names it in lists: `chapter3-imdb 7`.
  var line: String { "\(job.name) \(seed)" }

  /// The folder in which the program makes its own, inside that of all results.
  var folder: String { "\(job.name)/seed-\(seed)" }

  /// The program's command line.
  ///
  /// - Parameters:
  ///   - output: the folder of all results.
  ///   - flags: what all programs are told, such as `--quick`.
  func arguments(output: String, flags: [String]) -> [String] {
    job.arguments + ["--seed", "\(seed)", "--output", "\(output)/\(folder)", "--no-progress"]
      + (job.resumes ? ["--resume"] : []) + flags
  }
}
