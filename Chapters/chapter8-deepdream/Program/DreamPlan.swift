import DeepLearning

/// How the program dreams: the section's recipe, and what images of any size and the experiments need besides.
struct DreamPlan {
  var dream = DeepDream()
  /// Larger images are worked on in tiles of this many pixels along a side.
  var tile = 512
  /// By how many pixels the image is shifted at random before each step, and back after it.
  var jitter = 0
  /// Whether what a smaller size has lost of the original is put back.
  var reinjectsDetail = true
  /// What is maximised; experiments bring a loss of their own.
  var loss: (DeepDream, [Tensor]) -> Tensor = { $0.loss(of: $1) }

  /// The layers and their weights in a sentence.
  var description: String {
    let layers = dream.contributions.map { "\($0.layer) \($0.weight)" }
    return "Excited: \(layers.joined(separator: ", "))."
  }

  /// The section's octaves; without the detail if that is wanted.
  func octaves(
    of original: Tensor, ascend: (Tensor) throws -> Tensor, octaveDidEnd: (Tensor) throws -> Void
  ) rethrows -> Tensor {
    if reinjectsDetail {
      return try dream.dream(about: original, ascend: ascend, octaveDidEnd: octaveDidEnd)
    }
    return try dream.sizes(of: original).reduce(original) { image, size in
      let image = try ascend(image.resized(height: size.height, width: size.width))
      try octaveDidEnd(image)
      return image
    }
  }

  /// The loss and its gradient at one size.
  func gradient(
    by network: DreamNetwork, at shape: Shape, random: RandomGenerator
  ) -> TiledGradient {
    let activations = network.activations(
      of: dream.contributions.map(\.layer),
      at: [1, min(shape[1], tile), min(shape[2], tile), 3])
    return TiledGradient(
      loss: { loss(dream, activations($0)) }, tile: tile, jitter: jitter, random: random)
  }
}
