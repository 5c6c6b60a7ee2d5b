import DeepLearning

/// The network of Szegedy et al. (2016): branches of convolutions of several sizes side by side, joined again and
/// again.
///
/// Layers are named and numbered as in Keras: the joined branches `mixed0` to `mixed10`, and `conv2d_1` to
/// `conv2d_94` in the order in which Keras makes them. Each convolution is followed by batch normalisation without a
/// scale and by relu.
///
///     let (network, origin) = try InceptionV3.load(input: [400, 600, 3])
///     let activations = network.foldingNormalization().outputs(of: ["mixed2", "mixed3"])
public enum InceptionV3 {
  /// The convolutional base, with random weights: 21,802,784, of which 34,432 are moving statistics.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 75 pixels or more each way.
  ///   - seed: the seed of the weights.
  public static func base(input: Shape = [299, 299, 3], seed: UInt64 = 42) -> Model {
    require(
      input.rank == 3 && input[2] == 3 && input[0] >= 75 && input[1] >= 75,
      "InceptionV3 takes pictures [height, width, 3] of at least 75 x 75 pixels, not \(input).")
    let image = Input(input)
    var branches = InceptionBranches()
    var x = branches.convolution(image, 32, [3, 3], stride: 2, padding: .valid)
    x = branches.convolution(x, 32, [3, 3], padding: .valid)
    x = branches.convolution(x, 64, [3, 3])
    x = MaxPooling2D(3, stride: 2)(x)
    x = branches.convolution(x, 80, [1, 1], padding: .valid)
    x = branches.convolution(x, 192, [3, 3], padding: .valid)
    x = MaxPooling2D(3, stride: 2)(x)
    for (number, pooled) in [(0, 32), (1, 64), (2, 64)] {
      x = branches.joinSquares(x, pooled: pooled, number)
    }
    x = branches.shrinkSquares(x, 3)
    for (number, inner) in [(4, 128), (5, 160), (6, 160), (7, 192)] {
      x = branches.joinStrips(x, inner: inner, number)
    }
    x = branches.shrinkStrips(x, 8)
    for number in [9, 10] { x = branches.joinCrosses(x, number) }
    return Model(inputs: image, outputs: x, seed: seed)
  }

  /// Pictures as the network was trained on them: from -1 to 1.
  ///
  /// - Parameter pictures: red, green and blue from 0 to 255.
  /// - Returns: a tensor of the same shape.
  public static func preprocess(_ pictures: Tensor) -> Tensor { pictures / 127.5 - 1 }
}

/// Numbers the convolutions while the network is put together.
private struct InceptionBranches {
  private var count = 0

  /// A convolution, normalised and rectified.
  mutating func convolution(
    _ x: SymbolicTensor, _ filters: Int, _ kernel: Extent2D, stride: Extent2D = 1,
    padding: Padding = .same
  ) -> SymbolicTensor {
    count += 1
    // Random weights keep the strength of the signal from layer to layer (He et al., 2015).
    let fanIn = kernel.height * kernel.width * (x.shape.last ?? 1)
    let sum = Conv2D(
      filters, kernel: kernel, stride: stride, padding: padding, usesBias: false,
      kernelInitializer: .uniform(limit: (6 / Float(fanIn)).squareRoot()),
      name: "conv2d_\(count)")(x)
    let normal = BatchNormalization(scales: false, name: "batch_normalization_\(count)")(sum)
    return ActivationLayer(.relu, name: "activation_\(count)")(normal)
  }

  /// Several convolutions one after another.
  private mutating func chain(
    _ x: SymbolicTensor, _ layers: (filters: Int, kernel: Extent2D)...
  ) -> SymbolicTensor {
    layers.reduce(x) { convolution($0, $1.filters, $1.kernel) }
  }

  /// The mean of each neighbourhood, and a convolution of single pixels.
  private mutating func pooled(_ x: SymbolicTensor, _ filters: Int) -> SymbolicTensor {
    convolution(AveragePooling2D(3, stride: 1, padding: .same)(x), filters, [1, 1])
  }

  /// Windows of 1, 5 and twice 3.
  mutating func joinSquares(_ x: SymbolicTensor, pooled: Int, _ number: Int) -> SymbolicTensor {
    let one = convolution(x, 64, [1, 1])
    let five = chain(x, (48, [1, 1]), (64, [5, 5]))
    let threes = chain(x, (64, [1, 1]), (96, [3, 3]), (96, [3, 3]))
    return Concatenate(name: "mixed\(number)")(one, five, threes, self.pooled(x, pooled))
  }

  /// Windows of 3 and twice 3, half the size.
  mutating func shrinkSquares(_ x: SymbolicTensor, _ number: Int) -> SymbolicTensor {
    let three = convolution(x, 384, [3, 3], stride: 2, padding: .valid)
    let inner = chain(x, (64, [1, 1]), (96, [3, 3]))
    let threes = convolution(inner, 96, [3, 3], stride: 2, padding: .valid)
    return Concatenate(name: "mixed\(number)")(three, threes, MaxPooling2D(3, stride: 2)(x))
  }

  /// Strips of 7 across and down.
  mutating func joinStrips(_ x: SymbolicTensor, inner: Int, _ number: Int) -> SymbolicTensor {
    let one = convolution(x, 192, [1, 1])
    let seven = chain(x, (inner, [1, 1]), (inner, [1, 7]), (192, [7, 1]))
    let sevens = chain(
      x, (inner, [1, 1]), (inner, [7, 1]), (inner, [1, 7]), (inner, [7, 1]), (192, [1, 7]))
    return Concatenate(name: "mixed\(number)")(one, seven, sevens, pooled(x, 192))
  }

  /// Strips, half the size.
  mutating func shrinkStrips(_ x: SymbolicTensor, _ number: Int) -> SymbolicTensor {
    let three = convolution(
      convolution(x, 192, [1, 1]), 320, [3, 3], stride: 2, padding: .valid)
    let strips = chain(x, (192, [1, 1]), (192, [1, 7]), (192, [7, 1]))
    let seven = convolution(strips, 192, [3, 3], stride: 2, padding: .valid)
    return Concatenate(name: "mixed\(number)")(three, seven, MaxPooling2D(3, stride: 2)(x))
  }

  /// Strips of 3 across and down, side by side.
  mutating func joinCrosses(_ x: SymbolicTensor, _ number: Int) -> SymbolicTensor {
    let one = convolution(x, 320, [1, 1])
    let three = cross(chain(x, (384, [1, 1])), name: "mixed9_\(number - 9)")
    let threes = cross(chain(x, (448, [1, 1]), (384, [3, 3])))
    return Concatenate(name: "mixed\(number)")(one, three, threes, pooled(x, 192))
  }

  private mutating func cross(_ x: SymbolicTensor, name: String? = nil) -> SymbolicTensor {
    let across = convolution(x, 384, [1, 3])
    return Concatenate(name: name)(across, convolution(x, 384, [3, 1]))
  }
}
