// Section 8.3: neural style transfer.
//
// One image keeps its content and takes on the style of another. A network trained on photographs judges: content is
// what an upper layer responds to, style is which channels of five layers respond together, wherever in the image. The
// image itself is what is learned: its pixels change until both are right, and neighbours do not differ too much.

import DeepLearning

/// The loss of an image, with the book's constants. Images are `[1, height, width, 3]`, as VGG takes them.
struct StyleTransfer {
  /// The layer of VGG19 whose features are the content.
  static let contentLayer = "block5_conv2"
  /// The layers whose Gram matrices are the style.
  static let styleLayers = [
    "block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1",
  ]

  /// How much each part of the loss counts.
  struct Weights: Equatable, Sendable {
    var content: Float = 0.025
    /// Shared equally by the layers.
    var style: Float = 1
    var variation: Float = 1e-4
  }

  /// The parts of the loss, each times its weight.
  struct Terms {
    var content, style, variation: Tensor
    var total: Tensor { content + style + variation }
  }

  let weights: Weights
  /// The features of an image: of the content layer, then of the style layers.
  private let features: (Tensor) -> [Tensor]
  private let contentFeatures: Tensor
  private let styleGrams: [Tensor]

  /// Looks at the two images, once.
  ///
  /// - Parameters:
  ///   - features: of the content layer, then of the style layers.
  ///   - content: the image whose content is wanted.
  ///   - style: the image whose style is wanted, of the same size.
  init(
    _ features: @escaping (Tensor) -> [Tensor], content: Tensor, style: Tensor,
    weights: Weights = Weights()
  ) {
    (self.features, self.weights) = (features, weights)
    contentFeatures = features(content)[0]
    styleGrams = features(style).dropFirst().map { $0.gramMatrix() }
  }

  /// Content: Σ (difference of features)².
  static func contentLoss(_ features: Tensor, _ wanted: Tensor) -> Tensor {
    (features - wanted).squared().sum()
  }

  /// Style: Σ (difference of Gram matrices)² / (4 · 3² · (height · width)²), 3 and the size being those of the image.
  static func styleLoss(_ gram: Tensor, _ wanted: Tensor, weight: Float, pixels: Int) -> Tensor {
    let size = Float(pixels)
    return weight * (gram - wanted).squared().sum() / (4 * 9 * size * size)
  }

  /// Total variation: Σ (a² + b²)^1.25, a and b the differences from the pixel below and the pixel to the right.
  static func variationLoss(_ image: Tensor) -> Tensor { image.totalVariation(exponent: 1.25) }

  /// The loss of an image.
  func loss(of image: Tensor) -> Terms {
    let features = features(image)
    let styleLosses = zip(features.dropFirst(), styleGrams).map { features, wanted in
      Self.styleLoss(
        features.gramMatrix(), wanted, weight: weights.style / Float(styleGrams.count),
        pixels: image.shape[1] * image.shape[2])
    }
    return Terms(
      content: weights.content * Self.contentLoss(features[0], contentFeatures),
      style: styleLosses.reduce(.scalar(0), +),
      variation: weights.variation * Self.variationLoss(image))
  }

  /// One iteration: 20 evaluations of L-BFGS, which begins without memory each time, as in the book.
  static func iterate(
    from image: Tensor, evaluations: Int = 20,
    lossAndGradient: (Tensor) throws -> (value: Tensor, gradient: Tensor)
  ) rethrows -> LBFGS.Outcome {
    try LBFGS().minimize(image, evaluations: evaluations, of: lossAndGradient)
  }

  /// The whole section: iterations from an image, mostly the content image itself.
  func callAsFunction(_ start: Tensor, iterations: Int = 20, evaluations: Int = 20) -> Tensor {
    var image = start
    for _ in 0..<iterations {
      image =
        Self.iterate(from: image, evaluations: evaluations) { image in
          valueAndGradient(at: image) { loss(of: $0).total }
        }.place
    }
    return image
  }
}
