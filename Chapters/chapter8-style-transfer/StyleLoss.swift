import DeepLearning

/// What makes a picture bad: that it shows something else than the content picture, that its texture is another than
/// the style picture's, and that neighbouring pixels differ. All three are sums, as the book prints them.
struct StyleLoss {
  /// How much each of the three counts.
  struct Weights: Equatable, Sendable {
    /// The book's numbers.
    var content: Float = 0.025
    /// Shared equally by the layers.
    var style: Float = 1
    var variation: Float = 1e-4
  }

  /// The three parts as they enter the loss, each times its weight.
  struct Parts: Equatable {
    var content, style, variation: Float
    var total: Float { content + style + variation }
    static let zero = Parts(content: 0, style: 0, variation: 0)
  }

  /// What is compared of the style's features.
  enum Texture: Sendable {
    /// The Gram matrix: which channels are strong together.
    case gram
    /// Mean and standard deviation of each channel, nothing about two of them.
    case moments
    /// The features themselves, each at its place.
    case features
  }

  let weights: Weights
  private let texture: Texture
  /// Whether sums become means.
  private let usesMeans: Bool
  private let features: (Tensor) -> [Tensor]
  private let content: Tensor
  private let styles: [Tensor]
  private let pixels: Int

  /// - Parameters:
  ///   - network: for pictures of this size.
  ///   - content: the picture whose content is wanted, as the network takes it.
  ///   - style: the picture whose style is wanted, of the same size.
  ///   - contentLayer: the layer whose features are compared with those of the content picture.
  init(
    _ network: StyleNetwork, content: Tensor, style: Tensor, weights: Weights,
    contentLayer: String = StyleNetwork.contentLayer, texture: Texture = .gram,
    usesMeans: Bool = false
  ) {
    (self.weights, self.texture, self.usesMeans) = (weights, texture, usesMeans)
    pixels = content.shape[1] * content.shape[2]
    features = network.features([contentLayer] + StyleNetwork.styleLayers)
    self.content = features(content)[0]
    styles = features(style).dropFirst().map { Self.summary($0, texture) }
  }

  /// The loss of a picture.
  ///
  /// - Parameter note: receives what it is made of.
  func callAsFunction(_ picture: Tensor, _ note: (Parts) -> Void = { _ in }) -> Tensor {
    let features = features(picture)
    let content = weights.content * contentLoss(features[0])
    let style = styleLoss(features.dropFirst())
    let variation = weights.variation * variationLoss(picture)
    note(Parts(content: content.item, style: style.item, variation: variation.item))
    return content + style + variation
  }

  /// Σ(difference of features)²
  private func contentLoss(_ features: Tensor) -> Tensor {
    total((features - content).squared())
  }

  /// The mean over layers of Σ(difference of Gram matrices)² / (4 · 3² · (height · width)²), where 3 and the size are
  /// those of the picture, for all layers.
  private func styleLoss(_ features: ArraySlice<Tensor>) -> Tensor {
    let size = Float(pixels)
    let share = weights.style / Float(styles.count)
    return zip(features, styles).map { features, wanted in
      let difference = (Self.summary(features, texture) - wanted).squared()
      if usesMeans {
        // Of the Gram matrix's sums too.
        let area = Float(features.shape[1] * features.shape[2])
        return share * difference.mean() / (area * area)
      }
      return share * difference.sum() / (4 * 9 * size * size)
    }.reduce(Tensor.scalar(0), +)
  }

  private func variationLoss(_ picture: Tensor) -> Tensor {
    let sum = picture.totalVariation(exponent: 1.25)
    return usesMeans ? sum / Float(3 * pixels) : sum
  }

  private func total(_ terms: Tensor) -> Tensor { usesMeans ? terms.mean() : terms.sum() }

  private static func summary(_ features: Tensor, _ texture: Texture) -> Tensor {
    switch texture {
    case .gram: return features.gramMatrix()
    case .features: return features
    case .moments:
      let (height, width, channels) = (features.shape[1], features.shape[2], features.shape[3])
      let rows = features.reshaped([height * width, channels])
      let mean = rows.mean(axis: 0)
      let variance = (rows - mean).squared().mean(axis: 0)
      return Tensor.concatenated([mean, (variance + 1e-3).squareRoot()])
    }
  }
}
