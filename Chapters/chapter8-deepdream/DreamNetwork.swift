import ArgumentParser
import Datasets
import DeepLearning
import Gallery
import PretrainedModels

/// A network that dreams: makes models of it for pictures of any size.
struct DreamNetwork {
  /// The networks to choose from.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case inception, efficientnet, vgg16
  }

  /// The least width and height of a picture in which all of the networks can see something.
  static let smallestSide = 75

  let kind: Kind
  let origin: WeightsOrigin
  /// The layers that can be excited, in their order: those that know where things are.
  let layerNames: [String]
  /// The network as it was loaded, for a small picture.
  private let loaded: Model

  /// Loads the first network whose weights can be had, the book's first; one with random weights if none can.
  ///
  /// - Parameter wanted: the network that it must be, if the user named one.
  /// - Throws: `DataError` if a file of weights cannot be used.
  static func load(_ wanted: Kind?, _ options: RunOptions) throws -> DreamNetwork {
    if let wanted { return try DreamNetwork(wanted, options, offline: options.offline) }
    // The book's network has 88 MB: too much to be fetched without being asked for.
    for (kind, offline) in [
      (Kind.inception, true), (.efficientnet, options.offline), (.vgg16, options.offline),
    ] {
      let network = try DreamNetwork(kind, options, offline: offline)
      if network.origin.kind != .standIn { return network }
    }
    return try DreamNetwork(.efficientnet, options, offline: true)
  }

  private init(_ kind: Kind, _ options: RunOptions, offline: Bool) throws {
    self.kind = kind
    let load =
      switch kind {
      case .inception: InceptionV3.load
      case .efficientnet: EfficientNetLite0.load
      case .vgg16: VGG16.load
      }
    let side = Self.smallestSide
    (loaded, origin) = try load(
      [side, side, 3], options.location, offline, options.seed,
      // Without the network there is nothing to wait for, so nothing to say but what stands in the output.
      offline ? { @Sendable _ in } : standardErrorLine)
    layerNames = Array(loaded.layers.map(\.name).prefix { $0 != "avg_pool" })
  }

  /// The network for pictures of another size, with the outputs of some of its layers.
  func model(height: Int, width: Int, layers: [String]) -> Model {
    let input: Shape = [height, width, 3]
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

  /// What the network takes for a picture with colours from -1 to 1; gradients find their way back.
  func input(_ picture: Tensor) -> Tensor {
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
    switch (origin.kind, kind) {
    case (.official, _): "\(origin.name) dreams, with its official weights."
    case (.mirror, .vgg16): "VGG16 dreams, with weights trained further on finding edges."
    case (.mirror, _): "\(origin.name) dreams, with its authors' weights."
    case (.standIn, _): "\(origin.name) dreams with random weights: it has learned nothing."
    }
  }

  /// The layers to excite if the user names none.
  var contributions: [DreamRecipe.Contribution] {
    // Random weights let little pass to the deeper layers.
    if kind == .efficientnet && origin.kind == .standIn {
      return [DreamRecipe.Contribution(layer: "stem_activation", weight: 100)]
    }
    return kind.contributions
  }

  /// Whether it is the book's network with the book's weights.
  var isBooks: Bool { kind == .inception && origin.kind == .official }
}
