import CVector
import Foundation
import Synchronization

/// Threads that share pieces of work with the thread that asks for it.
///
/// Pieces are claimed one by one, by the asking thread too. So a machine that is busy with other things
/// costs little: what no worker has come round to, the asking thread does itself, and it only ever waits
/// for pieces that a worker has begun. Workers look out for new work for 2 ms, longer than a training step
/// goes without any, and then sleep; to be woken takes as long as many a loop. After the first
/// 50 µs they look only when nobody else wants the core.
final class WorkerPool: Sendable {
  static let shared = WorkerPool(workers: Parallel.cores - 1)

  private struct Job {
    var pieces = 0
    var body: ((Int) -> Void)?
  }

  /// How often a worker looks for work before it lets others have the core between looks.
  private static let patience = 2000
  /// How long a worker without work stays awake.
  private static let vigil = Duration.milliseconds(2)

  /// Held by the thread whose work is under way; others meanwhile do their work alone.
  private let isTaken = Atomic(false)
  private let isOpen = Atomic(false)
  private let generation = Atomic(0)
  private let nextPiece = Atomic(0)
  private let activeWorkers = Atomic(0)
  private let sleepers = Atomic(0)
  /// The core of the thread that last asked for work.
  private let askersCore = Atomic<Int32>(-1)
  private let alarm = NSCondition()
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
      askersCore.store(processor_core(), ordering: .relaxed)
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
      leaveAskersCore()
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
    let bedtime = ContinuousClock.now + WorkerPool.vigil
    while ContinuousClock.now < bedtime {
      for _ in 0..<16 {
        if generation.load(ordering: .acquiring) != seen { return }
        sched_yield()
      }
      leaveAskersCore()
    }
    alarm.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { alarm.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    alarm.unlock()
  }

  /// Moves to another core if this one is where the work comes from.
  ///
  /// A worker that is woken often starts on the core of the thread that woke it, and would do its share only when
  /// that thread is done.
  private func leaveAskersCore() {
    let core = askersCore.load(ordering: .relaxed)
    if core >= 0 && processor_core() == core { processor_leave_core(core) }
  }
}
