import Testing

/// Runs a test before those that have begun to wait for a core.
///
/// For tests that start processes: while one that has ended waits to be heard of, behind hundreds of other tests, a thread of
/// Swift Testing asks for it again and again.
public struct Ahead: TestTrait, TestScoping {
  /// Runs the test in a task that the system prefers.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withoutActuallyEscaping(function) { function in
      try await Task(priority: .high) { try await function() }.value
    }
  }
}

extension Trait where Self == Ahead {
  /// Runs the test before others; see ``Ahead``.
  public static var ahead: Self { Self() }
}
