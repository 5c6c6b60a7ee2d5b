import DataFiles
import DeepLearning
import Foundation
import Testing

@testable import PretrainedModels

@Suite("Weights of EfficientNet-Lite0", .timeLimit(.minutes(30)))
struct EfficientNetLoadingTests {
  private let folder: TemporaryFolder
  private let location: DataLocation

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load() throws -> (model: Model, origin: WeightsOrigin) {
    try EfficientNetLite0.load(input: [32, 32, 3], from: location, offline: true) { _ in }
  }

  @Test("Every tensor of the package finds its weight")
  func package() throws {
    try folder.write(
      bytes(of: EfficientNetLite0.packageFile), as: EfficientNetLite0.packageFile)
    let (model, origin) = try load()
    #expect(origin.kind == .mirror && origin.detail.contains("another network than the book's"))
    // Tensor t of the file, in its order, is full of t / 8; that order is the one of the layers.
    let shapes = try JSONDecoder().decode(
      [String: [Int]].self, from: Data(bytes(of: "efficientnet-lite0-shapes.json")))
    #expect(model.weights.count == shapes.count)
    for (number, weight) in zip(1..., model.weights) {
      #expect(
        weight.value.isFull(of: Float(number) / 8), "\(weight.name): \(number)")
    }
  }

  /// Where the real package lies, if it does.
  private static let realData: DataLocation? = (try? DataLocation()).flatMap {
    $0.find(EfficientNetLite0.packageFile) == nil ? nil : $0
  }

  private struct Best: Decodable {
    let classes: [Int]
    let probabilities: [Float]
  }

  @Test("The real weights guess as they do in PyTorch", .enabled(if: realData != nil))
  func real() throws {
    let (model, _) = try EfficientNetLite0.load(from: Self.realData, offline: true) { _ in }
    let expected = try JSONDecoder().decode(
      Best.self, from: Data(bytes(of: "efficientnet-lite0-best.json")))
    let picture = MadeWeights.picture(side: EfficientNetLite0.side)
    let best = try ImageNetClasses.load(from: location, offline: true) { _ in }
      .best(5, of: model(EfficientNetLite0.preprocess(picture)))
    #expect(best.map(\.index) == expected.classes)
    for (guess, probability) in zip(best, expected.probabilities) {
      #expect(abs(guess.probability - probability) < 1e-4)
    }
  }

  @Test("Without weights and network there are random ones, and it is said")
  func standIn() throws {
    let origin = try load().origin
    #expect(origin.kind == .standIn && origin.detail.contains("has learned nothing"))
  }

  @Test("Weights of another network are refused")
  func otherNetwork() throws {
    try folder.write(bytes(of: "legacy.pth"), as: EfficientNetLite0.weightFile)
    let text = sentence { _ = try load() }
    #expect(text.contains("has no _conv_stem.weight: it belongs to another network"), "\(text)")
  }

  @Test("The list of data sets names the files that are looked for")
  func manifest() throws {
    let mirror = try #require(DataManifest(of: location).dataSet("efficientnet-lite0").mirror)
    #expect(mirror.name == EfficientNetLite0.packageFile)
    #expect(mirror.member == EfficientNetLite0.packageMember)
  }

  @Test("The last layer with places can be tapped, and the rest runs from there")
  func gradients() {
    let model = EfficientNetLite0.network(input: [64, 64, 3])
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
    let picture = EfficientNetLite0.preprocess(MadeWeights.picture(side: 64))
    let features = model.outputs(of: [EfficientNetLite0.lastFeatureLayer])
      .outputs(for: [picture.samples], context)[0]
    #expect(features.shape == [1, 2, 2, 1280])
    let head = model.starting(after: EfficientNetLite0.lastFeatureLayer)
    #expect(head(features) == model(picture))
  }

  @Test("Every block's output can be looked at, also once normalisation is folded")
  func blockOutputs() {
    let names = EfficientNetLite0.blockOutputs
    #expect(names.count == 16 && names[0] == "block1a_project_bn" && names[2] == "block2b_add")
    let model = EfficientNetLite0.network()
    let shapes: [Shape] = [
      [112, 112, 16], [56, 56, 24], [56, 56, 24], [28, 28, 40], [28, 28, 40], [14, 14, 80],
      [14, 14, 80], [14, 14, 80], [14, 14, 112], [14, 14, 112], [14, 14, 112], [7, 7, 192],
      [7, 7, 192], [7, 7, 192], [7, 7, 192], [7, 7, 320],
    ]
    #expect(model.outputs(of: names).outputShapes == shapes)
    #expect(model.foldingNormalization().outputs(of: names).outputShapes == shapes)
  }
}
