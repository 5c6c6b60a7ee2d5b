import DataFiles
import DeepLearning

/// The weights of a network as Keras publishes them: which files there are and how they are found.
struct KerasWeights: Sendable {
  /// A package of another project that carries the weights of the base as its authors published them, in an ONNX file.
  struct Package: Sendable {
    /// The package, as pip names its file, and the weights inside.
    let packageFile: String
    let member: String
    /// The layers, as the network names them, and what the file calls kernel and bias of each.
    let names: @Sendable (_ layer: String) -> (kernel: String, bias: String)

    /// What the weights are called once taken out of the package.
    var file: String { member.split(separator: "/").last.map(String.init) ?? member }

    /// The weight file in the package at a path.
    func unpacked(_ path: String) throws -> ONNXFile {
      let bytes = try ZipArchive(path: path).contents(of: member, limit: 1 << 27)
      return try ONNXFile(bytes: bytes, name: "\(path): \(member)")
    }
  }

  /// A place that weights can be read from, by path.
  enum Source {
    /// A file of Keras.
    case keras(String)
    /// The weight file of the package, taken out of it.
    case member(Package, String)
    /// The package.
    case package(Package, String)

    var path: String {
      switch self {
      case .keras(let path), .member(_, let path), .package(_, let path): path
      }
    }
  }

  /// What the network is called, and its name in the list of data sets.
  let network: String
  let dataSet: String
  /// Keras' file of the convolutional base, and that of the whole network, which does as well.
  let baseFile: String
  let fullFile: String
  var package: Package?

  /// Sets a model's weights to the best there are: Keras' files, with the classifier or without, then the
  /// package's. Failing those, they are fetched, and failing that too, the model stays as it is.
  ///
  /// - Parameters:
  ///   - model: the network, with random weights.
  ///   - file: a file in Keras' form to take instead of any of these; nil for none.
  ///   - location: where data lies; nil for where `DLWP_DATA` or the checkout tell.
  ///   - fill: sets the weights of the model to those of a file.
  /// - Returns: where the weights come from, which is also reported.
  func load(
    into model: Model, file: String? = nil, from location: DataLocation?, offline: Bool,
    report: @escaping @Sendable (String) -> Void, fill: (Model, HDF5File) throws -> Void
  ) throws -> WeightsOrigin {
    let location = try location ?? DataLocation()
    let (source, reason) = try location.obtain(dataSet, offline: offline, report: report) {
      file.map { .keras($0) } ?? self.source(in: location)
    }
    switch source {
    case .keras(let path): try fill(model, HDF5File(path: path))
    case .member(let package, let path):
      try self.fill(model, from: ONNXFile(path: path), of: package)
    case .package(let package, let path):
      try self.fill(model, from: package.unpacked(path), of: package)
    case nil: break
    }
    var kind = DataOrigin.Kind.standIn
    if let source {
      kind = location.kind(of: dataSet, readFrom: [source.path]) {
        SHA256.of { sum in model.weights.forEach { sum.add($0.value.scalars) } }
      }
      if kind != .official { kind = self.kind(ofFile: source.path, in: location) }
      if kind != .official && file != nil { kind = .own }
    }
    let origin = origin(of: source, kind, reason: reason)
    report(origin.line)
    return origin
  }

  /// Whether a file is one of Keras', with the classifier or without.
  func kind(ofFile path: String, in location: DataLocation) -> DataOrigin.Kind {
    let all = [dataSet, dataSet + "-classifier"].map { location.kind(ofFile: path, of: $0) }
    return all.contains(.official) ? .official : .otherContent
  }

  /// The best source in the folders of a location.
  func source(in location: DataLocation) -> Source? {
    if let path = location.find(baseFile) ?? location.find(fullFile) { return .keras(path) }
    guard let package else { return nil }
    return location.find(package.file).map { .member(package, $0) }
      ?? location.find(package.packageFile).map { .package(package, $0) }
  }

  func origin(
    of source: Source?, _ kind: DataOrigin.Kind, reason: String
  ) -> WeightsOrigin {
    guard let source else {
      return WeightsOrigin(
        name: network, kind: .standIn,
        detail: "Random numbers: the network has learned nothing. \(reason)")
    }
    let form = if case .keras = source { "in Keras' form" } else { "the base out of a package" }
    let truth =
      kind == .official
      ? "Trained on ImageNet by its authors" : "Not known to be what its authors have trained"
    return WeightsOrigin(
      name: network, kind: kind, detail: "\(truth), \(form). Read from \(source.path).")
  }
}
