import CVector
import Foundation
import Synchronization

/// Threads that share pieces of work with the thread that submits it.
///
/// Pieces are claimed one by one, by the submitting thread too. So a machine that is busy with other things
/// costs little: pieces that no worker has claimed are done by the submitter, which only ever waits for pieces
/// that a worker has begun. Workers spin for 2 ms, longer than a training step goes without work, and then
/// park; waking a parked thread takes as long as many a loop. After the first 50 µs of spinning they yield
/// the core to whoever wants it between looks.
final class WorkerPool: Sendable {
  static let shared = WorkerPool(workers: Parallel.cores - 1)

  private struct Job {
    var pieces = 0
    var body: ((Int) -> Void)?
  }

  /// How often a worker looks for work before it begins to yield the core between looks.
  private static let spinCount = 2000
  /// How long a worker without work spins before it parks.
  private static let idleTimeout = Duration.milliseconds(2)

  /// Held by the thread whose work is under way; others meanwhile do their work alone.
  private let isTaken = Atomic(false)
  private let isOpen = Atomic(false)
  private let generation = Atomic(0)
  private let nextPiece = Atomic(0)
  private let activeWorkers = Atomic(0)
  private let parkedWorkers = Atomic(0)
  /// The core of the thread that last submitted work.
  private let submitterCore = Atomic<Int32>(-1)
  private let wakeCondition = NSCondition()
  /// Written while no worker is active, read by workers that have announced themselves.
  nonisolated(unsafe) private var job = Job()

  private init(workers: Int) {
    for _ in 0..<max(workers, 0) {
      Thread.detachNewThread { [unowned self] in
        processor_flush_subnormals()
        work()
      }
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
      submitterCore.store(processor_core(), ordering: .relaxed)
      isOpen.store(true, ordering: .sequentiallyConsistent)
      generation.add(1, ordering: .sequentiallyConsistent)
      if parkedWorkers.load(ordering: .sequentiallyConsistent) > 0 {
        wakeCondition.lock()
        wakeCondition.broadcast()
        wakeCondition.unlock()
      }
      claimPieces()
      isOpen.store(false, ordering: .sequentiallyConsistent)
      var looks = 0
      while activeWorkers.load(ordering: .sequentiallyConsistent) > 0 {
        processor_pause()
        looks += 1
        if looks > WorkerPool.spinCount { sched_yield() }
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
      leaveSubmitterCore()
      // Announced before looking: whoever closes the job sees this worker or is seen by it.
      activeWorkers.add(1, ordering: .sequentiallyConsistent)
      if isOpen.load(ordering: .sequentiallyConsistent) { claimPieces() }
      activeWorkers.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  private func waitForWork(after seen: Int) {
    for _ in 0..<WorkerPool.spinCount {
      if generation.load(ordering: .acquiring) != seen { return }
      processor_pause()
    }
    let deadline = ContinuousClock.now + WorkerPool.idleTimeout
    while ContinuousClock.now < deadline {
      for _ in 0..<16 {
        if generation.load(ordering: .acquiring) != seen { return }
        sched_yield()
      }
      leaveSubmitterCore()
    }
    wakeCondition.lock()
    parkedWorkers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { wakeCondition.wait() }
    parkedWorkers.subtract(1, ordering: .sequentiallyConsistent)
    wakeCondition.unlock()
  }

  /// Moves to another core if this one is where the work comes from.
  ///
  /// A worker that is woken often starts on the core of the thread that woke it, and would do its share only when
  /// that thread is done.
  private func leaveSubmitterCore() {
    let core = submitterCore.load(ordering: .relaxed)
    if core >= 0 && processor_core() == core { processor_leave_core(core) }
  }
}
