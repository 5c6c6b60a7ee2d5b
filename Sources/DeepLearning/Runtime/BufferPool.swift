import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Recycles the memory of tensors.
///
/// A training step allocates the same sizes again and again. Handing each freed block to the next
/// tensor of its size class keeps the operating system, whose page faults cost more than the
/// arithmetic at these sizes, out of the loop. Each doubling of size has four classes, so that at
/// most a fifth of a block is unused.
final class BufferPool: Sendable {
  static let shared = BufferPool()

  /// Blocks of classes above that of 256 MB go back to the operating system when freed.
  private static let largestKept = sizeClass(bytes: 256 << 20).index
  /// Every block is followed by one vector of slack: kernels may read (never write) past the end.
  private static let slack = 64
  private static let smallestBits = 6

  private struct State: @unchecked Sendable {
    var free = [UnsafeMutableRawPointer?](repeating: nil, count: 256)
    var live = 0
  }
  private let state = Mutex(State())

  /// How many blocks are in use, for the tests that look for leaks.
  var liveBlocks: Int { state.withLock { $0.live } }

  /// The size class of a request and the bytes that its blocks hold.
  static func sizeClass(bytes: Int) -> (index: Int, bytes: Int) {
    let wanted = max(bytes, 1 << smallestBits)
    let exponent = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount  // 2^exponent < wanted
    let base = 1 << exponent
    let quarter = max(base / 4, 1)
    let steps = (wanted - base + quarter - 1) / quarter
    let size = (base + steps * quarter + 63) & ~63
    return ((exponent - smallestBits + 1) * 4 + steps, size)
  }

  /// How many classes further up a large block may be taken from: up to twice the size.
  private static let largeReach = 4

  /// A block of at least `bytes` bytes, aligned to 64, with undefined content.
  ///
  /// - Returns: the block, and the number of its size class.
  func take(bytes: Int) -> (block: UnsafeMutableRawPointer, sizeClass: Int) {
    let (index, size) = BufferPool.sizeClass(bytes: bytes)
    let isLarge = size >= 4 << 20
    // The sizes of a network's activations differ; without this there would be a free block of each.
    let reach = isLarge ? BufferPool.largeReach : 0
    let recycled: (UnsafeMutableRawPointer, Int)? = state.withLock { state in
      state.live += 1
      for candidate in index...index + reach {
        guard let head = state.free[candidate] else { continue }
        state.free[candidate] = head.load(as: UnsafeMutableRawPointer?.self)
        return (head, candidate)
      }
      return nil
    }
    if let recycled { return recycled }
    var block: UnsafeMutableRawPointer?
    let status = posix_memalign(&block, isLarge ? 2 << 20 : 64, size + BufferPool.slack)
    guard status == 0, let block else {
      failForMemory("a tensor of \(bytes) bytes does not fit")
    }
    #if os(Linux)
      if isLarge { madvise(block, size, Int32(MADV_HUGEPAGE)) }
    #endif
    return (block, index)
  }

  /// Returns a block that ``take(bytes:)`` gave out as one of that class.
  func give(_ block: UnsafeMutableRawPointer, sizeClass: Int) {
    let isKept = sizeClass <= BufferPool.largestKept
    state.withLock { state in
      state.live -= 1
      if isKept {
        block.storeBytes(of: state.free[sizeClass], as: UnsafeMutableRawPointer?.self)
        state.free[sizeClass] = block
      }
    }
    if !isKept { free(block) }
  }
}
