/// Makes what several tests ask for once for each key, however many ask at the same time.
actor Once<Key: Hashable & Sendable, Value: Sendable> {
  private var tasks: [Key: Task<Value, any Error>] = [:]

  /// What was made for a key, or is made now.
  func value(
    of key: Key, _ make: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = tasks[key] ?? Task { try await make() }
    tasks[key] = task
    return try await task.value
  }
}
