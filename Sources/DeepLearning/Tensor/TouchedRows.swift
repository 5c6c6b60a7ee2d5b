import Synchronization

/// The rows of a matrix that are not zero, each once: an embedding's gradient touches few.
struct TouchedRows: Sendable {
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

extension Tensor {
  /// The same with each touched row, or else the whole, put through `body`, which must leave zeros zero.
  func mappingTouched(_ body: (Tensor) -> Tensor) -> Tensor {
    guard let touched = storage.touchedRows else { return body(self) }
    let result = Tensor(shape: shape, storage: Storage(zeros: elementCount, touching: touched))
    let compact = body(gathering(rows: touched.rows.map(Int.init)[...]))
    for (position, row) in touched.rows.enumerated() {
      (result.storage.own + Int(row) * touched.width)
        .update(from: compact.pointer + position * touched.width, count: touched.width)
    }
    withExtendedLifetime(compact) {}
    return result
  }

  /// Σx², of a gradient.
  var sumOfSquares: Float {
    guard let touched = storage.touchedRows else { return squared().sum().item }
    return gathering(rows: touched.rows.map(Int.init)[...]).squared().sum().item
  }
}

/// Memory of zeros, for gradients of which few rows are touched: those are zeroed again, not all.
enum ZeroedMemory {
  private struct Block: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let count: Int
    let sizeClass: Int
  }
  /// As many as networks have embeddings in use at a time.
  private static let limit = 4
  private static let free = Mutex<[Block]>([])

  /// Memory for `count` zeros, and its size class.
  static func take(count: Int) -> (UnsafeMutableRawPointer, Int) {
    let known = free.withLock { free in
      free.firstIndex { $0.count == count }.map { free.remove(at: $0) }
    }
    if let known { return (known.pointer, known.sizeClass) }
    let (block, sizeClass) = BufferPool.shared.take(bytes: count * 4)
    block.assumingMemoryBound(to: Float.self).update(repeating: 0, count: count)
    return (block, sizeClass)
  }

  /// Takes back memory that holds zeros only.
  static func give(_ pointer: UnsafeMutablePointer<Float>, count: Int, sizeClass: Int) {
    let isKept = free.withLock { free in
      if free.count == limit { return false }
      free.append(Block(pointer: pointer, count: count, sizeClass: sizeClass))
      return true
    }
    if !isKept { BufferPool.shared.give(pointer, sizeClass: sizeClass) }
  }
}
