import DeepLearning

/// A loss of the same three parts as the section's, with another layer, another summary of style, or means.
struct VariantLoss {
  /// What is compared of the style's features.
  enum Summary: Sendable {
    /// The Gram matrix: which channels are strong together.
    case gram
    /// Mean and standard deviation of each channel, nothing about two of them.
    case moments
    /// The features themselves, each at its place.
    case features

    func callAsFunction(_ features: Tensor) -> Tensor {
      switch self {
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

  var weights: StyleTransfer.Weights
  private let summary: Summary
  /// Whether sums become means.
  private let usesMeans: Bool
  private let features: (Tensor) -> [Tensor]
  private let contentFeatures: Tensor
  private let styleSummaries: [Tensor]

  init(
    _ features: @escaping (Tensor) -> [Tensor], content: Tensor, style: Tensor,
    weights: StyleTransfer.Weights, summary: Summary = .gram, usesMeans: Bool = false
  ) {
    (self.features, self.weights) = (features, weights)
    (self.summary, self.usesMeans) = (summary, usesMeans)
    contentFeatures = features(content)[0]
    styleSummaries = features(style).dropFirst().map { summary($0) }
  }

  /// The loss of an image.
  func loss(of image: Tensor) -> StyleTransfer.Terms {
    let features = features(image)
    let pixels = image.shape[1] * image.shape[2]
    let share = weights.style / Float(styleSummaries.count)
    let styleLosses = zip(features.dropFirst(), styleSummaries).map { features, wanted in
      let own = summary(features)
      guard usesMeans else {
        return StyleTransfer.styleLoss(own, wanted, weight: share, pixels: pixels)
      }
      // The Gram matrix's sums become means too.
      let area = Float(features.shape[1] * features.shape[2])
      return share * (own - wanted).squared().mean() / (area * area)
    }
    let content = StyleTransfer.contentLoss(features[0], contentFeatures)
    let variation = StyleTransfer.variationLoss(image)
    return StyleTransfer.Terms(
      content: weights.content
        * (usesMeans ? content / Float(contentFeatures.elementCount) : content),
      style: styleLosses.reduce(.scalar(0), +),
      variation: weights.variation * (usesMeans ? variation / Float(3 * pixels) : variation))
  }

  /// The same loss with weights that make each part as large as the section's: the style's part for the content image,
  /// the other two for the style image.
  func matched(to standard: StyleTransfer, content: Tensor, style: Tensor) -> VariantLoss {
    func values(_ loss: (Tensor) -> StyleTransfer.Terms) -> LossValues {
      var values = LossValues(loss(style))
      values.style = LossValues(loss(content)).style
      return values
    }
    let (wanted, own) = (values(standard.loss), values(loss))
    func factor(_ part: KeyPath<LossValues, Float>) -> Float {
      own[keyPath: part] > 0 ? wanted[keyPath: part] / own[keyPath: part] : 1
    }
    var result = self
    result.weights.content *= factor(\.content)
    result.weights.style *= factor(\.style)
    result.weights.variation *= factor(\.variation)
    return result
  }
}
