import ArgumentParser
import DataFiles
import DeepLearning
import Gallery
import PretrainedModels

/// A network that dreams, for images of any size.
struct DreamNetwork {
  /// The networks to choose from.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case inception = "inception-v3"
    case efficientnet, vgg16
  }

  /// The least width and height at which all of the networks can see something.
  static let smallestSide = 75

  let kind: Kind
  let origin: WeightsOrigin
  /// The layers that can be activated, in their order: those whose outputs have a height and a width.
  let layerNames: [String]
  /// The network as it was loaded, for a small image.
  private let loaded: Model

  /// Loads the first network whose weights can be had, the book's first; one with random weights if none can.
  ///
  /// - Parameters:
  ///   - wanted: the network that it must be, if the user named one.
  ///   - file: the weights of that network, in Keras' form, if the user named a file.
  /// - Throws: `DataError` if a file of weights cannot be used.
  static func load(
    _ wanted: Kind?, weights file: String? = nil, _ options: RunOptions
  ) throws -> DreamNetwork {
    if let wanted {
      return try DreamNetwork(wanted, weights: file, options, offline: options.offline)
    }
    // The book's network has 88 MB: too much to be fetched without being asked for.
    for (kind, offline) in [
      (Kind.inception, true), (.efficientnet, options.offline), (.vgg16, options.offline),
    ] {
      let network = try DreamNetwork(kind, options, offline: offline)
      if network.origin.kind != .standIn { return network }
    }
    return try DreamNetwork(.efficientnet, options, offline: true)
  }

  private init(
    _ kind: Kind, weights file: String? = nil, _ options: RunOptions, offline: Bool
  ) throws {
    self.kind = kind
    let image: Shape = [Self.smallestSide, Self.smallestSide, 3]
    // Without the network there is nothing to wait for, so nothing to say but what stands in the output.
    let report = offline ? { @Sendable _ in } : standardErrorLine
    (loaded, origin) =
      switch kind {
      case .inception:
        try InceptionV3.load(
          input: image, file: file, from: options.location, offline: offline, seed: options.seed,
          report: report)
      case .efficientnet:
        try EfficientNetLite0.load(
          input: image, from: options.location, offline: offline, seed: options.seed,
          report: report)
      case .vgg16:
        try VGG16.load(
          input: image, file: file, from: options.location, offline: offline, seed: options.seed,
          report: report)
      }
    layerNames = Array(loaded.layers.map(\.name).prefix { $0 != "avg_pool" })
  }

  /// What layers make of an image, as a function of the image; gradients find their way back.
  ///
  /// - Parameters:
  ///   - layers: the layers' names.
  ///   - shape: that of the image, `[1, height, width, 3]`.
  func activations(of layers: [String], at shape: Shape) -> (Tensor) -> [Tensor] {
    let model = model(input: [shape[1], shape[2], 3], layers: layers)
    return { image in model.outputs(for: input(image)) }
  }

  /// The network for images of another size, with the outputs of some of its layers.
  private func model(input: Shape, layers: [String]) -> Model {
    let model =
      switch kind {
      case .inception: InceptionV3.base(input: input)
      case .efficientnet: EfficientNetLite0.network(input: input)
      case .vgg16: VGG16.base(input: input)
      }
    for (own, known) in zip(model.weights, loaded.weights) { own.value = known.value }
    // The same numbers in fewer steps, unless a layer is asked for that is folded into another.
    let folded = model.foldingNormalization()
    let isLeft = Set(layers).isSubset(of: folded.layers.map(\.name))
    return (isLeft ? folded : model).outputs(of: layers)
  }

  /// What the network takes for an image with colours from -1 to 1.
  private func input(_ picture: Tensor) -> Tensor {
    switch kind {
    case .inception: picture
    case .efficientnet: (picture * 127.5 + 0.5) / 128
    case .vgg16: picture.matmul(Self.blueFirst) + Self.blueFirstShift
    }
  }

  /// VGG16's preprocessing as a product: the three colours in the opposite order, 127.5 times as strong ...
  private static let blueFirst = Tensor([0, 0, 127.5, 0, 127.5, 0, 127.5, 0, 0], shape: [3, 3])
  /// ... and with the mean colour taken off.
  private static let blueFirstShift = Tensor(VGG16.meanColor.map { 127.5 - $0 })

  /// What every figure says about the network: one short sentence.
  var label: String {
    switch origin.kind {
    case .official: "\(origin.name) dreams, with its official weights."
    case .mirror: "\(origin.name) dreams, with its authors' weights."
    case .otherContent, .own, .drawn:
      "\(origin.name) dreams, not known to have its official weights."
    case .standIn: "\(origin.name) dreams with random weights: it has learned nothing."
    }
  }

  /// The layers to activate if the user names none, with weights that bring the loss of a photograph into the range of
  /// the book's log, so that the same maximum suits every network; found by trying.
  var contributions: [DeepDream.Contribution] {
    switch (kind, origin.kind) {
    case (.inception, _): DeepDream().contributions
    // Random weights let little pass to the deeper layers.
    case (.efficientnet, .standIn): [.init(layer: "stem_activation", weight: 100)]
    case (.efficientnet, _):
      [.init(layer: "block4c_add", weight: 0.05), .init(layer: "block5c_add", weight: 0.05)]
    case (.vgg16, _): [.init(layer: "block4_conv3", weight: 0.1)]
    }
  }

  /// Whether it is the book's network with the book's weights.
  var isBooks: Bool { kind == .inception && origin.kind == .official }
}
