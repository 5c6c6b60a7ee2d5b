import TestSupport
import Testing

@testable import DeepLearning

/// Training a convnet: the same bits each time, learning, and memory that goes back to the pool.
@Suite struct ConvolutionTrainingTests {
  /// One of everything that has weights, and most of what has none.
  private static func network(seed: UInt64 = 42) -> Sequential {
    let model = Sequential(input: [13, 11, 3], seed: seed) {
      Conv2D(16, kernel: 3, padding: .same, activation: .relu, kernelRegularizer: .l2(0.001))
      BatchNormalization()
      MaxPooling2D(2)
      SeparableConv2D(32, kernel: 3, padding: .same, activation: .relu)
      Conv2DTranspose(16, kernel: 3, stride: 2, padding: .same)
      LeakyReLU(0.2)
      DepthwiseConv2D(kernel: 3)
      Dropout(0.2)
      Conv2D(16, kernel: 3, activation: .relu)
      ZeroPadding2D(1)
      AveragePooling2D(2)
      UpSampling2D(2, interpolation: .bilinear)
      Cropping2D(1)
      GlobalAveragePooling2D()
      Dense(3, activation: .softmax)
    }
    model.compile(
      optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    return model
  }

  private static let images = randomTensor([23, 13, 11, 3], seed: 871)
  private static let labels = (0..<23).map { Int32($0 * 5 % 7 % 3) }

  private static func train(seed: UInt64 = 42) throws -> (weights: [Tensor], history: History) {
    let model = network(seed: seed)
    let history = try model.fit(images, labels, epochs: 2, batchSize: 8, validationSplit: 0.2)
    return (model.weights.map(\.value), history)
  }

  @Test("The same seed gives the same bits")
  func sameBits() throws {
    let (a, b) = (try Self.train(), try Self.train())
    #expect(zip(a.weights, b.weights).allSatisfy(haveEqualBits))
    #expect(a.history["val_loss"] == b.history["val_loss"] && a.history["loss"].count == 2)
    let other = try Self.train(seed: 7)
    #expect(other.history["loss"] != a.history["loss"])
  }

  @Test("Runs side by side do not disturb each other")
  func sideBySide() throws {
    let together = try Parallel.map(3) { try Self.train(seed: UInt64($0)).weights }
    for seed in 0..<3 {
      let alone = try Parallel.map(1) { _ in try Self.train(seed: UInt64(seed)).weights }
      #expect(zip(together[seed], alone[0]).allSatisfy(haveEqualBits))
    }
  }

  @Test("Exact and fast training tell the same story")
  func exactAndFast() throws {
    let fast = try Self.train().history["loss"]
    let exact = try Engine.$isExact.withValue(true) { try Self.train().history["loss"] }
    for (a, b) in zip(fast, exact) { expectClose(a, Double(b), relative: 5e-3, "loss") }
  }

  @Test("A convnet learns which half is bright")
  func halves() throws {
    let labels = (0..<60).map { Int32($0 % 2) }
    let noise = randomTensor([60, 12, 12, 1], in: 0...1, seed: 872).scalars
    let images = Tensor(
      noise.enumerated().map { position, value in
        let isTop = position % 144 < 72
        return value + (isTop == (position / 144 % 2 == 0) ? 0.6 : 0)
      }, shape: [60, 12, 12, 1])
    let model = Sequential(input: [12, 12, 1]) {
      Conv2D(16, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Conv2D(16, kernel: 3, activation: .relu)
      Flatten()
      Dense(2, activation: .softmax)
    }
    model.compile(
      optimizer: Adam(learningRate: 0.005), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    let history = try model.fit(images, labels, epochs: 15, batchSize: 20)
    #expect((history["acc"].last ?? 0) == 1)
    #expect((history["loss"].last ?? 9) < 0.3 * history["loss"][0])
  }

  /// In a process of its own, because the pool is shared with all tests that run at the same time.
  @Test("Training steps leak nothing", .ahead)
  func leaks() async {
    await #expect(processExitsWith: .success) {
      let model = Self.network()
      func run() throws {
        try model.fit(Self.images, Self.labels, epochs: 2, batchSize: 8, validationSplit: 0.2)
        _ = model.predict(Self.images)
        _ = valueAndGradient(at: Self.images) { model($0).squared().sum() }
      }
      // The first run makes room for what the optimizer remembers.
      try run()
      let before = BufferPool.shared.liveBlocks
      for _ in 0..<3 { try run() }
      let after = BufferPool.shared.liveBlocks
      require(before == after, "\(before) blocks before the steps, \(after) after them.")
      require(before > 0, "Nothing is counted.")
    }
  }

  @Test("A convnet takes its memory with it", .ahead)
  func release() async {
    await #expect(processExitsWith: .success) {
      _ = (Self.images, Self.labels)
      let before = BufferPool.shared.liveBlocks
      _ = try Self.train()
      let after = BufferPool.shared.liveBlocks
      require(before == after, "\(before) blocks before the model, \(after) after it.")
    }
  }

  @Test("Weights of images are read from a file as they were written")
  func files() throws {
    let folder = try TemporaryFolder()
    let model = Self.network()
    try model.fit(Self.images, Self.labels, batchSize: 8)
    try model.saveWeights(to: folder.file("w.safetensors"))
    let other = Self.network(seed: 3)
    try other.loadWeights(from: folder.file("w.safetensors"))
    #expect(haveEqualBits(model.predict(Self.images), other.predict(Self.images)))
    #expect(model.weights.contains { $0.name == "batch_normalization_1/moving_mean" })
  }

  @Test("Frozen layers keep their weights")
  func frozen() throws {
    let model = Self.network()
    for layer in model.layers.prefix(4) { layer.isTrainable = false }
    let before = model.weights.map(\.value)
    try model.fit(Self.images, Self.labels, batchSize: 8)
    let frozen = model.layers.prefix(4).flatMap(\.weights).count
    #expect(frozen == 2 + 4 + 3)
    for (index, weight) in model.weights.enumerated() {
      #expect(haveEqualBits(weight.value, before[index]) == (index < frozen), "\(weight.name)")
    }
  }
}
