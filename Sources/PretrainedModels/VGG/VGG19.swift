import DataFiles
import DeepLearning

/// The larger sister of ``VGG16``, with sixteen convolutions: the network of the book's style transfer.
///
///     let (base, origin) = try VGG19.load(input: [400, 533, 3])
///     let style = base.outputs(of: ["block1_conv1", "block2_conv1"])
public enum VGG19 {
  static let network = VGGNetwork(
    blocks: [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)],
    weights: KerasWeights(
      network: "VGG19", dataSet: "vgg19",
      baseFile: "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
      fullFile: "vgg19_weights_tf_dim_ordering_tf_kernels.h5"))

  /// The convolutional base, with random weights: 20,024,384 in layers named as in Keras, `block1_conv1` to
  /// `block5_pool`.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way, as five poolings halve them.
  ///   - seed: the seed of the weights, which keep the strength of the signal from layer to layer (He et al., 2015).
  public static func base(input: Shape = [224, 224, 3], seed: UInt64 = 42) -> Model {
    network.base(input: input, seed: seed)
  }

  /// Makes the convolutional base with pretrained weights.
  ///
  /// Keras' files are looked for, with the classifier or without, else fetched; failing that the weights are random.
  /// What it came to is reported and stands in the origin.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - seed: the seed of random weights.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if a file is there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func load(
    input: Shape = [224, 224, 3], from location: DataLocation? = nil, offline: Bool = false,
    seed: UInt64 = 42, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin) {
    try network.load(input: input, from: location, offline: offline, seed: seed, report: report)
  }

  /// Whether a file with the weights lies in the folders of a location.
  package static func isHere(in location: DataLocation) -> Bool {
    network.weights.source(in: location) != nil
  }

  /// The mean colour of ImageNet, which the network expects to be taken off, as blue, green, red.
  public static let meanColor = VGGNetwork.meanColor

  /// Pictures as the network was trained on them: blue, green, red, without the mean colour.
  ///
  /// - Parameter pictures: `[..., 3]`, red, green and blue from 0 to 255.
  /// - Returns: a tensor of the same shape.
  public static func preprocess(_ pictures: Tensor) -> Tensor { VGGNetwork.preprocess(pictures) }
}
