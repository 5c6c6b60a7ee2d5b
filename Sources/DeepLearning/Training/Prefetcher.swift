import Foundation

/// Asks a stream for batches ahead of training, on a thread of its own.
///
/// A batch is made while the step before is computed; at most ``depth`` wait. They come in the stream's order, so
/// that the result is the same as without.
final class Prefetcher: @unchecked Sendable {
  private static let depth = 2

  private let stream: any BatchStream
  private let state = NSCondition()
  private var ready: [Result<Batch, any Error>] = []
  private var wanted: Int
  private var isRunning = true

  /// - Parameter count: how many batches will be asked for.
  init(_ stream: any BatchStream, count: Int) {
    self.stream = stream
    wanted = count
    Thread.detachNewThread { [self] in work() }
  }

  /// The next batch, waiting for it if need be.
  func next() throws -> Batch {
    state.lock()
    defer { state.unlock() }
    while ready.isEmpty { state.wait() }
    state.broadcast()
    return try ready.removeFirst().get()
  }

  /// Ends the thread after the batch that it is making, and waits for that.
  func stop() {
    state.lock()
    wanted = 0
    state.broadcast()
    while isRunning { state.wait() }
    state.unlock()
  }

  private func work() {
    state.lock()
    while wanted > 0 {
      if ready.count >= Prefetcher.depth {
        state.wait()
        continue
      }
      wanted -= 1
      state.unlock()
      // The other cores are training's.
      let batch = Parallel.$width.withValue(1) { Result { try stream.nextBatch() } }
      state.lock()
      ready.append(batch)
      state.broadcast()
    }
    isRunning = false
    state.broadcast()
    state.unlock()
  }
}
