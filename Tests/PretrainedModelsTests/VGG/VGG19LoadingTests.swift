import DataFiles
import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("Weights of VGG19", .timeLimit(.minutes(30)))
struct VGG19LoadingTests {
  private let folder: TemporaryFolder
  private let location: DataLocation
  private let files = VGG19.network.weights

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load() throws -> (model: Model, origin: WeightsOrigin) {
    try VGG19.load(input: [32, 32, 3], from: location, offline: true) { _ in }
  }

  @Test(
    "Every tensor of Keras' file finds its weight; another than the published file is not official")
  func official() throws {
    let weights = try ZipArchive(path: fixture("vgg19.zip")).contents(of: "vgg19.h5")
    try folder.write(weights, as: files.baseFile)
    let (model, origin) = try load()
    let layers = model.layers.filter { !$0.weights.isEmpty }
    #expect(layers.count == 16 && model.parameterCount == 20_024_384)
    // Kernel k is full of k, its bias of -k.
    for (number, layer) in zip(1..., layers) {
      #expect(layer.weights[0].value.isFull(of: Float(number)), "\(layer.name)")
      #expect(layer.weights[1].value.isFull(of: -Float(number)), "\(layer.name)")
    }
    #expect(
      origin.kind == .otherContent && origin.detail.contains("\(folder.path)/\(files.baseFile)"))
    // What has more layers than VGG16 is not taken for it.
    try folder.write(weights, as: VGG16.network.weights.baseFile)
    let text = sentence {
      _ = try VGG16.load(input: [32, 32, 3], from: location, offline: true) { _ in }
    }
    #expect(text.contains("the layer block3_conv4, which VGG16 does not have"), "\(text)")
  }

  @Test("Without weights and network there are random ones, and it is said; no mirror steps in")
  func standIn() throws {
    let package = try #require(VGG16.network.weights.package)
    try folder.write(bytes(of: package.packageFile), as: package.packageFile)
    let lines = Lines()
    let origin = try VGG19.load(
      input: [32, 32, 3], from: location, offline: true, report: lines.add
    ).origin
    #expect(origin.kind == .standIn && lines.all.count == 1)
    #expect(lines.all[0].hasPrefix("VGG19 weights (stand-in): Random numbers"))
  }

  @Test("VGG16's weights are refused, and those of a file cut short")
  func otherNetwork() throws {
    try folder.write(bytes(of: "vgg16-constant.h5"), as: files.baseFile)
    let text = sentence { _ = try load() }
    #expect(text.contains("no block3_conv4/kernel: it belongs to another network than VGG19"))
    try folder.write(bytes(of: "vgg16-constant.h5").dropLast(5000), as: files.baseFile)
    #expect(sentence { _ = try load() }.contains("is truncated or damaged"))
  }

  @Test("The list of data sets names the file that is looked for")
  func manifest() throws {
    let dataSet = try DataManifest(of: location).dataSet(files.dataSet)
    #expect(dataSet.files.map(\.name) == [files.baseFile] && dataSet.mirror == nil)
  }
}
