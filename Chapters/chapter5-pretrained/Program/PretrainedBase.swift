import ArgumentParser
import DataFiles
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
  /// - Parameter preprocessing: what the base sees; by default 0 to 1, as in the book.
  /// - Throws: `DataError` if weights are there but cannot be used.
  init(_ options: RunOptions, _ preprocessing: Preprocessing?) throws {
    let (model, origin) = try VGG16.load(
      input: Self.input, from: options.location, offline: options.offline, seed: options.seed)
    values = model.weights.map(\.value)
    self.origin = origin
    self.preprocessing = preprocessing ?? .scale
  }

  private init(_ origin: WeightsOrigin, _ preprocessing: Preprocessing, _ values: [Tensor]) {
    (self.origin, self.preprocessing, self.values) = (origin, preprocessing, values)
  }

  /// The same weights, fed otherwise.
  func with(_ preprocessing: Preprocessing) -> PretrainedBase {
    PretrainedBase(origin, preprocessing, values)
  }

  private static let input: Shape = [side, side, 3]

  /// The base alone: from `[150, 150, 3]`, numbers from 0 to 1, to `[4, 4, 512]`.
  func model() -> Sequential {
    Sequential(input: Self.input) { for layer in layers() { layer } }
  }

  /// The base with the book's new classifier on top.
  func extended(seed: UInt64) -> Sequential { chapter5_pretrained.extended(layers(), seed: seed) }

  /// What the base makes of photographs: `[count, 8192]`.
  ///
  /// - Parameters:
  ///   - title: what is going on, for the line of progress.
  ///   - isShown: whether there is one.
  func features(of part: PetPhotographs.Part, _ title: String, isShown: Bool) -> Tensor {
    let progress = ExperimentProgress(
      title, total: (part.count + 19) / 20, unit: "batches", isShown: isShown)
    defer { progress.finish() }
    return chapter5_pretrained.features(
      of: part.x, by: model(), batchDidEnd: progress.advance)
  }

  /// Weights of the extended network that were saved.
  ///
  /// - Throws: `WeightsError`.
  static func savedWeights(_ file: URL) throws -> [Tensor] {
    let model = chapter5_pretrained.extended(VGG16.base(input: input).layers, seed: 0)
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
      case .standIn: "VGG16 with random weights"
      default: "weights not known to be those of VGG16"
      }
    let input = preprocessing == .scale ? nil : "other preprocessing"
    let reasons = [weights, input].compactMap { $0 }
    if !reasons.isEmpty { run.markNotComparable(reasons.joined(separator: ", ")) }
  }

  /// What every figure must tell of the weights; nil for the book's.
  var footnote: String? {
    switch origin.kind {
    case .official: nil
    case .standIn: "VGG16 with random weights: it has learned nothing."
    default: "The weights are not known to be those of VGG16."
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
