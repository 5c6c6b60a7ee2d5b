import DataFiles
import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("The classes of ImageNet")
struct ImageNetClassesTests {
  private let folder: TemporaryFolder
  private let location: DataLocation

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load() throws -> ImageNetClasses {
    try ImageNetClasses.load(from: location, offline: true) { _ in }
  }

  /// A file as Keras', its entries in no order.
  private func index(_ count: Int) -> [UInt8] {
    let entries = (0..<count).map { "\"\($0)\": [\"n\($0)\", \"a_thing_\($0)\"]" }
    return Array("{\(entries.reversed().joined(separator: ", "))}".utf8)
  }

  @Test("Keras' file goes before the package, that before plain numbers")
  func sources() throws {
    var classes = try load()
    #expect(classes.kind == .standIn && classes.names.count == 1000)
    #expect(classes.names[386] == "class 386")
    try folder.write(bytes(of: ImageNetClasses.packageFile), as: ImageNetClasses.packageFile)
    classes = try load()
    #expect(classes.kind == .mirror && classes.names[386] == "thing 1930")
    try folder.write(index(1000), as: ImageNetClasses.file)
    classes = try load()
    #expect(classes.kind == .official && classes.names[386] == "a thing 386")
  }

  @Test("The best classes come first, equal ones in order")
  func best() throws {
    var probabilities = [Float](repeating: 0, count: 1000)
    (probabilities[7], probabilities[3], probabilities[900]) = (0.25, 0.5, 0.25)
    let best = try load().best(3, of: Tensor(probabilities, shape: [1, 1000]))
    #expect(best.map(\.index) == [3, 7, 900] && best.map(\.probability) == [0.5, 0.25, 0.25])
    #expect(best[0].name == "class 3")
  }

  @Test("What is no such list is refused")
  func refused() throws {
    for contents in [[], Array("{}".utf8), index(999), index(1001), Array("[1]".utf8)] {
      let path = try folder.write(contents, as: ImageNetClasses.file)
      #expect(sentence { _ = try load() }.contains("\(path) is not the list"))
    }
  }

  @Test("The list of data sets names the files that are looked for")
  func manifest() throws {
    let dataSet = try DataManifest(of: location).dataSet("imagenet-classes")
    #expect(dataSet.files.map(\.name) == [ImageNetClasses.file])
    #expect(dataSet.mirror?.name == ImageNetClasses.packageFile)
    #expect(dataSet.mirror?.member == ImageNetClasses.orderMember)
  }
}
