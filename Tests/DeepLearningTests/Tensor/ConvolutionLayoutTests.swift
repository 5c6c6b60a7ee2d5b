import Testing

@testable import DeepLearning

/// What convolutions leave in blocks of 16 channels is a tensor like any other.
@Suite struct ConvolutionLayoutTests {
  /// The output of a convolution, and the same numbers in row-major order.
  private static func images(
    _ shape: Shape = [3, 4, 5, 32], seed: UInt64 = 851
  ) -> (blocked: Tensor, plain: Tensor) {
    let x = randomTensor(shape, seed: seed)
    let blocked = passedOn(x)
    return (blocked, Tensor(blocked.scalars, shape: shape))
  }

  /// A kernel of one pixel passes each channel through: the output is the input, and so are gradients, in blocks.
  private static func passedOn(_ x: Tensor) -> Tensor {
    let channels = x.shape[3]
    let identity = Tensor(shape: [1, 1, channels, channels]) { buffer in
      for i in buffer.indices { buffer[i] = i % (channels + 1) == 0 ? 1 : 0 }
    }
    return convolve(x, identity)
  }

  private static func convolve(_ x: Tensor, _ kernel: Tensor) -> Tensor {
    let side = Extent2D(height: kernel.shape[0], width: kernel.shape[1])
    let geometry = ConvolutionGeometry(
      input: x.shape, filters: kernel.shape[3], kernel: side, stride: 1, dilation: 1,
      padding: .same)
    return x.convolved(kernel: kernel, bias: nil, geometry)
  }

  @Test("Convolutions leave their result in blocks")
  func blocks() {
    let (blocked, plain) = Self.images()
    #expect(blocked.layout != .rowMajor && plain.layout == .rowMajor)
    #expect(Self.images([2, 3, 3, 17]).blocked.layout == .rowMajor)
  }

  @Test("Numbers in blocks are those of the input")
  func numbers() {
    let (blocked, plain) = Self.images()
    #expect(blocked == randomTensor([3, 4, 5, 32], seed: 851))
    #expect(blocked == plain && haveEqualBits(blocked, plain))
    #expect(blocked.max() == plain.max() && blocked.min() == plain.min())
    var seen: [Float] = []
    blocked.withUnsafeBuffer { seen = Array($0) }
    #expect(seen == plain.scalars)
  }

  struct Operation: Sendable, CustomTestStringConvertible {
    let name: String
    let apply: @Sendable (Tensor) -> Tensor
    var testDescription: String { name }

    init(_ name: String, _ apply: @escaping @Sendable (Tensor) -> Tensor) {
      self.name = name
      self.apply = apply
    }
  }

  private static let other = randomTensor([3, 4, 5, 32], seed: 852)
  private static let row = randomTensor([32], in: 0.5...2, seed: 853)
  private static let column = randomTensor([5, 1], seed: 854)

