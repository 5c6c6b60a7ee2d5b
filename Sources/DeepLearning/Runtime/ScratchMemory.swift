import Foundation
import Synchronization

/// Memory that a kernel needs while it runs.
///
/// One growing piece for each kernel that runs at the same time, whatever it computes: scratch memory is often
/// larger than the tensors, and every layer's is of another size.
final class ScratchMemory {
  let pointer: UnsafeMutablePointer<Float>
  private let bytes: Int

  private struct Piece: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let bytes: Int
  }
  private static let free = Mutex<[Piece]>([])

  /// Takes the largest free piece, and makes it larger if need be.
  init(bytes: Int) {
    // Kernels may read (never write) a vector past the end.
    let bytes = bytes + 64
    let largest = ScratchMemory.free.withLock { free -> Piece? in
      guard let index = free.indices.max(by: { free[$0].bytes < free[$1].bytes }) else {
        return nil
      }
      return free.remove(at: index)
    }
    if let largest, largest.bytes >= bytes {
      self.bytes = largest.bytes
      pointer = largest.pointer.assumingMemoryBound(to: Float.self)
      return
    }
    if let largest { Foundation.free(largest.pointer) }
    self.bytes = bytes
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, bytes >= 4 << 20 ? 2 << 20 : 64, self.bytes) == 0, let block else {
      failForMemory("a layer needs \(bytes) bytes to work in")
    }
    #if os(Linux)
      if bytes >= 4 << 20 { madvise(block, bytes, Int32(MADV_HUGEPAGE)) }
    #endif
    pointer = block.assumingMemoryBound(to: Float.self)
  }

  deinit {
    let piece = Piece(pointer: UnsafeMutableRawPointer(pointer), bytes: bytes)
    ScratchMemory.free.withLock { $0.append(piece) }
  }
}
