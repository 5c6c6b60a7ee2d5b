import DeepLearning

/// How strongly the layers of a network answer to a picture of a given size, and how to make them answer more.
struct Excitement {
  private let network: DreamNetwork
  private let recipe: DreamRecipe
  private let model: Model

  init(_ network: DreamNetwork, _ recipe: DreamRecipe, height: Int, width: Int) {
    (self.network, self.recipe) = (network, recipe)
    model = network.model(
      height: height, width: width, layers: recipe.contributions.map(\.layer))
  }

  /// The loss, and its gradient with respect to the picture.
  ///
  /// - Parameter picture: `[1, height, width, 3]`, colours from -1 to 1.
  func valueAndGradient(at picture: Tensor) -> (value: Float, gradient: Tensor) {
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 0))
    let (value, gradient) = DeepLearning.valueAndGradient(at: picture) { picture in
      let activations = model.outputs(for: [network.input(picture).samples], context)
      return zip(activations, recipe.contributions).map(contribution).reduce(.scalar(0), +)
    }
    return (value.item, gradient)
  }

  /// A layer's share of the loss.
  private func contribution(_ activation: Tensor, _ part: DreamRecipe.Contribution) -> Tensor {
    let (height, width) = (activation.shape[1], activation.shape[2])
    // Of a very small picture something must remain.
    let margin = min(recipe.margin, (min(height, width) - 1) / 2)
    let inner = activation[.all, .trimming(margin), .trimming(margin), .all]
    let count = Float(activation.elementCount)
    return switch recipe.measure {
    case .squares: inner.squared().sum() * (part.weight / count)
    case .undividedSquares: inner.squared().sum() * part.weight
    case .mean: inner.sum() * (part.weight / count)
    }
  }
}
