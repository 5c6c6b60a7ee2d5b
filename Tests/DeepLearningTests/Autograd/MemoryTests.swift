import TestSupport
import Testing

@testable import DeepLearning

/// Memory goes back to the pool. Each test runs in a process of its own, because the pool is shared
/// with all tests that run at the same time.
@Suite struct MemoryTests {
  @Test("Training steps leak nothing", .ahead)
  func leaks() async {
    await #expect(processExitsWith: .success) {
      let model = Sequential(input: [20]) {
        Dense(16, activation: .relu, kernelRegularizer: .l1l2(0.001, 0.001))
        Dropout(0.3)
        Dense(4, activation: .softmax)
      }
      model.compile(optimizer: Adam(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
      let rows = randomRows(50, 20, hasValues: true, density: 0.5, seed: 211)
      let labels = (0..<50).map { Int32($0 % 4) }
      func run() throws {
        try model.fit(rows, labels, epochs: 3, batchSize: 16, validationSplit: 0.2)
        try model.fit(rows.dense, labels, epochs: 2, batchSize: 16)
        _ = model.evaluate(rows, labels)
        _ = model.predict(rows)
        _ = valueAndGradient(at: rows.dense) { model($0).squared().sum() }
      }
      // The first run makes room for what the optimizer remembers.
      try run()
      let before = BufferPool.shared.liveBlocks
      try run()
      let after = BufferPool.shared.liveBlocks
      require(before == after, "\(before) blocks before the steps, \(after) after them.")
      require(before > 0, "Nothing is counted.")
    }
  }

  @Test("A model takes its memory with it", .ahead)
  func release() async {
    await #expect(processExitsWith: .success) {
      func live() throws -> Int {
        let model = Sequential(input: [20]) {
          Dense(16, activation: .relu)
          Dense(1)
        }
        model.compile(optimizer: RMSprop(), loss: .meanSquaredError)
        try model.fit(Tensor.ones([40, 20]), Tensor.ones([40, 1]), epochs: 2)
        return BufferPool.shared.liveBlocks
      }
      let before = BufferPool.shared.liveBlocks
      let during = try live()
      let after = BufferPool.shared.liveBlocks
      require(during > before && after == before, "\(before), \(during), \(after) blocks.")
    }
  }
}
