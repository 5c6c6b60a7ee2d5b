import Testing

/// Runs a test before those that have begun to wait for a core.
///
/// For tests that start processes: while one that has ended waits to be heard of, behind hundreds of other tests, a thread of
/// Swift Testing asks for it again and again. Each test target that starts processes has this file.
struct Ahead: TestTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withoutActuallyEscaping(function) { function in
      try await Task(priority: .high) { try await function() }.value
    }
  }
}

extension Trait where Self == Ahead {
  static var ahead: Self { Self() }
}
