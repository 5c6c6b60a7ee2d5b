import CVector
import Foundation
import Synchronization

/// Threads that share pieces of work with the thread that asks for it.
///
/// Pieces are claimed one by one, by the asking thread too. So a machine that is busy with other things
/// costs little: what no worker has come round to, the asking thread does itself, and it only ever waits
/// for pieces that a worker has begun. Workers look out for new work for some 50 µs, the distance
/// between the loops of a training step, and then sleep.
final class WorkerPool: Sendable {
  static let shared = WorkerPool(workers: ProcessInfo.processInfo.activeProcessorCount - 1)

  private struct Job {
    var pieces = 0
    var body: ((Int) -> Void)?
  }

  /// How often a worker looks for work before it sleeps.
  private static let patience = 2000

  /// Held by the thread whose work is under way; others meanwhile do their work alone.
  private let isTaken = Atomic(false)
  private let isOpen = Atomic(false)
  private let generation = Atomic(0)
  private let nextPiece = Atomic(0)
  private let activeWorkers = Atomic(0)
  private let sleepers = Atomic(0)
  private let alarm = NSCondition()
  /// Written while no worker is active, read by workers that have announced themselves.
  nonisolated(unsafe) private var job = Job()

  private init(workers: Int) {
    for _ in 0..<max(workers, 0) {
      Thread.detachNewThread { [unowned self] in work() }
    }
  }

  /// Calls `body` with every number below `pieces` and returns when all calls have.
  func run(_ pieces: Int, _ body: (Int) -> Void) {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { body in
      job = Job(pieces: pieces, body: body)
      nextPiece.store(0, ordering: .relaxed)
      isOpen.store(true, ordering: .sequentiallyConsistent)
      generation.add(1, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        alarm.lock()
        alarm.broadcast()
        alarm.unlock()
      }
      claimPieces()
      isOpen.store(false, ordering: .sequentiallyConsistent)
      var looks = 0
      while activeWorkers.load(ordering: .sequentiallyConsistent) > 0 {
        processor_pause()
        looks += 1
        if looks > WorkerPool.patience { sched_yield() }
      }
      job.body = nil
    }
    isTaken.store(false, ordering: .releasing)
  }

  /// Does pieces of the current job until none is left.
  private func claimPieces() {
    guard let body = job.body else { return }
    let pieces = job.pieces
    while true {
      let piece = nextPiece.add(1, ordering: .relaxed).oldValue
      if piece >= pieces { return }
      body(piece)
    }
  }

  /// The life of a worker.
  private func work() {
    var seen = 0
    while true {
      waitForWork(after: seen)
      seen = generation.load(ordering: .sequentiallyConsistent)
      // Announced before looking: whoever closes the job sees this worker or is seen by it.
      activeWorkers.add(1, ordering: .sequentiallyConsistent)
      if isOpen.load(ordering: .sequentiallyConsistent) { claimPieces() }
      activeWorkers.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  private func waitForWork(after seen: Int) {
    for _ in 0..<WorkerPool.patience {
      if generation.load(ordering: .acquiring) != seen { return }
      processor_pause()
    }
    alarm.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { alarm.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    alarm.unlock()
  }
}
