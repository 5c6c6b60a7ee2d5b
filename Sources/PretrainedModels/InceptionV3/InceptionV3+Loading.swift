import DataFiles
import DeepLearning

/// Where the weights come from.
extension InceptionV3 {
  static let weights = KerasWeights(
    network: "InceptionV3", dataSet: "inception-v3",
    baseFile: "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
    fullFile: "inception_v3_weights_tf_dim_ordering_tf_kernels.h5")
  /// How many convolutions there are, and normalisations as well.
  static let convolutionCount = 94

  /// Makes the convolutional base with pretrained weights.
  ///
  /// Keras' files are looked for, with the classifier or without, else fetched; failing that the weights are random.
  /// What it came to is reported and stands in the origin.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 75 pixels or more each way.
  ///   - file: a file in Keras' form to read instead of looking for one.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - seed: the seed of random weights.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if a file is there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func load(
    input: Shape = [299, 299, 3], file: String? = nil, from location: DataLocation? = nil,
    offline: Bool = false, seed: UInt64 = 42,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin) {
    let model = base(input: input, seed: seed)
    let origin = try weights.load(
      into: model, file: file, from: location, offline: offline, report: report, fill: fill)
    return (model, origin)
  }

  /// Whether trained weights are there.
  package static func isHere(in location: DataLocation) -> Bool {
    [weights.baseFile, weights.fullFile].contains { location.find($0) != nil }
  }

  /// Sets the weights of a model to those of a file, all of them or none.
  static func fill(_ model: Model, from file: HDF5File) throws {
    var present = Dictionary(grouping: file.datasets, by: \.layer)
    for kind in ["conv2d", "batch_normalization"] {
      try weights.renumber(kind, count: convolutionCount, in: &present, of: file)
    }
    try weights.fill(model, from: file, present)
  }
}
