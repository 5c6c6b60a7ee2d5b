import Testing

@testable import DeepLearning

/// The pool of memory blocks.
@Suite struct BufferPoolTests {
  /// All sizes up to some thousand, and those around powers of two beyond.
  private static let sizes =
    Array(0...5000)
    + (12...40).flatMap { bits in
      (4...7).flatMap { quarters in
        [-65, -64, -1, 0, 1, 63, 64, 65].map { (1 << bits) / 4 * quarters + $0 }
      }
    }

  @Test func `size classes`() {
    var known: [Int: Int] = [:]
    var previous = (index: -1, bytes: 0)
    for size in Self.sizes.sorted() {
      let (index, bytes) = BufferPool.sizeClass(bytes: size)
      #expect(bytes >= size && bytes.isMultiple(of: 64), "\(size)")
      #expect(index >= previous.index && bytes >= previous.bytes, "\(size): not monotone")
      #expect((0..<256).contains(index), "\(size)")
      #expect(known[index, default: bytes] == bytes, "class \(index) has two sizes")
      if size > 1024 { #expect(bytes * 4 <= size * 5 + 256, "\(size): more than a fifth unused") }
      known[index] = bytes
      previous = (index, bytes)
    }
    #expect(known.count > 100)
  }

  @Test(arguments: [0, 1, 64, 65, 1000, 4096, 100_000, 5 << 20])
  func `blocks are aligned, whole, and used again`(bytes: Int) {
    let pool = BufferPool()
    let blocks = (0..<3).map { _ in pool.take(bytes: bytes) }
    #expect(Set(blocks).count == 3)
    #expect(pool.liveBlocks == 3)
    for (number, block) in blocks.enumerated() {
      #expect(UInt(bitPattern: block).isMultiple(of: 64))
      // Any two that overlapped would overwrite each other.
      block.initializeMemory(as: UInt8.self, repeating: UInt8(number + 1), count: bytes)
    }
    for (number, block) in blocks.enumerated() where bytes > 0 {
      #expect(block.load(as: UInt8.self) == UInt8(number + 1))
      #expect(block.load(fromByteOffset: bytes - 1, as: UInt8.self) == UInt8(number + 1))
    }
    for block in blocks { pool.give(block, bytes: bytes) }
    #expect(pool.liveBlocks == 0)
    #expect(Set((0..<3).map { _ in pool.take(bytes: bytes) }) == Set(blocks), "not used again")
    for block in blocks { pool.give(block, bytes: bytes) }
  }

  @Test func `another size class gets another block`() {
    let pool = BufferPool()
    let block = pool.take(bytes: 1000)
    pool.give(block, bytes: 1000)
    let larger = pool.take(bytes: 3000)
    #expect(larger != block)
    pool.give(larger, bytes: 3000)
  }
}
