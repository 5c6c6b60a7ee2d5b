import DataFiles
import DeepLearning
import Foundation
import Synchronization

/// Ends training on Ctrl-C (or `kill`) after the current step, so that what was learned is kept.
///
/// A second Ctrl-C ends the program at once. Until ``listen()`` is called the first one does.
/// Chapters get all this with `ChapterRun.callbacks()`; give this callback to `fit` where no such run
/// is at hand, as in training on several threads.
public final class Interruption: Callback {
  /// The number of the first signal received, or 0.
  private static let received = Atomic<Int32>(0)

  /// Whether the user wants the program to come to an end.
  public static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The exit code of a program that a signal ended, by convention: 130 for Ctrl-C.
  static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

  /// At which point the program is to wait, for tests; see ``pointReached()``.
  private static let waitingPoint = ProcessInfo.processInfo.environment["DLWP_WAIT_AT"]
    .flatMap(Int.init)
  private static let points = Atomic(0)

  /// Says that the program would notice Ctrl-C here, what it keeps while it trains being kept: after an epoch or a step.
  ///
  /// For tests that stop programs, which would else have to race them: with `DLWP_WAIT_AT=3` in the environment the
  /// program says "waiting to be stopped" on standard error when it comes here for the third time, and goes on only
  /// after a signal.
  public static func pointReached() {
    guard let waitingPoint, points.add(1, ordering: .relaxed).newValue == waitingPoint else {
      return
    }
    listen()
    StandardError.write("waiting to be stopped\n")
    while !isRequested { usleep(5_000) }
  }

  /// From now on, Ctrl-C asks for an end instead of causing it.
  public static func listen() {
    // The first use of a global initialises it, which a signal handler must not do.
    guard !isRequested else { return }
    reserveStack()
    for number in [SIGINT, SIGTERM] { install({ Interruption.handle($0) }, for: number) }
  }

  static func install(_ handler: @escaping @convention(c) (Int32) -> Void, for number: Int32) {
    #if os(Linux)
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handler
      action.sa_flags = Int32(SA_ONSTACK) | Int32(SA_RESTART)
      sigaction(number, &action, nil)
    #else
      signal(number, handler)
    #endif
  }

  /// Gives signal handlers a stack of their own, if they run on the thread that calls this.
  ///
  /// oneDNN's generated matrix kernels keep numbers below the stack pointer, farther than a
  /// handler on the same stack would spare: it would overwrite them, and the model with NaN. The
  /// system hands signals to the main thread unless that refuses, so that one needs the stack.
  static func reserveStack() {
    var stack = stack_t()
    // Swift's own crash reporter may have made one already.
    guard sigaltstack(nil, &stack) == 0,
      stack.ss_flags & Int32(SS_DISABLE) != 0
    else { return }
    let size = 1 << 16
    // Needed until the program ends.
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    stack.ss_size = numericCast(size)
    stack.ss_flags = 0
    sigaltstack(&stack, nil)
  }

  /// Runs at any moment, in the middle of whatever: only atomics and write(2) are allowed here.
  private static func handle(_ number: Int32) {
    let (isFirst, _) = received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
    if !isFirst { _exit(128 + number) }
    let message: StaticString =
      "\nStopping, and keeping what has been learned. Press Ctrl-C again to end at once.\n"
    _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
  }

  /// Creates a callback.
  public init() {}

  /// Starts to listen.
  public func trainingWillBegin(_ run: TrainingRun) throws {
    Self.listen()
    stopIfRequested(run)
  }
  /// Ends training if asked for.
  public func stepDidEnd(_ run: TrainingRun) throws { stopIfRequested(run) }
  /// Ends training if asked for.
  public func epochDidEnd(_ run: TrainingRun) throws {
    Self.pointReached()
    stopIfRequested(run)
  }

  private func stopIfRequested(_ run: TrainingRun) {
    if Self.isRequested { run.shouldStop = true }
  }
}
