import DeepLearning

/// EfficientNet-Lite0 (Tan and Le, 2019, in the variant for small devices): a classifier of 1,000
/// classes in a thirtieth of VGG16's weights.
///
/// Beside VGG16 because its weights are to be had in a package registry. Batch normalisation after
/// each convolution, outputs limited to 6, no squeeze and excitation.
///
///     let (network, origin) = try EfficientNetLite0.load()
///     let probabilities = network(EfficientNetLite0.preprocess(pictures))
public enum EfficientNetLite0 {
  /// The last layer that still knows where things are, `[7, 7, 1280]` for 224 x 224 pixels; what
  /// class activation maps are made of.
  public static let lastFeatureLayer = "top_activation"
  /// The side of the pictures that it was trained on, in pixels.
  public static let side = 224

  /// An inverted bottleneck: channels are multiplied, each is convolved by itself, and the result is
  /// mixed down again.
  struct Block {
    /// What its layers' names start with, as in Keras' EfficientNets.
    let name: String
    let kernel: Int
    let stride: Int
    let inputs: Int
    let expansion: Int
    let outputs: Int

    /// Whether the input is added to what becomes of it.
    var addsInput: Bool { stride == 1 && inputs == outputs }
  }

  /// The blocks: stages of repeated ones, of which only the first of each changes size and channels.
  static let blocks: [Block] = {
    let stages: [(count: Int, kernel: Int, stride: Int, expansion: Int, outputs: Int)] = [
      (count: 1, kernel: 3, stride: 1, expansion: 1, outputs: 16), (2, 3, 2, 6, 24),
      (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
    ]
    var blocks: [Block] = []
    for (number, stage) in zip(1..., stages) {
      for letter in "abcd".prefix(stage.count) {
        blocks.append(
          Block(
            name: "block\(number)\(letter)", kernel: stage.kernel,
            stride: letter == "a" ? stage.stride : 1, inputs: blocks.last?.outputs ?? 32,
            expansion: stage.expansion, outputs: stage.outputs))
      }
    }
    return blocks
  }()

  /// The outputs of the sixteen blocks, `block1a_project_bn` to `block7a_project_bn`; those of blocks that add their
  /// input are `block2b_add` and so on.
  ///
  /// What can be looked at besides, all under names that `foldingNormalization()` leaves: `stem_activation`, in each
  /// block the multiplied channels before and after their convolution (`block2a_expand_activation`,
  /// `block2a_activation`), and ``lastFeatureLayer``. For pictures of 224 x 224 pixels:
  ///
  /// | blocks | side | channels |      | blocks | side | channels |
  /// |--------|------|----------|------|--------|------|----------|
  /// | 1a     | 112  | 16       |      | 5a-5c  | 14   | 112      |
  /// | 2a, 2b | 56   | 24       |      | 6a-6d  | 7    | 192      |
  /// | 3a, 3b | 28   | 40       |      | 7a     | 7    | 320      |
  /// | 4a-4c  | 14   | 80       |      | top    | 7    | 1280     |
  public static let blockOutputs = blocks.map { block in
    block.name + (block.addsInput ? "_add" : "_project_bn")
  }

  /// The network, with random weights: 4,652,008 that are trained and 42,016 moving statistics.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way.
  ///   - seed: the seed of the weights.
  public static func network(input: Shape = [side, side, 3], seed: UInt64 = 42) -> Model {
    require(
      input.rank == 3 && input[2] == 3 && input[0] >= 32 && input[1] >= 32,
      "EfficientNet-Lite0 takes pictures [height, width, 3] of at least 32 x 32 pixels, not \(input)."
    )
    let image = Input(input)
    var x = convolution(image, 32, kernel: 3, stride: 2, prefix: "stem_")
    x = ActivationLayer(.relu6, name: "stem_activation")(x)
    for block in blocks { x = apply(block, to: x) }
    x = convolution(x, 1280, kernel: 1, prefix: "top_")
    x = ActivationLayer(.relu6, name: lastFeatureLayer)(x)
    x = GlobalAveragePooling2D(name: "avg_pool")(x)
    x = Dropout(0.2, name: "top_dropout")(x)
    x = Dense(1000, activation: .softmax, name: "predictions")(x)
    return Model(inputs: image, outputs: x, seed: seed)
  }

  private static func convolution(
    _ x: SymbolicTensor, _ filters: Int, kernel: Extent2D, stride: Extent2D = 1, prefix: String
  ) -> SymbolicTensor {
    let result = Conv2D(
      filters, kernel: kernel, stride: stride, padding: .same, usesBias: false,
      name: prefix + "conv")(x)
    return BatchNormalization(name: prefix + "bn")(result)
  }

  private static func apply(_ block: Block, to input: SymbolicTensor) -> SymbolicTensor {
    let name = block.name
    var x = input
    if block.expansion > 1 {
      x = convolution(x, block.inputs * block.expansion, kernel: 1, prefix: "\(name)_expand_")
      x = ActivationLayer(.relu6, name: "\(name)_expand_activation")(x)
    }
    x = DepthwiseConv2D(
      kernel: Extent2D(integerLiteral: block.kernel),
      stride: Extent2D(integerLiteral: block.stride), padding: .same, usesBias: false,
      name: "\(name)_dwconv")(x)
    x = BatchNormalization(name: "\(name)_bn")(x)
    x = ActivationLayer(.relu6, name: "\(name)_activation")(x)
    x = convolution(x, block.outputs, kernel: 1, prefix: "\(name)_project_")
    guard block.addsInput else { return x }
    return Add(name: "\(name)_add")(x, input)
  }

  /// Pictures as the network was trained on them: from about -1 to 1.
  ///
  /// - Parameter pictures: red, green and blue from 0 to 255.
  /// - Returns: a tensor of the same shape.
  public static func preprocess(_ pictures: Tensor) -> Tensor { (pictures - 127) / 128 }
}
