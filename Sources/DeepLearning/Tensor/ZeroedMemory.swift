import Synchronization

/// Memory of zeros, for row-sparse gradients: only the rows that were written are zeroed again.
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