  static let operations: [Operation] =
    [
      Operation("slice of images") { $0[1..<3] },
      Operation("slice of rows") { $0[.all, .range(1..<3)] },
      Operation("slice of columns") { $0[.all, .all, .range(2..<5)] },
      Operation("slice of insides") { $0[.all, .trimming(1), .range(1..<4)] },
      Operation("slice of channels") { $0[.all, .all, .all, .range(7..<29)] },
      Operation("slice of 16 channels") { $0[.all, .all, .all, .range(16..<32)] },
      Operation("flattened") { $0.reshaped([3, 640]) },
      Operation("reshaped") { $0.reshaped([3, 5, 4, 32]) * $0.reshaped([3, 5, 4, 32]) },
      Operation("reshaped there and back") { ($0.reshaped([60, 32]) + 1).reshaped($0.shape) },
      Operation("transposed") { $0.reshaped([60, 32]).transposed() },
      Operation("sum of both") { $0 + other },
      Operation("sum with itself") { $0 + $0 },
      Operation("reversed difference") { other - $0 },
      Operation("product") { $0 * other },
      Operation("quotient") { other / ($0.squared() + 1) },
      Operation("with a row") { $0 * row + row },
      Operation("row by it") { row / ($0.squared() + 1) },
      Operation("with a column") { $0 - column },
      Operation("with numbers") { 2 * $0 - 0.5 },
      Operation("maximum") { Tensor.maximum($0, other) },
      Operation("clipped") { $0.clipped(-0.5, 0.7) },
      Operation("exponential") { ($0 * 0.5).exp() },
      Operation("root") { ($0.squared() + 0.5).squareRoot() },
      Operation("magnitude") { $0.magnitude },
      Operation("reciprocal") { ($0.squared() + 1).reciprocal() },
      Operation("leaky") { $0.leakyRectified(slope: 0.2) },
      Operation("sum") { $0.sum() },
      Operation("mean") { $0.mean() },
      Operation("sums of images") { $0.sum(axis: 0) },
      Operation("sums of rows") { $0.sum(axis: 1, keepingAxis: true) },
      Operation("sums of channels") { $0.sum(axis: 3) },
      Operation("matrix product") { $0.reshaped([60, 32]).matmul(other.reshaped([32, 60])) },
      Operation("concatenated") { Tensor.concatenated([$0, other, $0]) },
      Operation("concatenated with itself") { Tensor.concatenated([$0, $0.exp(), $0]) },
      Operation("concatenated along rows") { Tensor.concatenated([$0, $0.exp()], axis: 1) },
      Operation("concatenated along images") { Tensor.concatenated([$0, $0.exp()], axis: 0) },
      Operation("padded") { $0.zeroPadded([(0, 0), (1, 0), (0, 2), (0, 0)]) },
      Operation("enlarged") { $0.resized(height: 8, width: 10, .nearest) },
      Operation("global maximum") { $0.globalMaximum() },
      Operation("global mean") { $0.globalMean() },
      Operation("normalised") {
        $0.normalized(gamma: row, beta: row * 0.3, epsilon: 0.001).result
      },
      Operation("normalised by given statistics") {
        $0.normalized(
          gamma: row, beta: row * 0.3, epsilon: 0.001, statistics: (row * 0.1, row)
        ).result
      },
      Operation("max pooling") {
        $0.pooled(
          .max,
          ConvolutionGeometry(
            input: $0.shape, filters: 32, kernel: 2, stride: 2, dilation: 1, padding: .same,
            isDepthwise: true))
      },
      Operation("convolution") { convolve($0, randomTensor([2, 2, 32, 5], seed: 855)) },
      Operation("convolution to blocks") { convolve($0, randomTensor([1, 3, 32, 16], seed: 856)) },
      Operation("once more") { convolve($0 + $0, randomTensor([1, 1, 32, 16], seed: 857)) + 1 },
    ]
    + Activation.allCases.map { activation in
      Operation("\(activation)") { $0.activated(activation) }
    }

  @Test("Operations give the same in either layout", arguments: operations)
  func everyOperation(_ operation: Operation) {
    let (blocked, plain) = Self.images()
    let expected = operation.apply(plain)
    let actual = operation.apply(blocked)
    expectClose(actual, expected, absolute: 2e-5, operation.name)
    let upstream = randomTensor(expected.shape, seed: 858)
    let (_, expectedGradient) = valueAndGradient(at: plain) {
      (operation.apply($0) * upstream).sum()
    }
    let (_, gradient) = valueAndGradient(at: blocked) { (operation.apply($0) * upstream).sum() }
    expectClose(gradient, expectedGradient, absolute: 2e-5, "\(operation.name), gradient")
    // A gradient that comes in blocks, as behind a convolution.
    if upstream.rank == 4, upstream.shape[3] % Layout.block == 0 {
      for (order, operand) in [("blocks", blocked), ("row-major", plain)] {
        let (_, gradient) = valueAndGradient(at: operand) {
          (Self.passedOn(operation.apply($0)) * upstream).sum()
        }
        expectClose(
          gradient, expectedGradient, absolute: 2e-5, "\(operation.name), \(order), back in blocks")
      }
    }
    #expect(haveEqualBits(blocked, plain), "\(operation.name) must not change its operand.")
  }

  @Test("Changing a copy does not change the original")
  func copies() {
    let (blocked, plain) = Self.images()
    var copy = blocked
    copy.withUnsafeMutableBuffer { $0[77] = 1000 }
    #expect(haveEqualBits(blocked, plain))
    var expected = plain.scalars
    expected[77] = 1000
    #expect(copy.scalars == expected)
    // What convolutions read is the new number.
    let kernel = Tensor.ones([1, 1, 32, 16])
    expectClose(
      Self.convolve(copy, kernel), Self.convolve(Tensor(expected, shape: plain.shape), kernel),
      absolute: 2e-4, "after a change")
    // The only owner is written in place, again and again.
    for value in [5, 6] as [Float] {
      copy.withUnsafeMutableBuffer { $0[3] = value }
      #expect(copy.scalars[3] == value)
      let sum = copy.scalars[..<32].reduce(0, +)
      expectClose(Self.convolve(copy, kernel).scalars[0], Double(sum), absolute: 1e-3, "sum")
    }
  }

