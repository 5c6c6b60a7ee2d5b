import DataFiles
import DeepLearning

/// What the networks of Simonyan and Zisserman (2014) have in common: five blocks of convolutions with a pooling at the
/// end of each.
struct VGGNetwork: Sendable {
  /// What the network is called.
  var name: String { weights.network }
  /// Convolutions in each block, and their filters.
  let blocks: [(convolutions: Int, filters: Int)]
  /// Where trained weights are to be had.
  let weights: KerasWeights
  /// The layers of the classifier that have weights.
  static let classifierLayers = ["fc1", "fc2", "predictions"]

  /// The convolutional base, with random weights that keep the strength of the signal from layer to layer (He et al.,
  /// 2015).
  func base(input: Shape, seed: UInt64) -> Model {
    require(
      input.rank == 3 && input[2] == 3 && input[0] >= 32 && input[1] >= 32,
      "\(name) takes pictures [height, width, 3] of at least 32 x 32 pixels, not \(input).")
    let image = Input(input)
    return Model(inputs: image, outputs: convolutions(image), seed: seed)
  }

  func convolutions(
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

  /// Makes the base with the best weights there are, or those of a file in Keras' form.
  func load(
    input: Shape, file: String? = nil, from location: DataLocation?, offline: Bool, seed: UInt64,
    report: @escaping @Sendable (String) -> Void
  ) throws -> (model: Model, origin: WeightsOrigin) {
    let model = base(input: input, seed: seed)
    let origin = try weights.load(
      into: model, file: file, from: location, offline: offline, report: report, fill: fill)
    return (model, origin)
  }

  /// Sets the weights of a model to those of a file, all of them or none.
  func fill(_ model: Model, from file: HDF5File) throws {
    let present = Dictionary(grouping: file.datasets, by: \.layer)
    let names = Set(model.layers.map(\.name))
    if let stranger = present.keys.sorted().first(where: {
      $0.hasPrefix("block") && !names.contains($0)
    }) {
      throw DataError(
        "\(file.name) holds the layer \(stranger), which \(name) does not have: it belongs to "
          + "another network.")
    }
    try weights.fill(model, from: file, present, classifier: Self.classifierLayers)
  }

  /// The mean colour of ImageNet, which the networks expect to be taken off, as blue, green, red.
  static let meanColor: [Float] = [103.939, 116.779, 123.68]

  /// Blue, green, red, without the mean colour.
  static func preprocess(_ pictures: Tensor) -> Tensor {
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
