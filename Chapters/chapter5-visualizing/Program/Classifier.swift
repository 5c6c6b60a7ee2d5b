import ArgumentParser
import DataFiles
import DeepLearning
import Gallery
import Images
import PretrainedModels

/// A network that knows the classes of ImageNet.
struct Classifier {
  /// Pixels along a side of its pictures.
  static let side = 224

  let model: Model
  let origin: WeightsOrigin
  /// The last layer that still knows where things are, and some before it, the deepest first.
  let layers: [String]
  /// The layer before the last one.
  let lastHidden: String
  private let preprocess: (Tensor) -> Tensor

  /// Loads VGG16 with its classifier if its file is there, else EfficientNet-Lite0.
  ///
  /// - Throws: `DataError` if a file cannot be used.
  static func load(_ options: RunOptions) throws -> Classifier {
    // The book's network has 553 MB: too much to be fetched without being asked for.
    if let (model, origin) = try VGG16.loadClassifier(
      from: options.location, offline: true, report: { _ in })
    {
      return Classifier(
        model: model, origin: origin, layers: ["block5_conv3", "block4_conv3", "block3_conv3"],
        lastHidden: "fc2", preprocess: VGG16.preprocess)
    }
    let (model, origin) = try EfficientNetLite0.load(
      from: options.location, offline: options.offline, seed: options.seed)
    return Classifier(
      model: model, origin: origin,
      // Ends of blocks, as the way to the classifier must not pass them by.
      layers: [EfficientNetLite0.lastFeatureLayer, "block5c_add", "block3b_add"],
      lastHidden: "top_dropout", preprocess: EfficientNetLite0.preprocess)
  }

  /// Whether it is the book's network.
  var isBooks: Bool { origin.name == "VGG16" && origin.kind == .official }

  /// A picture as the network takes it: `[1, 224, 224, 3]`.
  func input(_ image: Image) -> Tensor {
    let side = Self.side
    let pixels = image.resized(width: side, height: side).tensor(scale: 1)
    return preprocess(pixels.reshaped([1, side, side, 3]))
  }

  /// The map of a class; by default of the last layer that knows where things are.
  func map(
    of image: Image, class number: Int, score: ClassScore, layer: String? = nil
  ) -> GradCAM.Map {
    let layer = layer ?? layers[0]
    let gradCAM = GradCAM(model, layer: layer)
    if score == .softmax { return gradCAM.map(of: input(image), class: number) }
    let hidden = model.outputs(of: [lastHidden]).starting(after: layer)
    // The weights of the last layer that lead to the class; its bias has no gradient.
    let kernel = model.layers[model.layers.count - 1].weights[0].value
    let column = kernel[.all, .index(number)].reshaped([1, kernel.shape[0]])
    return gradCAM.map(of: input(image)) { features in (hidden(features) * column).sum() }
  }
}

/// What a class map explains.
enum ClassScore: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// The probability of the class, as in the book.
  case softmax
  /// What goes into the softmax, as in the paper: other classes do not matter.
  case logit
}
