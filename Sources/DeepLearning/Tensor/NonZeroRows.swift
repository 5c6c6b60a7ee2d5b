/// The rows of a row-sparse matrix that may be other than zero, each once: of an embedding's gradient, those that a batch
/// looked up (TensorFlow's `IndexedSlices`).
struct NonZeroRows: Sendable {
  let rows: [Int32]
  /// The numbers in a row.
  let width: Int

  init(_ rows: [Int32], width: Int) { (self.rows, self.width) = (rows, width) }

  /// The distinct rows among `ids`, in the order in which they first occur.
  init(distinct ids: UnsafeBufferPointer<Int32>, of count: Int, width: Int) {
    self.width = width
    rows = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count / 64 + 1) { seen in
      seen.update(repeating: 0)
      return [Int32](unsafeUninitializedCapacity: min(ids.count, count)) { rows, found in
        for id in ids {
          let bit: UInt64 = 1 << UInt64(id & 63)
          if seen[Int(id >> 6)] & bit == 0 {
            seen[Int(id >> 6)] |= bit
            rows[found] = id
            found += 1
          }
        }
      }
    }
  }
}
