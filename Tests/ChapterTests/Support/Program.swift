import Foundation
import Synchronization
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
    /// How long it ran.
    let seconds: Double

    /// The lines on standard output.
    var outputLines: [Substring] { output.split(separator: "\n") }
    /// The lines on standard error.
    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  /// The name of the product.
  let name: String
  /// A program that starts it, by its whole path, with its arguments; empty to start it as it is.
  var launcher: [String] = []

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: the command line after the program's name.
  ///   - workplace: where it runs; it finds no data but what lies in the workplace.
  ///   - environment: variables to add or replace.
  ///   - timeLimit: after how long a program that hangs is ended, in seconds.
  func run(
    _ arguments: [String], in workplace: Workplace, environment: [String: String] = [:],
    timeLimit: Double = 90
  ) async throws -> Outcome {
    try await start(arguments, in: workplace, environment: environment).outcome(within: timeLimit)
  }

  /// Runs a chapter without end in sight, and stops it by Ctrl-C after the first epoch.
  func interruptedInTraining(in workplace: Workplace) async throws -> Outcome {
    let running = try start(["--quick", "--offline", "--epochs", "1000000"], in: workplace)
    try await running.wait(for: "epoch 1/1000000")
    running.send(SIGINT)
    return try await running.outcome(within: 30)
  }

  /// Starts the program and comes back at once.
  func start(
    _ arguments: [String], in workplace: Workplace, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    let process = Process()
    let command = try launcher + [executable().path] + arguments
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = workplace.folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(Self.surroundings(workplace)) { $1 }.merging(environment) { $1 }
    return try RunningProgram(process, logs: workplace.newFolder("logs"))
  }

  /// The developer's own data and the network stay out of the tests; help is wrapped at a known width.
  private static func surroundings(_ workplace: Workplace) -> [String: String] {
    // Nothing listens there.
    let nowhere = "http://127.0.0.1:9"
    return [
      "COLUMNS": "80", "DLWP_DATA": workplace.data.path, "PIP_NO_INDEX": "1",
      "http_proxy": nowhere, "https_proxy": nowhere, "ALL_PROXY": nowhere, "no_proxy": "",
    ]
  }

  /// The program is built into the folder in which the tests were built.
  private func executable() throws -> URL {
    let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
    let starts = bundles + [URL(fileURLWithPath: CommandLine.arguments[0])]
    let places = starts.map { $0.deletingLastPathComponent().appending(path: name) }
    return try #require(
      places.first { FileManager.default.isExecutableFile(atPath: $0.path) },
      "\(name) was not built beside the tests; is it among the dependencies of ChapterTests?")
  }
}

/// A program that was started; it is ended when the last reference goes.
///
/// Its output goes to files and not to pipes, which fill up if no one reads.
final class RunningProgram: Sendable {
  private let process: Process
  private let output: URL
  private let errors: URL
  private let beginning = ContinuousClock.now
  private let end: End

  /// Set by Foundation on a thread of its own, so that the time is right on a busy machine.
  private final class End: Sendable {
    let moment = Mutex<ContinuousClock.Instant?>(nil)
  }

  fileprivate init(_ process: Process, logs: URL) throws {
    self.process = process
    output = logs.appending(path: "output.txt")
    errors = logs.appending(path: "errors.txt")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    let end = End()
    self.end = end
    process.terminationHandler = { _ in end.moment.withLock { $0 = .now } }
    // The threads that run tests block Ctrl-C, and a program inherits that from the one that starts it.
    var (nothing, before) = (sigset_t(), sigset_t())
    sigemptyset(&nothing)
    pthread_sigmask(SIG_SETMASK, &nothing, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  deinit { if process.isRunning { send(SIGKILL) } }

  /// Whether the program has not ended yet.
  var isRunning: Bool { end.moment.withLock { $0 } == nil }

  /// Sends a signal, as Ctrl-C and `kill` do.
  func send(_ signals: Int32...) {
    for number in signals { kill(process.processIdentifier, number) }
  }

  /// Waits until a text stands on standard output or standard error; the test fails if it never does.
  func wait(for text: String, within limit: Double = 90) async throws {
    let deadline = ContinuousClock.now + .seconds(limit)
    while true {
      let soFar = try Self.text(of: output) + Self.text(of: errors)
      if soFar.contains(text) { return }
      try #require(isRunning && .now < deadline, "\"\(text)\" never came; only: \(soFar)")
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  /// Waits for the program to end.
  func outcome(within limit: Double) async throws -> Program.Outcome {
    let deadline = beginning + .seconds(limit)
    while isRunning, .now < deadline { try await Task.sleep(for: .milliseconds(5)) }
    if isRunning {
      Issue.record("The program still ran after \(limit) s and is ended.")
      send(SIGKILL)
      while isRunning { try await Task.sleep(for: .milliseconds(5)) }
    }
    let moment = end.moment.withLock { $0 } ?? .now
    let isCrash = process.terminationReason == .uncaughtSignal
    return Program.Outcome(
      exitCode: process.terminationStatus + (isCrash ? 128 : 0), isCrash: isCrash,
      output: try Self.text(of: output),
      errors: try Self.text(of: errors), seconds: (moment - beginning) / .seconds(1))
  }

  private static func text(of file: URL) throws -> String {
    String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }
}
