import DataFiles
import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("Weights of InceptionV3", .timeLimit(.minutes(30)))
struct InceptionV3LoadingTests {
  private let folder: TemporaryFolder
  private let location: DataLocation
  private let files = InceptionV3.weights

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load() throws -> (model: Model, origin: WeightsOrigin) {
    try InceptionV3.load(input: [75, 75, 3], from: location, offline: true) { _ in }
  }

  /// Puts a file of the fixture where Keras' would be.
  private func add(_ member: String, cutBy count: Int = 0) throws {
    var contents = try ZipArchive(path: fixture("inception-v3.zip")).contents(of: member)
    contents.removeLast(count)
    try folder.write(contents, as: files.baseFile)
  }

  @Test(
    "Every tensor of Keras' file finds its weight; another than the published file is not official")
  func official() throws {
    try add("inception.h5")
    let (model, origin) = try load()
    #expect(
      origin.kind == .otherContent && origin.detail.contains("\(folder.path)/\(files.baseFile)"))
    #expect(model.parameterCount == 21_802_784)
    for number in 1...InceptionV3.convolutionCount {
      let weights = ["conv2d", "batch_normalization"].flatMap {
        model.layer("\($0)_\(number)").weights
      }
      #expect(weights.count == 4)
      // The kernel, then beta, mean and variance.
      for (weight, part) in zip(weights, [0, 0.25, 0.5, 0.75] as [Float]) {
        #expect(
          weight.value.isFull(of: Float(number) + part), "\(weight.name): \(part)")
      }
    }
  }

  @Test("A file that the user names is read wherever it lies, and is the user's own")
  func named() throws {
    let contents = try ZipArchive(path: fixture("inception-v3.zip")).contents(of: "inception.h5")
    try folder.write(contents, as: "mine.h5")
    let path = "\(folder.path)/mine.h5"
    let (model, origin) = try InceptionV3.load(
      input: [75, 75, 3], file: path, from: location, offline: true
    ) { _ in }
    #expect(origin.kind == .own && origin.detail.contains(path))
    #expect(model.layer("conv2d_7").weights[0].value.isFull(of: 7))
  }

  @Test(
    "However a file numbers its layers, their order counts",
    arguments: [
      (["conv2d_10", "conv2d_2", "conv2d_1"], ["conv2d_1", "conv2d_2", "conv2d_10"]),
      (["conv2d_9", "conv2d", "conv2d_10"], ["conv2d", "conv2d_9", "conv2d_10"]),
      (["conv2d_100", "conv2d_99", "conv2d_95"], ["conv2d_95", "conv2d_99", "conv2d_100"]),
      (["conv2d_bn", "conv2d_", "conv2d_-1", "conv2d_x1", "conv2dx", "dense_1", "conv2d_0"], []),
    ])
  func order(names: [String], expected: [String]) {
    #expect(KerasWeights.inOrder(names, kind: "conv2d") == expected)
  }

  @Test("Without weights and network there are random ones, and it is said")
  func standIn() throws {
    let lines = Lines()
    let (model, origin) = try InceptionV3.load(
      input: [75, 75, 3], from: location, offline: true, report: lines.add)
    #expect(origin.kind == .standIn && lines.all.count == 1)
    #expect(lines.all[0].hasPrefix("InceptionV3 weights (stand-in): Random numbers"))
    // The strength of the signal is kept well enough for deep layers to answer.
    let picture = InceptionV3.preprocess(MadeWeights.picture(side: 75))
    let output = model(picture)
    let strength = output.squared().mean().item.squareRoot()
    #expect(output.shape == [1, 1, 1, 2048] && strength > 0.01 && strength < 100, "\(strength)")
  }

  @Test(
    "Weights of another network, of other shapes or cut short are refused",
    arguments: [
      ("shapes.h5", 0, "has the shape [1, 1, 1, 1], but conv2d_1/kernel of InceptionV3 has"),
      ("scaled.h5", 0, "has 4 weights for the layer batch_normalization_1, which has 3"),
      ("inception.h5", 1, "is truncated or damaged"),
      ("inception.h5", 40_000_000, "is truncated or damaged"),
    ])
  func refused(member: String, missing: Int, reason: String) throws {
    try add(member, cutBy: missing)
    let text = sentence { _ = try load() }
    #expect(text.contains(folder.path) && text.contains(reason), "\(text)")
  }

  @Test("VGG16's weights are refused")
  func otherNetwork() throws {
    try folder.write(bytes(of: "vgg16-constant.h5"), as: files.baseFile)
    let text = sentence { _ = try load() }
    #expect(
      text.contains("has 0 layers conv2d, but InceptionV3 has 94: it belongs to another network"))
  }

  @Test("The list of data sets names the file that is looked for")
  func manifest() throws {
    let dataSet = try DataManifest(of: location).dataSet(files.dataSet)
    #expect(dataSet.files.map(\.name) == [files.baseFile] && dataSet.mirror == nil)
  }
}