  @Test("A changed kernel is read anew")
  func changedKernel() {
    let (x, _) = Self.images()
    var kernel = randomTensor([3, 3, 32, 16], seed: 861)
    let before = Self.convolve(x, kernel)
    kernel.withUnsafeMutableBuffer { for i in $0.indices { $0[i] *= 2 } }
    expectClose(Self.convolve(x, kernel), 2 * before, absolute: 2e-4, "twice the kernel")
  }

  @Test("Slices of one tensor serve as kernels")
  func slicedKernels() {
    let (x, _) = Self.images()
    let both = randomTensor([2, 3 * 3 * 32 * 16], seed: 862)
    for index in 0..<2 {
      let shared = both.rows(index..<index + 1).reshaped([3, 3, 32, 16])
      let copied = Tensor(shared.scalars, shape: shared.shape)
      #expect(
        haveEqualBits(Self.convolve(x, shared), Self.convolve(x, copied)), "kernel \(index)")
    }
  }

  @Test("Rows that share memory with images in blocks are the same rows")
  func sharedRows() {
    let (blocked, plain) = Self.images([4, 4, 5, 32])
    let kernel = randomTensor([3, 3, 32, 16], seed: 863)
    let whole = Self.convolve(plain, kernel)
    for images in [0..<1, 1..<3, 3..<4] {
      #expect(haveEqualBits(blocked.rows(images), plain.rows(images)))
      expectClose(
        Self.convolve(blocked.rows(images), kernel), whole.rows(images), absolute: 5e-4,
        "\(images)")
      #expect(haveEqualBits(blocked.rows(images) + 0, plain.rows(images)))
    }
    // Images that begin in the middle of what were images.
    let (a, b) = (blocked.reshaped([80, 32]), plain.reshaped([80, 32]))
    let (shifted, expected) = (
      a.rows(7..<47).reshaped([2, 4, 5, 32]), b.rows(7..<47).reshaped([2, 4, 5, 32])
    )
    #expect(haveEqualBits(shifted, expected))
    #expect(haveEqualBits(shifted + shifted, expected + expected))
    #expect(haveEqualBits(shifted.exp(), expected.exp()))
  }

  @Test("Samples in blocks are shuffled like others")
  func shuffled() {
    let (blocked, plain) = Self.images()
    let order = [2, 0, 0][...]
    #expect(haveEqualBits(blocked.gathering(rows: order), plain.gathering(rows: order)))
    let model = Sequential(input: [4, 5, 32]) {
      Conv2D(16, kernel: 3)
      Flatten()
      Dense(2)
    }
    expectClose(
      model.predict(blocked, batchSize: 2), model.predict(plain, batchSize: 2), absolute: 2e-5,
      "predictions")
  }

  /// A feature map may be trained and saved, as in style transfer.
  @Test("Optimizers update weights in blocks as they update others")
  func weights() throws {
    let (blocked, plain) = Self.images([1, 4, 5, 16])
    let weight = Parameter("image", shape: blocked.shape, initializer: .zeros)
    weight.value = blocked
    let kernel = randomTensor([3, 3, 16, 16], seed: 864)
    let (_, gradients) = valueAndGradients(of: [weight]) {
      Self.convolve(weight.value, kernel).squared().sum()
    }
    let gradient = try #require(gradients[weight])
    for optimizer in [SGD(learningRate: 0.1), Adam(), RMSprop()] as [Optimizer] {
      weight.value = blocked
      let other = Parameter("other", shape: plain.shape, initializer: .zeros)
      other.value = plain
      optimizer.apply(Gradients(parameters: [weight], values: [gradient]))
      let twin = Tensor(gradient.scalars, shape: gradient.shape)
      let fresh: Optimizer =
        optimizer is SGD ? SGD(learningRate: 0.1) : optimizer is Adam ? Adam() : RMSprop()
      fresh.apply(Gradients(parameters: [other], values: [twin]))
      #expect(haveEqualBits(weight.value, other.value), "\(type(of: optimizer))")
    }
    #expect(haveEqualBits(blocked, plain), "The optimizer writes to the weight alone.")

    let folder = try TemporaryFolder()
    let model = Sequential(input: [3, 3, 16]) { Conv2D(16, kernel: [4, 5], padding: .same) }
    model.weights[0].value = Self.images([4, 5, 16, 16]).blocked
    try model.saveWeights(to: folder.file("w"))
    let loaded = Sequential(input: [3, 3, 16], seed: 9) {
      Conv2D(16, kernel: [4, 5], padding: .same)
    }
    try loaded.loadWeights(from: folder.file("w"))
    #expect(haveEqualBits(loaded.weights[0].value, model.weights[0].value))
    let x = randomTensor([2, 3, 3, 16], seed: 865)
    #expect(haveEqualBits(loaded(x), model(x)))
  }
}
