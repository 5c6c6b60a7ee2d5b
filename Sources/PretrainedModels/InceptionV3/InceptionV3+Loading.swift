import Datasets
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
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - seed: the seed of random weights.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if a file is there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func load(
    input: Shape = [299, 299, 3], from location: DataLocation? = nil, offline: Bool = false,
    seed: UInt64 = 42, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin) {
    let model = base(input: input, seed: seed)
    let origin = try weights.load(
      into: model, from: location, offline: offline, report: report, fill: fill)
    return (model, origin)
  }

  /// Sets the weights of a model to those of a file, all of them or none.
  static func fill(_ model: Model, from file: HDF5File) throws {
    let all = Dictionary(grouping: file.datasets, by: \.layer)
    var present: [String: [HDF5File.Dataset]] = [:]
    for kind in ["conv2d", "batch_normalization"] {
      let names = inOrder(Array(all.keys), kind: kind)
      guard names.count == convolutionCount else {
        throw DataError(
          "\(file.name) has \(names.count) layers \(kind), but InceptionV3 has "
            + "\(convolutionCount): it belongs to another network.")
      }
      for (number, name) in zip(1..., names) { present["\(kind)_\(number)"] = all[name] }
    }
    try weights.fill(model, from: file, present)
  }

  /// The names of a kind of layers in the order in which the network was put together.
  ///
  /// Keras numbers layers through all networks that a program makes: the layer that is `conv2d_1` in one file is
  /// `conv2d` in another and `conv2d_95` in a third, which is why it goes by their order itself.
  static func inOrder(_ names: [String], kind: String) -> [String] {
    names.compactMap { name -> (number: Int, name: String)? in
      if name == kind { return (0, name) }
      guard name.hasPrefix(kind + "_"), let number = Int(name.dropFirst(kind.count + 1)), number > 0
      else { return nil }
      return (number, name)
    }
    .sorted { $0.number < $1.number }.map(\.name)
  }
}
