import ArgumentParser
import Datasets
import DeepLearning
import Foundation
import Gallery
import PretrainedModels

/// What the network sees of a picture.
enum Preprocessing: String, CaseIterable, Sendable, ExpressibleByArgument {
  /// Red, green and blue from 0 to 1, as the book has it.
  case scale
  /// Blue, green and red from 0 to 255 without ImageNet's mean colour, as VGG16 was trained.
  case vgg
}

/// The convolutional base of VGG16 and where its weights come from.
struct PretrainedBase: Sendable {
  let origin: WeightsOrigin
  let preprocessing: Preprocessing
  private let values: [Tensor]

  /// Finds the weights, or fetches them; failing both, they are random.
  ///
  /// - Parameter preprocessing: what the base sees; by default what suits the weights.
  /// - Throws: `DataError` if weights are there but cannot be used.
  init(_ options: RunOptions, _ preprocessing: Preprocessing?) throws {
    let (model, origin) = try VGG16.load(
      input: Self.input, from: options.location, offline: options.offline, seed: options.seed)
    values = model.weights.map(\.value)
    self.origin = origin
    // Measured in (a): the weights tuned for edges come to 0.74 with it and to 0.69 without.
    self.preprocessing = preprocessing ?? (origin.kind == .mirror ? .vgg : .scale)
  }

  private init(_ origin: WeightsOrigin, _ preprocessing: Preprocessing, _ values: [Tensor]) {
    (self.origin, self.preprocessing, self.values) = (origin, preprocessing, values)
  }

  /// The same weights, fed otherwise.
  func with(_ preprocessing: Preprocessing) -> PretrainedBase {
    PretrainedBase(origin, preprocessing, values)
  }

  private static let input: Shape = [Pictures.side, Pictures.side, 3]

  /// The base alone: from `[150, 150, 3]`, numbers from 0 to 1, to `[4, 4, 512]`.
  func model() -> Sequential {
    Sequential(input: Self.input) { for layer in layers() { layer } }
  }

  /// The base with the book's new classifier on top: 16,812,353 parameters in 30 tensors.
  func extended(seed: UInt64) -> Sequential { Self.extended(layers(), seed: seed) }

  private static func extended(_ base: [Layer], seed: UInt64) -> Sequential {
    Sequential(input: input, seed: seed) {
      for layer in base { layer }
      Flatten()
      Dense(256, activation: .relu)
      Dense(1, activation: .sigmoid)
    }
  }

  /// Weights of the extended network that were saved.
  ///
  /// - Throws: `WeightsError`.
  static func savedWeights(_ file: URL) throws -> [Tensor] {
    let model = extended(VGG16.base(input: input).layers, seed: 0)
    try model.loadWeights(from: file)
    return model.weights.map(\.value)
  }

  /// Layers of their own for every model, with the pretrained weights.
  private func layers() -> [Layer] {
    let base = VGG16.base(input: Self.input)
    for (weight, value) in zip(base.weights, values) { weight.value = value }
    return (preprocessing == .vgg ? [ImageNetColors()] : []) + base.layers
  }

  /// Says which weights these are, what they see, and why they are not to be judged by the book's.
  func announce(in run: ChapterRun) {
    run.note("VGG16 weights (\(origin.kind.rawValue)): \(origin.detail)")
    if preprocessing == .vgg {
      run.note("VGG16 sees pictures as it was trained on them, not 0 to 1 as in the book.")
    }
    let weights: String? =
      switch origin.kind {
      case .official: nil
      case .mirror: "VGG16 tuned for edges"
      case .standIn: "VGG16 with random weights"
      }
    let input = preprocessing == .scale ? nil : "other preprocessing"
    let reasons = [weights, input].compactMap { $0 }
    if !reasons.isEmpty { run.doNotJudge(reasons.joined(separator: ", ")) }
  }

  /// What every figure must tell of the weights; nil for the book's.
  var footnote: String? {
    switch origin.kind {
    case .official: nil
    case .mirror: "VGG16 that was trained further on finding edges, not the book's."
    case .standIn: "VGG16 with random weights: it has learned nothing."
    }
  }
}

/// Turns pictures as the book feeds them, from 0 to 1, into those that VGG16 was trained on.
private final class ImageNetColors: Layer {
  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    switch inputs[0] {
    case .dense(let pictures): VGG16.preprocess(pictures * 255)
    case .pixels(let pictures):
      VGG16.preprocess(Pixels(pictures.bytes, shape: pictures.shape, scale: 1).tensor)
    default: fail("\(name) takes pictures.")
    }
  }
}

extension Model {
  /// Lets the last of the base's five blocks learn, and no others.
  ///
  /// - Parameter count: how many blocks, from 0 for a frozen base to 5.
  func unfreeze(blocks count: Int) {
    for layer in layers where layer.name.hasPrefix("block") {
      let block = layer.name.dropFirst(5).first?.wholeNumberValue ?? 0
      layer.isTrainable = block > 5 - count
    }
  }
}
