import Foundation
import Testing

/// A program of this package, started as a user starts it.
struct Program: Sendable {
  /// What the program left when it ended.
  struct Outcome: Sendable {
    /// As a shell has it: 128 and the signal's number if a signal ended the program.
    let exitCode: Int32
    /// Whether a signal ended the program, as a trap does.
    let isCrash: Bool
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errors: String
    /// How long it ran; nothing may be expected of it but that times in its record are no longer.
    let seconds: Double

    /// The lines on standard output.
    var outputLines: [Substring] { output.split(separator: "\n") }
    /// The lines on standard error.
    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  /// After how many seconds a program, or a wait for a sign of it, is taken for a hang.
  static let hangLimit = 900.0

  /// The name of the product.
  let name: String
  /// A program that starts it, by its whole path, with its arguments; empty to start it as it is.
  var launcher: [String] = []
  /// How many threads it computes with, and so how many places it takes of the ``ProgramGate``.
  var threads = 1

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: the command line after the program's name.
  ///   - workplace: where it runs; it finds no data but what lies in the workplace.
  ///   - environment: variables to add or replace.
  func run(
    _ arguments: [String], in workplace: Workplace, environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await start(arguments, in: workplace, environment: environment).outcome()
  }

  /// Runs a program until it waits to be stopped, stops it by a signal, and returns how it ended.
  ///
  /// - Parameters:
  ///   - point: which of the points at which the program could be stopped; see `Interruption.pointReached()`.
  ///   - signal: what is sent to it then.
  ///   - environment: variables to add or replace.
  func stopped(
    at point: Int, by signal: Int32 = SIGINT, _ arguments: [String], in workplace: Workplace,
    environment: [String: String] = [:]
  ) async throws -> Outcome {
    let waits = ["DLWP_WAIT_AT": "\(point)"].merging(environment) { $1 }
    let running = try await start(arguments, in: workplace, environment: waits)
    try await running.send(signal, after: "waiting to be stopped")
    return try await running.outcome()
  }

  /// Runs a chapter without end in sight, and stops it by Ctrl-C after the first epoch.
  func interruptedInTraining(in workplace: Workplace) async throws -> Outcome {
    try await stopped(at: 1, ["--quick", "--offline", "--epochs", "1000000"], in: workplace)
  }

  /// Starts the program, as soon as there is room for it, and comes back at once.
  func start(
    _ arguments: [String], in workplace: Workplace, environment: [String: String] = [:]
  ) async throws -> RunningProgram {
    let process = Process()
    let command = try launcher + [executable().path] + arguments
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = workplace.folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(surroundings(workplace)) { $1 }.merging(environment) { $1 }
    let logs = try workplace.newFolder("logs")
    await ProgramGate.shared.enter(places: threads)
    let places = threads
    return try RunningProgram(process, logs: logs) { ProgramGate.shared.leave(places: places) }
  }

  /// The developer's own data, that of the system's packages, and the network stay out of the tests; help is wrapped at a known width.
  private func surroundings(_ workplace: Workplace) -> [String: String] {
    // Nothing listens there.
    let nowhere = "http://127.0.0.1:9"
    return [
      "COLUMNS": "80", "DLWP_DATA": workplace.data.path, "DLWP_THREADS": "\(threads)",
      "PIP_NO_INDEX": "1", "XDG_CACHE_HOME": workplace.caches.path,
      "XDG_DATA_DIRS": workplace.data.path, "http_proxy": nowhere, "https_proxy": nowhere,
      "ALL_PROXY": nowhere,
      "no_proxy": "",
    ]
  }

  /// The program is built into the folder in which the tests were built.
  private func executable() throws -> URL {
    let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
    let starts = bundles + [URL(fileURLWithPath: CommandLine.arguments[0])]
    let places = starts.map { $0.deletingLastPathComponent().appending(path: name) }
    return try #require(
      places.first { FileManager.default.isExecutableFile(atPath: $0.path) },
      "\(name) was not built beside the tests: run `swift build --build-tests`.")
  }
}
