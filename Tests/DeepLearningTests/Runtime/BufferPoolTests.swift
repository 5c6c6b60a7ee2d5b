import Testing

@testable import DeepLearning

/// The pool of memory blocks.
@Suite struct BufferPoolTests {
  /// All sizes up to some thousand, and those around powers of two beyond.
  private static let sizes: [Int] = {
    var sizes = Array(0...5000)
    for bits in 12...40 {
      for quarters in 4...7 {
        let middle = (1 << bits) / 4 * quarters
        sizes += [-65, -64, -1, 0, 1, 63, 64, 65].map { middle + $0 }
      }
    }
    return sizes
  }()

  @Test("Size classes hold what they should, and rise")
  func sizeClasses() {
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

  @Test(
    "Blocks are aligned, whole, and used again",
    arguments: [0, 1, 64, 65, 1000, 4096, 100_000, 5 << 20])
  func alignment(bytes: Int) {
    let pool = BufferPool()
    let taken = (0..<3).map { _ in pool.take(bytes: bytes) }
    let blocks = taken.map(\.block)
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
    for (block, sizeClass) in taken { pool.give(block, sizeClass: sizeClass) }
    #expect(pool.liveBlocks == 0)
    let again = (0..<3).map { _ in pool.take(bytes: bytes) }
    #expect(Set(again.map(\.block)) == Set(blocks), "not used again")
    for (block, sizeClass) in again { pool.give(block, sizeClass: sizeClass) }
  }

  @Test("Another size class gets another block")
  func otherClass() {
    let pool = BufferPool()
    let (block, sizeClass) = pool.take(bytes: 1000)
    pool.give(block, sizeClass: sizeClass)
    let larger = pool.take(bytes: 3000)
    #expect(larger.block != block)
    pool.give(larger.block, sizeClass: larger.sizeClass)
  }

  @Test("A large block serves requests of half its size, and no smaller ones")
  func largeBlock() {
    let pool = BufferPool()
    let (block, sizeClass) = pool.take(bytes: 16 << 20)
    pool.give(block, sizeClass: sizeClass)
    let small = pool.take(bytes: 5 << 20)
    #expect(small.block != block)
    let half = pool.take(bytes: 9 << 20)
    #expect(half.block == block)
    pool.give(half.block, sizeClass: half.sizeClass)
    let whole = pool.take(bytes: 16 << 20)
    #expect(whole.block == block, "the block is of another class now")
    pool.give(whole.block, sizeClass: whole.sizeClass)
    pool.give(small.block, sizeClass: small.sizeClass)
  }
}
