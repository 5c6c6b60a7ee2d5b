import Testing

@testable import DeepLearning

/// Convolutions side by side, joined, and what may follow: the join's gradient comes back in the order of the follower.
///
/// Convolutions of 16 filters leave blocks of channels, and so does their join; a gradient in row-major order must
/// be cut by pixels all the same.
@Suite struct JoinedImageTests {
  struct Follower: Sendable, CustomTestStringConvertible {
    let name: String
    /// Whether it has kinks, such as two pixels of nearly equal size.
    let hasKinks: Bool
    let layers: @Sendable () -> [Layer]
    var testDescription: String { name }

    init(_ name: String, hasKinks: Bool = false, _ layers: @escaping @Sendable () -> [Layer]) {
      self.name = name
      self.hasKinks = hasKinks
      self.layers = layers
    }
  }

  static let followers = [
    Follower("nothing") { [] },
    Follower("relu", hasKinks: true) { [ActivationLayer(.relu)] },
    Follower("tanh") { [ActivationLayer(.tanh)] },
    Follower("softmax") { [ActivationLayer(.softmax)] },
    Follower("LeakyReLU", hasKinks: true) { [LeakyReLU()] },
    Follower("Flatten") { [Flatten()] },
    Follower("Reshape") { [Reshape([4, 3, 32])] },
    Follower("Dropout") { [Dropout(0)] },
    Follower("Dense") { [Dense(3)] },
    Follower("Dense of 16 units") { [Dense(16)] },
    Follower("Cropping2D") { [Cropping2D([[1, 0], [1, 1]])] },
    Follower("ZeroPadding2D") { [ZeroPadding2D(1)] },
    Follower("UpSampling2D") { [UpSampling2D(2)] },
    Follower("bilinear UpSampling2D") { [UpSampling2D([2, 1], interpolation: .bilinear)] },
    Follower("BatchNormalization") { [BatchNormalization()] },
    Follower("Conv2D of 3 filters") { [Conv2D(3, kernel: 2)] },
    Follower("Conv2D of 16 filters") { [Conv2D(16, kernel: 2, stride: 2, padding: .same)] },
    Follower("DepthwiseConv2D") { [DepthwiseConv2D(kernel: 2)] },
    Follower("SeparableConv2D") { [SeparableConv2D(5, kernel: 2)] },
    Follower("Conv2DTranspose of 3 filters") { [Conv2DTranspose(3, kernel: 2, stride: 2)] },
    Follower("Conv2DTranspose of 16 filters") { [Conv2DTranspose(16, kernel: 2, stride: 2)] },
    Follower("MaxPooling2D", hasKinks: true) { [MaxPooling2D(2)] },
    Follower("AveragePooling2D") { [AveragePooling2D(2, padding: .same)] },
    Follower("GlobalMaxPooling2D", hasKinks: true) { [GlobalMaxPooling2D()] },
    Follower("GlobalAveragePooling2D") { [GlobalAveragePooling2D()] },
  ]

  /// What the follower's input comes from.
  enum Front: CaseIterable {
    /// The image itself, in row-major order.
    case image
    /// A convolution, in blocks of channels.
    case convolution
    case sum, join
  }

  private static func makeModel(
    _ image: Shape, _ front: Front, filters: (Int, Int) = (16, 16), _ layers: [Layer] = []
  ) -> Model {
    let start = Input(image)
    func branch(_ filters: Int) -> SymbolicTensor {
      Conv2D(filters, kernel: 1, usesBias: false)(start)
    }
    let middle =
      switch front {
      case .image: start
      case .convolution: branch(filters.0)
      case .sum: Add()(branch(filters.0), branch(filters.1))
      case .join: Concatenate()(branch(filters.0), branch(filters.1))
      }
    let model = Model(inputs: start, outputs: layers.reduce(middle) { $1($0) })
    for (number, weight) in model.weights.enumerated() {
      weight.value = randomTensor(weight.shape, in: -0.3...0.4, seed: UInt64(880 + number))
    }
    return model
  }

  private func check(
    _ name: String, _ model: Model, hasKinks: Bool = false,
    output: (Tensor) -> Tensor = { $0 }
  ) throws {
    var differences = FiniteDifferences()
    differences.skippable = hasKinks ? 0.6 : 0
    differences.elementsPerTensor = 12
    // Sums of many products round more; channels that are mixed up are off by as much as they are large.
    (differences.absolute, differences.relative) = (3e-3, 3e-3)
    let x = randomTensor(model.inputShapes[0].prepending(2), in: -1...1.3, seed: 871)
    differences.check("\(name), input", at: [x]) { output(model($0[0], training: true)) }
    if !model.trainableWeights.isEmpty {
      try differences.check("\(name), weights", weights: model.trainableWeights) {
        output(model(x, training: true))
      }
    }
  }

  /// Every layer after an input in either order.
  @Test("Gradients pass joins of images", arguments: followers, Front.allCases)
  func gradients(_ follower: Follower, _ front: Front) throws {
    let isJoin = front == .join
    let model = Self.makeModel(
      [3, 4, isJoin ? 16 : 32], front, filters: isJoin ? (16, 16) : (32, 32), follower.layers())
    try check("\(front) and \(follower.name)", model, hasKinks: follower.hasKinks)
  }

  /// Those whose output can be convolved, and comes in blocks.
  static let imageFollowers = followers.filter {
    let shape = makeModel([3, 4, 32], .image, $0.layers()).outputShapes[0]
    return shape.rank == 3 && shape[2] % Layout.block == 0
  }

  /// The same with a convolution behind, from which the gradient comes in blocks.
  @Test("Gradients pass joins of images in blocks", arguments: imageFollowers, Front.allCases)
  func blocks(_ follower: Follower, _ front: Front) throws {
    let isJoin = front == .join
    let model = Self.makeModel(
      [3, 4, isJoin ? 16 : 32], front, filters: isJoin ? (16, 16) : (32, 32),
      follower.layers() + [Conv2D(16, kernel: 1)])
    try check("\(front), \(follower.name), convolution", model, hasKinks: follower.hasKinks)
  }

  /// As small as it can be: two pixels, and the loss right behind the join.
  @Test(
    "Joins of two pixels have the right gradients",
    arguments: [(16, 16), (32, 16), (16, 8), (8, 8)])
  func pixels(_ filters: (Int, Int)) throws {
    try check("\(filters)", Self.makeModel([2, 1, 16], .join, filters: filters))
  }

  @Test(
    "A loss directly behind a join has the right gradients",
    arguments: [Loss.meanSquaredError, .meanAbsoluteError])
  func loss(_ loss: Loss) throws {
    let target = randomTensor([2, 3, 4, 32], seed: 872)
    try check("loss", Self.makeModel([3, 4, 16], .join), hasKinks: true) { loss($0, target) }
  }

  /// The same tensor twice in a join.
  @Test("A join may have the same tensor twice")
  func twice() {
    let kernel = randomTensor([1, 1, 16, 16], seed: 873)
    let x = randomTensor([2, 3, 2, 16], seed: 874)
    let geometry = ConvolutionGeometry(
      input: x.shape, filters: 16, kernel: 1, stride: 1, dilation: 1, padding: .valid)
    FiniteDifferences().check("twice", at: [x, kernel]) {
      let y = $0[0].convolved(kernel: $0[1], bias: nil, geometry)
      return Tensor.concatenated([y, y])
    }
  }
}
