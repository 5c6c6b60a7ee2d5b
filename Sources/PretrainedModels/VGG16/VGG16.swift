import DeepLearning

/// The network of Simonyan and Zisserman (2014): thirteen convolutions in five blocks, then three
/// dense layers.
///
///     let (base, origin) = try VGG16.load(input: [150, 150, 3])
///     let features = base(VGG16.preprocess(pictures))
public enum VGG16 {
  /// Convolutions and filters of each block.
  private static let blocks = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]
  /// The layers of the classifier that have weights.
  static let classifierLayers = ["fc1", "fc2", "predictions"]

  /// The convolutional base, with random weights: 14,714,688 in layers named as in Keras,
  /// `block1_conv1` to `block5_pool`.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way, as five poolings halve them.
  ///   - seed: the seed of the weights, which keep the strength of the signal from layer to layer
  ///     (He et al., 2015).
  public static func base(input: Shape = [224, 224, 3], seed: UInt64 = 42) -> Model {
    checkInput(input)
    let image = Input(input)
    return Model(inputs: image, outputs: convolutions(image), seed: seed)
  }

  /// The whole network with its 1,000 classes, for pictures of 224 x 224 pixels: 138,357,544 weights,
  /// all zero until they are loaded.
  public static func full() -> Model {
    let image = Input([224, 224, 3])
    var x = Flatten(name: "flatten")(convolutions(image, initializer: { _ in .zeros }))
    for (name, units) in zip(classifierLayers, [4096, 4096, 1000]) {
      x = Dense(
        units, activation: name == "predictions" ? .softmax : .relu, kernelInitializer: .zeros,
        name: name)(x)
    }
    return Model(inputs: image, outputs: x)
  }

  private static func convolutions(
    _ image: SymbolicTensor,
    initializer: (_ fanIn: Int) -> Initializer = { .uniform(limit: (6 / Float($0)).squareRoot()) }
  ) -> SymbolicTensor {
    var x = image
    var channels = 3
    for (block, (count, filters)) in zip(1..., blocks) {
      for layer in 1...count {
        x = Conv2D(
          filters, kernel: 3, padding: .same, activation: .relu,
          kernelInitializer: initializer(9 * channels), name: "block\(block)_conv\(layer)")(x)
        channels = filters
      }
      x = MaxPooling2D(2, name: "block\(block)_pool")(x)
    }
    return x
  }

  static func checkInput(_ input: Shape) {
    require(
      input.rank == 3 && input[2] == 3 && input[0] >= 32 && input[1] >= 32,
      "VGG16 takes pictures [height, width, 3] of at least 32 x 32 pixels, not \(input).")
  }

  /// The mean colour of ImageNet, which the network expects to be taken off, as blue, green, red.
  public static let meanColor: [Float] = [103.939, 116.779, 123.68]

  /// Pictures as the network was trained on them: blue, green, red, without the mean colour.
  ///
  /// The same for all weights that ``load(input:from:offline:seed:report:)`` knows: those of the
  /// mirror were trained with means that differ by one grey level of 255 at most.
  ///
  /// - Parameter pictures: `[..., 3]`, red, green and blue from 0 to 255.
  /// - Returns: a tensor of the same shape.
  public static func preprocess(_ pictures: Tensor) -> Tensor {
    require(
      pictures.shape.last == 3,
      "Pictures have three colours in their last axis, not the shape \(pictures.shape).")
    return Tensor(shape: pictures.shape) { result in
      pictures.withUnsafeBuffer { source in
        for pixel in stride(from: 0, to: source.count, by: 3) {
          for color in 0..<3 {
            result[pixel + color] = source[pixel + 2 - color] - meanColor[color]
          }
        }
      }
    }
  }
}
