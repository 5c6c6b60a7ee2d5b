import Dispatch

/// Does two things at once and waits for both; if both fail, the first error is thrown.
package func inParallel<First, Second>(
  _ first: @Sendable () throws -> First, _ second: @Sendable () throws -> Second
) throws -> (First, Second) {
  nonisolated(unsafe) var firstResult: Result<First, any Error>?
  nonisolated(unsafe) var secondResult: Result<Second, any Error>?
  DispatchQueue.concurrentPerform(iterations: 2) { index in
    if index == 0 {
      firstResult = Result { try first() }
    } else {
      secondResult = Result { try second() }
    }
  }
  guard let firstResult, let secondResult else { fatalError("concurrentPerform left work undone") }
  return (try firstResult.get(), try secondResult.get())
}
