// Section 5.4: what does a convnet see?
//
// Three looks inside. What do the channels of the cats-and-dogs network of section 5.2 make of one image? What would
// a filter of VGG16 most like to see: noise is changed, step by step, until the filter answers strongly? And which
// places of a photograph speak for the class that an ImageNet network takes it for?

import DeepLearning

// MARK: - 5.4.1 Intermediate activations

/// The outputs of the first layers of a network, one tensor `[images, height, width, channels]` for each layer.
///
/// - Parameters:
///   - images: `[images, height, width, 3]`.
///   - depth: how many layers; the book's eight are four convolutions, each with its pooling.
func activations(of images: any SamplesConvertible, in network: Model, depth: Int = 8) -> [Tensor] {
  network.outputs(of: network.layers.prefix(depth).map(\.name)).outputs(for: images)
}

// MARK: - 5.4.2 Filters

/// Gradient ascent in images: what would a filter most like to see?
struct FilterAscent {
  /// The network up to the layer whose filters are looked at.
  let model: Model
  let filterCount: Int
  /// Pixels along a side of an image.
  let side: Int

  init(_ base: Model, layer: String) {
    model = base.outputs(of: [layer])
    filterCount = model.outputShapes[0][2]
    side = base.inputShapes[0][0]
  }

  /// Patterns for several filters at once, each in an image of its own; many at once need much memory.
  ///
  /// - Parameter shouldStop: asked after each step; what has come about so far counts.
  func patterns(
    of filters: [Int], steps: Int = 40, darkest: Float = 128, seed: UInt64,
    shouldStop: () -> Bool = { false }
  ) -> [Pattern] {
    var generators = Self.generators(for: filters, seed: seed)
    var images = noise(darkest: darkest, using: &generators)
    var activations: [Float] = []
    for _ in 0..<steps {
      let gradient: Tensor
      (activations, gradient) = activationsAndGradient(of: filters, at: images)
      images += Self.normalized(gradient)
      if shouldStop() { break }
    }
    return Self.patterns(in: images, activations)
  }

  /// A random generator for each filter.
  static func generators(for filters: [Int], seed: UInt64) -> [RandomGenerator] {
    filters.map { RandomGenerator(seed: seed &* 1000 &+ UInt64($0)) }
  }

  /// Grey images with some noise, 20 grey levels of it.
  func noise(darkest: Float = 128, using generators: inout [RandomGenerator]) -> Tensor {
    .concatenated(
      generators.indices.map {
        .uniform([1, side, side, 3], in: darkest..<darkest + 20, using: &generators[$0])
      }, axis: 0)
  }

  /// The mean activation of each filter in its image, and the gradient of their sum: none of the images feels the
  /// gradient of another.
  func activationsAndGradient(of filters: [Int], at images: Tensor) -> ([Float], Tensor) {
    let places = Float(model.outputShapes[0][0] * model.outputShapes[0][1])
    let choice = filters.flatMap { filter in
      (0..<filterCount).map { $0 == filter ? 1 / places : 0 }
    }
    let weights = Tensor(choice, shape: [filters.count, 1, 1, filterCount])
    var output = images
    let (_, gradient) = valueAndGradient(at: images) { images in
      output = model(images)
      return (output * weights).sum()
    }
    let activations = filters.enumerated().map { image, filter in
      output[.index(image), .all, .all, .index(filter)].scalars.reduce(0, +) / places
    }
    return (activations, gradient)
  }

  /// The gradient of each image brought to the same strength: divided by its root mean square.
  static func normalized(_ gradient: Tensor) -> Tensor {
    let rates = (0..<gradient.count).map { image in
      let squares = gradient[.index(image)].scalars.reduce(0) { $0 + $1 * $1 }
      return 1 / ((squares / Float(gradient.elementCount / gradient.count)).squareRoot() + 1e-5)
    }
    return gradient * Tensor(rates, shape: [gradient.count, 1, 1, 1])
  }

  /// `side` x `side` x 3 values, and the mean activation that the last step started from.
  struct Pattern {
    let pixels: [UInt8]
    let activation: Float
  }

  /// The images brought to mean 0.5 and standard deviation 0.1, as most of an image then lies within 0 and 1.
  static func patterns(in images: Tensor, _ activations: [Float]) -> [Pattern] {
    activations.enumerated().map { image, activation in
      let values = images[.index(image)].scalars
      let (mean, deviation) = meanAndDeviation(of: values)
      let scale = 0.1 / (deviation + 1e-5)
      let pixels = values.map { UInt8(max(0, min(1, ($0 - mean) * scale + 0.5)) * 255) }
      return Pattern(pixels: pixels, activation: activation)
    }
  }
}

/// The mean and the standard deviation of values.
func meanAndDeviation(of values: [Float]) -> (mean: Float, deviation: Float) {
  let mean = values.reduce(0, +) / Float(values.count)
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
  return (mean, variance.squareRoot())
}

// MARK: - 5.4.3 Class activation maps

/// Gradient-weighted class activation mapping (R. Selvaraju et al., 2017): where a classifier looks.
struct GradCAM {
  /// From an image to the channels of a layer, and from these to the probabilities of the classes.
  let features, head: Model

  /// - Parameter layer: the name of the layer whose channels are weighted.
  init(_ classifier: Model, layer: String) {
    features = classifier.outputs(of: [layer])
    head = classifier.starting(after: layer)
  }

  /// Row by row, 1 for the place that speaks for the class most; what speaks against it is negative.
  struct Map {
    let width: Int
    let height: Int
    let values: [Float]

    /// The values with the negative ones set to 0, as in the paper and the book.
    var rectified: [Float] { values.map { max($0, 0) } }
  }

  /// The map of a class for an image `[1, height, width, 3]`, prepared for the classifier.
  func map(of image: Tensor, class number: Int) -> Map {
    map(of: image) { head($0)[.all, .index(number)].sum() }
  }

  /// The map of any score of the channels: each channel counts as much as its mean gradient.
  func map(of image: Tensor, score: (_ features: Tensor) -> Tensor) -> Map {
    let features = self.features(image)
    let (height, width, channels) = (features.shape[1], features.shape[2], features.shape[3])
    let (_, gradient) = valueAndGradient(at: features, of: score)
    let weights = gradient.reshaped([height * width, channels]).mean(axis: 0)
    let values = (features.reshaped([height * width, channels]) * weights).mean(axis: 1).scalars
    let largest = values.max() ?? 0
    return Map(
      width: width, height: height, values: largest > 0 ? values.map { $0 / largest } : values)
  }
}
