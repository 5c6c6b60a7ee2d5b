import Foundation
import Synchronization

/// Lets a few programs run at once, however many tests ask: as many threads as there are cores.
///
/// Tests wait here in the order in which they came. Only waiting takes longer on a busy machine; nothing
/// that a test expects depends on how long.
final class ProgramGate: Sendable {
  static let shared = ProgramGate(places: ProcessInfo.processInfo.activeProcessorCount)

  private struct State {
    var free: Int
    var waiting: [(places: Int, continuation: CheckedContinuation<Void, Never>)] = []

    /// Those at the front of the queue for whom there is room now.
    mutating func admitted() -> [CheckedContinuation<Void, Never>] {
      var admitted: [CheckedContinuation<Void, Never>] = []
      while let next = waiting.first, next.places <= free {
        free -= next.places
        admitted.append(next.continuation)
        waiting.removeFirst()
      }
      return admitted
    }
  }

  /// The number of cores.
  let places: Int
  private let state: Mutex<State>

  init(places: Int) {
    self.places = places
    state = Mutex(State(free: places))
  }

  /// Waits until that many places are free, and takes them.
  func enter(places wanted: Int) async {
    await withCheckedContinuation { continuation in
      let admitted = state.withLock { state in
        state.waiting.append((min(wanted, places), continuation))
        return state.admitted()
      }
      for continuation in admitted { continuation.resume() }
    }
  }

  /// Gives places back.
  func leave(places given: Int) {
    let admitted = state.withLock { state in
      state.free += min(given, places)
      return state.admitted()
    }
    for continuation in admitted { continuation.resume() }
  }
}
