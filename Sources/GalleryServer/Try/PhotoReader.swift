import DataFiles
import Datasets
import DeepLearning
import Foundation
import Images
import PretrainedModels

/// What a network takes a photograph for, and where it looks.
struct PhotoAnswer: Encodable, Sendable {
  /// A class.
  struct Guess: Encodable, Sendable {
    let name: String
    let probability: Float
    /// `width` by `height` values, 255 for the place that speaks for the class most, 0 for those that do not.
    let heat: Data
    let sentence: String
  }

  /// The most probable classes, the first of them first.
  let guesses: [Guess]
  let width: Int
  let height: Int
}

/// A classifier of ImageNet with Grad-CAM, as in section 5.4.
struct PhotoReader {
  /// Pixels along a side of the pictures that the network takes.
  private static let side = 224
  /// As in the section's program, so that both say the same.
  private static let longestSide = 1000
  private static let guessCount = 5

  /// From a picture to the last channels that know where things are, and from these to the probabilities.
  private let features, head: Model
  private let preprocess: (Tensor) -> Tensor
  private let classes: ImageNetClasses
  private let name: String
  private let isTrained: Bool

  /// Which files there are to read from: with others a new reader is needed.
  static func files(in location: DataLocation) -> [String?] {
    [
      VGG16.classifierPath(in: location), EfficientNetLite0.path(in: location),
      ImageNetClasses.path(in: location),
    ]
  }

  /// Loads VGG16 with its classifier, the book's network, if it is there, else EfficientNet-Lite0: without the network.
  ///
  /// - Throws: `DataError` if a file cannot be used.
  init(from location: DataLocation) throws {
    let classes = try ImageNetClasses.load(from: location, offline: true, report: { _ in })
    if let (model, origin) = try VGG16.loadClassifier(
      from: location, offline: true, report: { _ in })
    {
      self.init(
        model, layer: "block5_conv3", preprocess: VGG16.preprocess, classes, name: origin.name,
        isTrained: true)
    } else {
      let (model, origin) = try EfficientNetLite0.load(
        from: location, offline: true, report: { _ in })
      // The same numbers in fewer steps.
      self.init(
        model.foldingNormalization(), layer: EfficientNetLite0.lastFeatureLayer,
        preprocess: EfficientNetLite0.preprocess,
        classes, name: origin.name, isTrained: origin.kind != .standIn)
    }
  }

  /// - Parameter layer: the name of the last layer that knows where things are.
  init(
    _ model: Model, layer: String, preprocess: @escaping (Tensor) -> Tensor,
    _ classes: ImageNetClasses, name: String, isTrained: Bool
  ) {
    features = model.outputs(of: [layer])
    head = model.starting(after: layer)
    (self.preprocess, self.classes) = (preprocess, classes)
    (self.name, self.isTrained) = (name, isTrained)
  }

  /// What the network has learned from, and what is missing.
  var sentence: String {
    guard isTrained else {
      return "\(name) has random weights here, it has learned nothing: "
        + "swift run fetch-data efficientnet-lite0 fetches trained ones (17 MB)."
    }
    return "\(name) has learned from 1.3 million photographs of 1,000 classes (ImageNet)."
      + (classes.kind == .standIn
        ? " The names of the classes are not here: swift run fetch-data imagenet-classes." : "")
  }

  /// - Throws: `Refusal` if it is no photograph.
  func read(_ bytes: Data) throws -> PhotoAnswer {
    let side = Self.side
    let image = try SentPhotograph.read(bytes, side: Self.longestSide)
      .resized(width: side, height: side)
    let features = self.features(preprocess(image.tensor(scale: 1).reshaped([1, side, side, 3])))
    let guesses = classes.best(Self.guessCount, of: head(features))
    return PhotoAnswer(
      guesses: guesses.map { guess in
        PhotoAnswer.Guess(
          name: guess.name, probability: guess.probability,
          heat: heat(of: features, class: guess.index), sentence: sentence(guess))
      }, width: features.shape[2], height: features.shape[1])
  }

  /// Each channel counts as much as the mean gradient of the class's probability to it.
  private func heat(of features: Tensor, class number: Int) -> Data {
    let places = features.shape[1] * features.shape[2]
    let channels = features.shape[3]
    let (_, gradient) = valueAndGradient(at: features) { head($0)[.all, .index(number)].sum() }
    let weights = gradient.reshaped([places, channels]).mean(axis: 0)
    let values = (features.reshaped([places, channels]) * weights).mean(axis: 1).scalars
    let largest = values.max() ?? 0
    return Data(values.map { largest > 0 ? UInt8(max(0, 255 * $0 / largest)) : 0 })
  }

  private func sentence(_ guess: ImageNetClasses.Guess) -> String {
    let percent = String(format: "%.1f", 100 * guess.probability)
    guard isTrained else {
      return
        "To a network that has learned nothing all classes are alike: \(percent)% for this one."
    }
    return
      "The network gives “\(guess.name)” \(percent)%. Red is where its last convolution finds what speaks for "
      + "that class, against all others; blue places do not count."
  }
}

extension Studio {
  func look(at photograph: Data) throws -> PhotoAnswer { try photoReader().read(photograph) }

  /// The reader of the files that are there now.
  func photoReader() throws -> PhotoReader {
    let location = try location()
    let files = PhotoReader.files(in: location)
    if let known = reader, known.files == files { return known.reader }
    do {
      let made = try PhotoReader(from: location)
      reader = (files, made)
      return made
    } catch {
      throw Refusal(409, "The network cannot be used: \(error)")
    }
  }

  /// A photograph for those who have none at hand.
  ///
  /// - Throws: `Refusal` if it is not there.
  func photograph(_ name: String) throws -> Data {
    guard Self.samples.contains(name),
      let found = try? Photographs.load(
        name, from: location(), offline: true, report: { _ in })
    else { throw Refusal.notFound }
    return found.bytes
  }

  /// The photographs that are there.
  var photographs: [String] {
    guard let location = try? location() else { return [] }
    return Self.samples.filter { Photographs.path(of: $0, in: location) != nil }
  }

  private static let samples = ["chelsea", "coffee", "rocket", "astronaut"]
}
