import ArgumentParser
import DataFiles
import DeepLearning
import Foundation

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Time the training loops of the book, alone or beside Keras and PyTorch.",
    discussion: """
      Each measurement is a process of its own: it makes random data of the book's shapes, trains as \
      `fit` does, and times whole epochs after one that does not count. With --peers the same \
      workloads run in Keras and PyTorch, in turn with ours and with as many threads.

      Workloads: \(Workload.all.map(\.name).joined(separator: ", ")).

      Examples:
        swift run benchmark imdb_dense
        swift run benchmark --peers keras-jax,torch --python venv/bin/python --json times.json
      """)

  @Argument(
    help: ArgumentHelp("The workloads to time; all if none is named.", valueName: "workload"))
  var workloads: [String] = []

  @Option(
    help: ArgumentHelp(
      "Whom to compare with, separated by commas: \(Peer.list). Those not installed are left out.",
      valueName: "names"))
  var peers: String?

  @Option(
    help: ArgumentHelp(
      "The Python in which to look for the peers. (default: python3)", valueName: "path"))
  var python: String?

  @Option(
    help: ArgumentHelp("How often to measure each workload on each side.", valueName: "number"))
  var rounds = 2

  @Option(help: ArgumentHelp("Write all measurements to this file.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      """
      Which instructions both sides may use: native, or avx2 as on most laptops, for which the benchmark \
      has to be built with DLWP_PORTABLE=1.
      """, valueName: "set"))
  var isa = InstructionSet.native

  @Option(
    help: ArgumentHelp(
      "Put the table into this page, between <!-- benchmark native --> (or avx2) and <!-- end -->. "
        + "May be repeated.", valueName: "page"))
  var markdown: [String] = []

  @Flag(help: "Time --quick --offline of every chapter that is built, instead of workloads.")
  var quickRuns = false

  /// What a process that the benchmark has started for itself is to measure.
  @Option(help: .private) var measure: String?
  /// The monotonic clock when that process was started.
  @Option(help: .private) var started: UInt64?

  func validate() throws {
    try ProgramStart.prepare()
    let known = Workload.all.map(\.name)
    for name in workloads where !known.contains(name) {
      throw ValidationError(
        "There is no workload \(name). Choose from: \(known.joined(separator: ", ")).")
    }
    _ = try chosenPeers()
    guard (1...1_000).contains(rounds) else {
      throw ValidationError("--rounds needs a number from 1 to 1000, not \(rounds).")
    }
  }

  private func chosenPeers() throws -> [Peer] {
    let names = (peers ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    for name in names where Peer(rawValue: name) == nil {
      throw ValidationError("There is no peer \(name). Choose from: \(Peer.list).")
    }
    return Peer.allCases.filter { names.contains($0.rawValue) }
  }

  func run() throws {
    if let measure { return try report(measure) }
    if quickRuns { return print(try QuickRuns.table()) }
    try isa.impose()
    var pages = try markdown.map { try MarkdownPage($0, for: isa) }
    let file = try json.map { try JSONFile($0) }
    var runners = try Runners(peers: chosenPeers(), python: python)
    let load = Machine.loadAverage
    let usage = Machine.Usage()
    let before = try runners.calibration()
    var comparisons: [Comparison] = []
    for workload in Workload.all where workloads.isEmpty || workloads.contains(workload.name) {
      comparisons.append(try compare(workload, &runners))
    }
    let after = try runners.calibration()
    let machine = MachineReport(
      processor: Machine.processor, cores: Engine.threads, kernels: Engine.kernels,
      loadAverageBefore: load, gigaflopsBefore: before, gigaflopsAfter: after,
      shareUsedByOthers: usage.shareUsedByOthers)
    let report = Report(comparisons: comparisons, machine: machine, missing: runners.missing)
    print(report.text)
    try file?.write(comparisons, machine)
    for index in pages.indices { try pages[index].write(report, isa) }
  }

  /// Measures a workload on both sides, in turn.
  private func compare(_ workload: Workload, _ runners: inout Runners) throws -> Comparison {
    var comparison = Comparison(workload: workload)
    for round in 1...rounds {
      func tell(_ name: String, _ measurement: Measurement) {
        let step = Text.number(measurement.median * 1000)
        let line = "\(workload.name)  round \(round) of \(rounds)  \(name)  \(step) ms a step\n"
        StandardError.write(line)
      }
      let measurement = try runners.ours(workload)
      tell("ours", measurement)
      comparison.ours.append(measurement)
      for peer in runners.peers {
        guard let measurement = try runners.measurement(of: peer, workload) else { continue }
        tell(peer.rawValue, measurement)
        comparison.theirs[peer, default: []].append(measurement)
      }
    }
    return comparison
  }

  /// The work of a process that the benchmark has started for itself.
  private func report(_ subject: String) throws {
    let encoder = JSONEncoder()
    let line: Data
    if subject == Calibration.name {
      line = try encoder.encode(Calibration.run())
    } else if let workload = Workload.all.first(where: { $0.name == subject }) {
      line = try encoder.encode(workload.measure(started: started ?? Machine.monotonicNanoseconds))
    } else {
      throw ValidationError("There is nothing called \(subject) to measure.")
    }
    print(String(decoding: line, as: UTF8.self))
  }
}
