import DataFiles
import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("Weights of VGG16", .timeLimit(.minutes(30)))
struct VGG16LoadingTests {
  private let folder: TemporaryFolder
  private let location: DataLocation
  private let files = VGG16.network.weights
  private let package: KerasWeights.Package

  init() throws {
    package = try #require(files.package)
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func add(_ name: String, as newName: String? = nil) throws {
    try folder.write(bytes(of: name), as: newName ?? name)
  }

  private func load() throws -> (model: Model, origin: WeightsOrigin) {
    try VGG16.load(input: [32, 32, 3], from: location, offline: true) { _ in }
  }

  /// Kernel k of the fixtures is full of k, its bias of -k.
  private func isFilled(_ model: Model) -> Bool {
    let layers = model.layers.filter { !$0.weights.isEmpty }
    return layers.count == 13
      && zip(1..., layers).allSatisfy { number, layer in
        layer.weights[0].value.isFull(of: Float(number))
          && layer.weights[1].value.isFull(of: -Float(number))
      }
  }

  @Test("Keras' file is read, with the classifier or without; other weights in it are not official")
  func official() throws {
    for name in [files.fullFile, files.baseFile] {
      try add("vgg16-constant.h5", as: name)
      let (model, origin) = try load()
      #expect(isFilled(model))
      #expect(origin.kind == .otherContent && origin.detail.contains("\(folder.path)/\(name)"))
    }
  }

  @Test("The base out of the package is the authors' too; Keras' file comes first")
  func packaged() throws {
    try add(package.packageFile)
    let (model, origin) = try load()
    #expect(isFilled(model) && origin.kind == .otherContent)
    #expect(origin.detail.contains("out of a package"))
    try add("vgg16-constant.h5", as: files.baseFile)
    #expect(try load().origin.detail.contains("in Keras' form"))
  }

  @Test("A package with another network, or with none, is refused")
  func otherPackages() throws {
    let onnx: [UInt8] = [8, 7, 0x3a, 0]
    try folder.write(onnx, as: package.file)
    #expect(sentence { _ = try load() }.contains("has no functional_1/block1_conv1_1/"))
    try folder.write(Array("nothing".utf8), as: package.file)
    #expect(sentence { _ = try load() }.contains("not an ONNX file"))
  }

  @Test("Without weights and network there are random ones, the same for a seed, and it is said")
  func standIn() throws {
    let lines = Lines()
    let first = try VGG16.load(
      input: [32, 32, 3], from: location, offline: true, report: lines.add)
    #expect(first.origin.kind == .standIn && first.origin.detail.contains("has learned nothing"))
    #expect(lines.all.count == 1 && lines.all[0].hasPrefix("VGG16 weights (stand-in): Random"))
    let second = VGG16.base(input: [32, 32, 3])
    let third = VGG16.base(input: [32, 32, 3], seed: 1)
    #expect(first.model.weights[0].value == second.weights[0].value)
    #expect(second.weights[0].value != third.weights[0].value)
    // He's limit keeps the strength of the signal through all thirteen layers.
    let noise = MadeWeights.tensor([2, 32, 32, 3], number: 9, from: -100, to: 100)
    let context = ForwardContext(training: false, random: RandomGenerator(seed: 1))
    let output = second.outputs(of: ["block5_conv3"]).outputs(for: [noise.samples], context)[0]
    let strength = output.squared().mean().item.squareRoot()
    #expect(strength > 5 && strength < 500, "\(strength)")
  }

  @Test("The classifier is not made up")
  func noClassifier() throws {
    let lines = Lines()
    let none = try VGG16.loadClassifier(from: location, offline: true, report: lines.add)
    #expect(none == nil && lines.all.count == 1)
    try add("vgg16-constant.h5", as: files.fullFile)
    let text = sentence {
      _ = try VGG16.loadClassifier(from: location, offline: true) { _ in }
    }
    #expect(text.contains("lacks fc1/kernel") && text.contains("without its classifier"))
  }

  @Test(
    "Weights of another network are refused, and nothing is changed",
    arguments: [
      ("keras2.h5", "has no block1_conv1/kernel: it belongs to another network"),
      ("vgg19-like.h5", "holds the layer block3_conv4, which VGG16 does not have"),
      ("vgg16-wrong-shape.h5", "has the shape [3, 3, 4, 64]"),
      ("vgg16-kernel-twice.h5", "more than one block1_conv1/kernel"),
      ("legacy.pth", "is not an HDF5 file"),
    ])
  func otherNetworks(name: String, reason: String) throws {
    try add(name, as: files.baseFile)
    let text = sentence { _ = try load() }
    #expect(text.contains(folder.path) && text.contains(reason), "\(text)")
  }

  @Test("The list of data sets names the files that are looked for")
  func manifest() throws {
    let manifest = try DataManifest(of: location)
    let base = try manifest.dataSet("vgg16")
    #expect(base.files.map(\.name) == [files.baseFile])
    #expect(base.mirror?.name == package.packageFile && base.mirror?.member == package.member)
    #expect(try manifest.dataSet("vgg16-classifier").files.map(\.name) == [files.fullFile])
  }

  @Test("Preprocessing turns colours round and takes the mean off")
  func preprocessing() {
    let result = VGG16.preprocess(Tensor([255, 128, 0], shape: [1, 1, 1, 3]))
    #expect(result.shape == [1, 1, 1, 3])
    let expected: [Float] = [-103.939, 11.221, 131.32]
    #expect(zip(result.scalars, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }
}
