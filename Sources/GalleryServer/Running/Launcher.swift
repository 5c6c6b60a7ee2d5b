import Foundation
import Synchronization

/// Starts processes on a thread of its own.
///
/// The server gives way to the trainings that it starts: its threads take lower priority, and what they start
/// inherits it. This thread is made before, and keeps the priority that the program was started with.
final class Launcher: Sendable {
  /// With this priority 30 busy browsers take a twentieth of what a training would have.
  static let niceness: Int32 = 12

  private let work = Mutex<[@Sendable () -> Void]>([])
  private let signal = DispatchSemaphore(value: 0)

  init() {
    let thread = Thread { [self] in
      // Programs inherit which signals are held back, and would not hear Ctrl-C.
      var nothing = sigset_t()
      sigemptyset(&nothing)
      pthread_sigmask(SIG_SETMASK, &nothing, nil)
      while true {
        signal.wait()
        if let next = work.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { next() }
      }
    }
    thread.start()
  }

  /// Lowers the priority of the calling thread, and of all that come from it; doing it again changes nothing.
  ///
  /// Threads that take turns in answering may have come from the one that keeps its priority, so each request does this.
  static func giveWay() {
    #if os(Linux)
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    #endif
  }

  /// Runs something on the thread.
  func perform<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws
    -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      work.withLock { $0.append { continuation.resume(with: Result { try body() }) } }
      signal.signal()
    }
  }
}
