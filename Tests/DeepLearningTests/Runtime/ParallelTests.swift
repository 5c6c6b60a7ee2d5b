import Synchronization
import Testing

@testable import DeepLearning

/// Work spread over cores.
@Suite struct ParallelTests {
  @Test(
    "Ranges cover everything once", arguments: [0, 1, 15, 16, 31, 32, 33, 100, 1000, 4097],
    [1, 2, 3, 8])
  func ranges(count: Int, width: Int) {
    let seen = Mutex<[Range<Int>]>([])
    Parallel.$width.withValue(width) {
      Parallel.ranges(count, grain: 16) { range in seen.withLock { $0.append(range) } }
    }
    let ranges = seen.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
    #expect(ranges.flatMap(Array.init) == Array(0..<count))
    #expect(ranges.allSatisfy { $0.lowerBound.isMultiple(of: 16) })
    #expect(ranges.count <= width)
    if count >= 1000 { #expect(ranges.count == width) }
  }

  @Test("Each piece runs once", arguments: [0, 1, 2, 3, 17], [1, 2])
  func pieces(pieces: Int, width: Int) {
    let seen = Mutex<[Int]>([])
    Parallel.$width.withValue(width) {
      Parallel.run(pieces) { piece in seen.withLock { $0.append(piece) } }
    }
    #expect(seen.withLock { $0 }.sorted() == Array(0..<pieces))
  }

  @Test("Map keeps the order and stays on one core each")
  func order() throws {
    let results = try Parallel.map(9) { index in (index * index, Parallel.threads) }
    #expect(results.map(\.0) == [0, 1, 4, 9, 16, 25, 36, 49, 64])
    #expect(results.allSatisfy { $0.1 == 1 })
    #expect(try Parallel.map(0) { $0 }.isEmpty)
  }

  @Test("Map throws the first error in order")
  func firstError() {
    struct Failure: Error, Equatable { let index: Int }
    #expect(throws: Failure(index: 3)) {
      try Parallel.map(8) { index in
        if index >= 3 { throw Failure(index: index) }
        return index
      }
    }
  }

  @Test("The engine tells what it runs on")
  func description() {
    #expect(Engine.threads >= 1)
    #expect(["AVX-512", "AVX2", "NEON", "plain vectors"].contains { Engine.kernels.hasPrefix($0) })
  }
}
