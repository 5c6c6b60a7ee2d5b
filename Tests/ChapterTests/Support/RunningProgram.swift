import Foundation
import Synchronization
import Testing

/// A program that was started; it is ended when the last reference goes.
///
/// Its output goes to files and not to pipes, which fill up if no one reads.
final class RunningProgram: Sendable {
  private let process: Process
  private let output: URL
  private let errors: URL
  private let beginning = ContinuousClock.now
  private let end: End

  /// Set by Foundation on a thread of its own.
  private final class End: Sendable {
    let instant = Mutex<ContinuousClock.Instant?>(nil)
  }

  /// - Parameter didEnd: called once, when the program has ended or could not be started.
  init(_ process: Process, logs: URL, didEnd: @escaping @Sendable () -> Void) throws {
    self.process = process
    output = logs.appending(path: "output.txt")
    errors = logs.appending(path: "errors.txt")
    let end = End()
    self.end = end
    process.terminationHandler = { _ in
      end.instant.withLock { $0 = .now }
      didEnd()
    }
    do {
      for file in [output, errors] { try Data().write(to: file) }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      // The threads that run tests block Ctrl-C, and a program inherits that from the one that starts it.
      var (nothing, before) = (sigset_t(), sigset_t())
      sigemptyset(&nothing)
      pthread_sigmask(SIG_SETMASK, &nothing, &before)
      defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
      try process.run()
    } catch {
      didEnd()
      throw error
    }
  }

  deinit { if process.isRunning { send(SIGKILL) } }

  /// Whether the program has not ended yet.
  var isRunning: Bool { end.instant.withLock { $0 } == nil }

  /// Sends a signal, as Ctrl-C and `kill` do.
  func send(_ signals: Int32...) {
    for number in signals { kill(process.processIdentifier, number) }
  }

  /// Waits until a text stands on standard output or standard error, and sends signals then; the test fails if it
  /// never does.
  ///
  /// On a thread of its own: those of Swift's concurrency may all be busy with other tests, while the program trains
  /// on and on.
  func send(_ signals: Int32..., after text: String) async throws {
    let missing: String? = try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { [self] in
        continuation.resume(
          with: Result {
            let missing = try waitOnThread(for: text)
            if missing == nil { for number in signals { send(number) } }
            return missing
          })
      }
    }
    try #require(missing == nil, "\"\(text)\" never came; only: \(missing ?? "")")
  }

  /// Returns nil as soon as the text has come, or else all that came.
  private func waitOnThread(for text: String) throws -> String? {
    let deadline = ContinuousClock.now + .seconds(Program.hangLimit)
    while true {
      // Asked before reading: what was written until the end is read.
      let couldStillCome = isRunning && .now < deadline
      let soFar = try Self.text(of: output) + Self.text(of: errors)
      if soFar.contains(text) { return nil }
      if !couldStillCome { return soFar }
      usleep(5_000)
    }
  }

  /// Waits for the program to end.
  func outcome() async throws -> Program.Outcome {
    let deadline = ContinuousClock.now + .seconds(Program.hangLimit)
    // Its place is free for the next as soon as it has ended; only this test hears of it that much later.
    while isRunning, .now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    if isRunning {
      Issue.record("The program still ran after \(Program.hangLimit) s and is ended.")
      send(SIGKILL)
      while isRunning { try await Task.sleep(for: .milliseconds(5)) }
    }
    let instant = end.instant.withLock { $0 } ?? .now
    let isCrash = process.terminationReason == .uncaughtSignal
    return Program.Outcome(
      exitCode: process.terminationStatus + (isCrash ? 128 : 0), isCrash: isCrash,
      output: try Self.text(of: output), errors: try Self.text(of: errors),
      seconds: (instant - beginning) / .seconds(1))
  }

  private static func text(of file: URL) throws -> String {
    String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }
}
