// Section 7.3: getting the most out of models.
//
// Three patterns that make networks easier to train or smaller: batch normalization, depthwise separable convolutions,
// and (from section 7.1) residual connections. Then what is done once a network works: its hyperparameters are searched
// for, by chance rather than by hand, and several networks are asked instead of one.

import DeepLearning
import Foundation

// MARK: - 7.3.1 Batch normalization

/// Where the layers of a network are normalized. The book does it after the activation; the paper of 2015 before.
enum Normalization: String, CaseIterable, Sendable {
  case none
  case afterActivation = "after"
  case beforeActivation = "before"

  /// A layer that ends in a rectifier, normalized.
  ///
  /// - Parameter layer: makes the layer with a given activation.
  @LayerBuilder func callAsFunction(_ layer: (Activation) -> Layer) -> [Layer] {
    switch self {
    case .none: layer(.relu)
    case .afterActivation:
      layer(.relu)
      BatchNormalization()
    case .beforeActivation:
      layer(.linear)
      BatchNormalization()
      ActivationLayer(.relu)
    }
  }
}

/// A small convnet for digits, normalized after its convolutions and after its densely connected layer.
func convnet(_ normalized: Normalization, learningRate: Float = 1e-3, seed: UInt64) -> Model {
  var layers = normalized { Conv2D(32, kernel: 3, activation: $0) }
  layers += [MaxPooling2D(2)]
  layers += normalized { Conv2D(32, kernel: 3, activation: $0) }
  layers += [MaxPooling2D(2), Flatten()]
  layers += normalized { Dense(32, activation: $0) }
  return classifier([28, 28, 1], layers, learningRate: learningRate, seed: seed)
}

/// Layers that end in ten probabilities, compiled as everywhere in this section.
func classifier(
  _ input: Shape, _ layers: [Layer], learningRate: Float = 1e-3, seed: UInt64
) -> Model {
  let model = Sequential(input: input, seed: seed) {
    for layer in layers { layer }
    Dense(10, activation: .softmax)
  }
  model.compile(
    optimizer: RMSprop(learningRate: learningRate), loss: .categoricalCrossEntropy,
    metrics: [.accuracy])
  return model
}

// MARK: - Depthwise separable convolutions

/// The layers of the book's network for pictures of 64 x 64 pixels; with ten classes 38,949 parameters.
func separableLayers(_ normalized: Normalization = .none) -> [Layer] {
  func separable(_ filters: Int) -> [Layer] {
    normalized { SeparableConv2D(filters, kernel: 3, activation: $0) }
  }
  return separable(32) + separable(64) + [MaxPooling2D(2)]
    + separable(64) + separable(128) + [MaxPooling2D(2)]
    + separable(64) + separable(128) + [GlobalAveragePooling2D(), Dense(32, activation: .relu)]
}

// MARK: - Residual connections

/// Convolutions one after another, with or without shortcuts around every second one.
///
/// - Parameters:
///   - depth: the number of layers with weights: a convolution, pairs of them, and the classifier.
///   - hasShortcuts: whether each pair's input is added to its output.
func deepNetwork(
  depth: Int = 20, hasShortcuts: Bool, normalized: Normalization = .none, seed: UInt64
) -> Model {
  func convolution(_ x: SymbolicTensor) -> SymbolicTensor {
    normalized { Conv2D(16, kernel: 3, padding: .same, activation: $0) }.reduce(x) { $1($0) }
  }
  let image = Input([28, 28, 1])
  var x = MaxPooling2D(2)(convolution(MaxPooling2D(2)(image)))
  for _ in 0..<(depth - 2) / 2 {
    let residual = convolution(convolution(x))
    x = hasShortcuts ? Add()(x, residual) : residual
  }
  let model = Model(
    inputs: image, outputs: Dense(10, activation: .softmax)(Flatten()(x)), seed: seed)
  model.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
  return model
}

// MARK: - 7.3.2 Hyperparameters

/// What is chosen before training, for densely connected networks.
struct Hyperparameters: Sendable {
  var layers = 2
  var units = 16
  var learningRate: Float = 1e-3
  var dropout: Float = 0

  /// A draw: 1 to 3 layers of 4 to 256 units, learning rates from 0.0001 to 0.1, both evenly on a logarithmic scale,
  /// and dropout up to 0.6.
  static func random(using random: inout RandomGenerator) -> Hyperparameters {
    Hyperparameters(
      layers: 1 + random.below(3), units: Int(exp2(2 + 6 * random.uniform()).rounded()),
      learningRate: pow(10, -4 + 3 * random.uniform()), dropout: 0.6 * random.uniform())
  }

  /// The network; one class stands for a yes or no.
  func model(inputs: Int, classes: Int, seed: UInt64) -> Model {
    let model = Sequential(input: [inputs], seed: seed) {
      for _ in 0..<layers {
        Dense(units, activation: .relu)
        Dropout(dropout)
      }
      Dense(classes, activation: classes == 1 ? .sigmoid : .softmax)
    }
    model.compile(
      optimizer: RMSprop(learningRate: learningRate),
      loss: classes == 1 ? .binaryCrossEntropy : .categoricalCrossEntropy, metrics: [.accuracy])
    return model
  }
}

// MARK: - 7.3.3 Ensembles

/// The weighted mean of several models' predictions; by default all count equally.
func ensemble(_ predictions: [Tensor], weights: [Float]? = nil) -> Tensor {
  let weights = weights ?? predictions.map { _ in 1 / Float(predictions.count) }
  return zip(predictions, weights).dropFirst().reduce(predictions[0] * weights[0]) {
    $0 + $1.0 * $1.1
  }
}

/// The weights, none below zero and 1 in sum, for which the ensemble's cross-entropy on validation data is lowest.
func learnedWeights(_ predictions: [Tensor], _ targets: Tensor) -> [Float] {
  func weights(_ place: [Double]) -> [Float] {
    let powers = place.map { exp($0 - (place.max() ?? 0)) }
    return powers.map { Float($0 / powers.reduce(0, +)) }
  }
  let search = NelderMead(step: 1, tolerance: 1e-4).minimize(
    predictions.map { _ in 0 }, evaluations: 100 * predictions.count
  ) { Double(categoricalCrossEntropy(ensemble(predictions, weights: weights($0)), targets).item) }
  return weights(search.place)
}
