import DeepLearning

/// Another way to filter patterns than the book's.
struct AscentVariant: Sendable {
  let name: String
  var steps = 40
  /// The darkest grey of the noise at the start.
  var darkest: Float = 128
  /// Whether the gradient of each image is brought to the same strength in every step.
  var isNormalized = true
  /// By how many pixels an image is shifted at random before each step, and back after it.
  var jitter = 0
  /// The standard deviation of a blur after each step, in pixels.
  var blur: Float = 0
}

extension FilterAscent {
  /// Patterns found in another way than the book's.
  ///
  /// - Parameter shouldStop: asked after each step; what has come about so far counts.
  func patterns(
    of filters: [Int], _ variant: AscentVariant, seed: UInt64, shouldStop: () -> Bool
  ) -> [Pattern] {
    var generators = Self.generators(for: filters, seed: seed)
    var images = noise(darkest: variant.darkest, using: &generators)
    var activations: [Float] = []
    for _ in 0..<variant.steps {
      let shifts = generators.indices.map { index in
        variant.jitter == 0
          ? (down: 0, across: 0)
          : (
            down: generators[index].below(2 * variant.jitter + 1) - variant.jitter,
            across: generators[index].below(2 * variant.jitter + 1) - variant.jitter
          )
      }
      if variant.jitter > 0 { images = images.rolled(by: shifts) }
      let gradient: Tensor
      (activations, gradient) = activationsAndGradient(of: filters, at: images)
      images += variant.isNormalized ? Self.normalized(gradient) : gradient
      if variant.jitter > 0 {
        images = images.rolled(by: shifts.map { (down: -$0.down, across: -$0.across) })
      }
      if variant.blur > 0 { images = Blur(variant.blur).apply(to: images) }
      if shouldStop() { break }
    }
    return Self.patterns(in: images, activations)
  }
}
