import DeepLearning

/// The network of Chollet (2017): separable convolutions with residual connections, in 14 blocks.
///
/// Layers are named as in Keras, `block1_conv1` to `block14_sepconv2_act`; the four convolutions of the residual
/// connections are `conv2d_1` to `conv2d_4`. Each convolution has no bias and is followed by batch normalisation.
///
///     let model = Xception.base(input: [250, 250, 3])
public enum Xception {
  /// The convolutional base, with random weights: 20,861,480, of which 54,528 are moving statistics.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 71 pixels or more each way.
  ///   - seed: the seed of the weights.
  public static func base(input: Shape = [299, 299, 3], seed: UInt64 = 42) -> Model {
    require(
      input.rank == 3 && input[2] == 3 && input[0] >= 71 && input[1] >= 71,
      "Xception takes pictures [height, width, 3] of at least 71 x 71 pixels, not \(input).")
    let image = Input(input)
    var blocks = XceptionBlocks()
    var x = image
    for (number, filters, stride) in [(1, 32, 2), (2, 64, 1)] {
      let name = "block1_conv\(number)"
      x = Conv2D(
        filters, kernel: 3, stride: Extent2D(height: stride, width: stride), usesBias: false,
        name: name)(x)
      x = BatchNormalization(name: name + "_bn")(x)
      x = ActivationLayer(.relu, name: name + "_act")(x)
    }
    for (block, filters) in [(2, [128, 128]), (3, [256, 256]), (4, [728, 728])] {
      x = blocks.shrinking(x, block, filters, startsRectified: block > 2)
    }
    for block in 5...12 { x = blocks.keeping(x, block) }
    x = blocks.shrinking(x, 13, [728, 1024], startsRectified: true)
    for (number, filters) in [(1, 1536), (2, 2048)] {
      let name = "block14_sepconv\(number)"
      x = blocks.separable(x, filters, name)
      x = ActivationLayer(.relu, name: name + "_act")(x)
    }
    return Model(inputs: image, outputs: x, name: "xception", seed: seed)
  }

  /// Pictures as the network was trained on them: from -1 to 1.
  ///
  /// - Parameter pictures: red, green and blue from 0 to 255.
  /// - Returns: a tensor of the same shape.
  public static func preprocess(_ pictures: Tensor) -> Tensor { pictures / 127.5 - 1 }
}

/// Numbers the layers without names of their own while the network is put together.
private struct XceptionBlocks {
  private var residuals = 0
  private var sums = 0

  /// A separable convolution, normalised.
  func separable(_ x: SymbolicTensor, _ filters: Int, _ name: String) -> SymbolicTensor {
    let sum = SeparableConv2D(filters, kernel: 3, padding: .same, usesBias: false, name: name)(x)
    return BatchNormalization(name: name + "_bn")(sum)
  }

  private mutating func add(_ x: SymbolicTensor, _ residual: SymbolicTensor) -> SymbolicTensor {
    sums += 1
    return Add(name: "add_\(sums)")(x, residual)
  }

  /// Two convolutions and half the size; the residual connection has a convolution of single pixels.
  mutating func shrinking(
    _ x: SymbolicTensor, _ block: Int, _ filters: [Int], startsRectified: Bool
  ) -> SymbolicTensor {
    residuals += 1
    var residual = Conv2D(
      filters[1], kernel: 1, stride: 2, padding: .same, usesBias: false,
      name: "conv2d_\(residuals)")(x)
    residual = BatchNormalization(name: "batch_normalization_\(residuals)")(residual)
    var y = x
    for (number, filters) in zip(1..., filters) {
      let name = "block\(block)_sepconv\(number)"
      if number > 1 || startsRectified { y = ActivationLayer(.relu, name: name + "_act")(y) }
      y = separable(y, filters, name)
    }
    y = MaxPooling2D(3, stride: 2, padding: .same, name: "block\(block)_pool")(y)
    return add(y, residual)
  }

  /// Three convolutions at one size, added to what they were given.
  mutating func keeping(_ x: SymbolicTensor, _ block: Int) -> SymbolicTensor {
    var y = x
    for number in 1...3 {
      let name = "block\(block)_sepconv\(number)"
      y = separable(ActivationLayer(.relu, name: name + "_act")(y), 728, name)
    }
    return add(y, x)
  }
}
