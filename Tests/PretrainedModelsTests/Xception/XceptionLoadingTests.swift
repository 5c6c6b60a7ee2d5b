import DataFiles
import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("Weights of Xception", .timeLimit(.minutes(30)))
struct XceptionLoadingTests {
  private let folder: TemporaryFolder
  private let location: DataLocation

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load() throws -> (model: Model, origin: WeightsOrigin) {
    try Xception.load(input: [71, 71, 3], from: location, offline: true) { _ in }
  }

  @Test(
    "Every tensor of a file in Keras' form finds its weight; another than the published file is not official"
  )
  func official() throws {
    let contents = try ZipArchive(path: fixture("xception.zip")).contents(of: "xception.h5")
    try folder.write(contents, as: Xception.weights.baseFile)
    let (model, origin) = try load()
    #expect(origin.kind == .otherContent && origin.detail.contains(Xception.weights.baseFile))
    let weights = model.layers.sorted { $0.name < $1.name }.flatMap(\.weights)
    #expect(weights.count == 234 && model.parameterCount == 20_861_480)
    for (number, weight) in zip(1..., weights) {
      #expect(weight.value.isFull(of: Float(number) / 8), "\(weight.name)")
    }
  }

  @Test("Without weights and network there are random ones, and it is said")
  func standIn() throws {
    let (model, origin) = try load()
    #expect(origin.kind == .standIn)
    let picture = Xception.preprocess(MadeWeights.picture(side: 71))
    let output = model(picture)
    let strength = output.squared().mean().item.squareRoot()
    // Random weights of depthwise convolutions are small by Keras' rule, and so is what comes out.
    #expect(output.shape == [1, 3, 3, 2048] && strength > 0 && strength < 1, "\(strength)")
  }

  @Test("Files of other networks and cut files are refused")
  func refused() throws {
    let inception = try ZipArchive(path: fixture("inception-v3.zip")).contents(of: "inception.h5")
    try folder.write(inception, as: Xception.weights.baseFile)
    #expect(sentence { _ = try load() }.contains("has 94 layers conv2d, but Xception has 4"))
    var own = try ZipArchive(path: fixture("xception.zip")).contents(of: "xception.h5")
    own.removeLast()
    try folder.write(own, as: Xception.weights.baseFile)
    #expect(sentence { _ = try load() }.contains("is truncated or damaged"))
  }

  @Test("The list of data sets names the file that is looked for")
  func manifest() throws {
    let dataSet = try DataManifest(of: location).dataSet("xception")
    #expect(dataSet.files.map(\.name) == [Xception.weights.baseFile])
  }
}
