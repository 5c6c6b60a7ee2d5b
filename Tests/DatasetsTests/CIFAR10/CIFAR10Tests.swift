import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("CIFAR-10 pictures")
struct CIFAR10Tests {
  private let folder: TemporaryFolder
  private var location: DataLocation

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
    location.system = folder.path + "/system"
  }

  private func load(
    _ name: String = "frog", pictures: Int? = nil,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> ClassPictures {
    try CIFAR10.load(name, pictures: pictures, from: location, offline: true, report: report)
  }

  /// Writes the batches as published, in one of the four forms.
  private func write(_ name: String) throws {
    let batches = CIFAR10Files.batches(python: name.contains("py"))
    if name.hasSuffix(".tar.gz") {
      // Out of order, and with what is of no use here.
      let members = [("cifar-10/readme.html", [1, 2, 3])] + batches.reversed()
      try folder.write(CIFAR10Files.tar(members.map { ("cifar-10/" + $0.0, $0.1) }), as: name)
    } else {
      for (batch, bytes) in batches { try folder.write(bytes, as: "\(name)/\(batch)") }
    }
  }

  static let forms = [
    "cifar-10-binary.tar.gz", "cifar-10-batches-bin", "cifar-10-python.tar.gz",
    "cifar-10-batches-py", "cifar-10-frogs-binary.tar.gz",
  ]

  @Test("All forms give the same pictures in the same order", arguments: forms)
  func sameEverywhere(name: String) throws {
    try write(name)
    let lines = Lines()
    let frogs = try load { lines.add($0) }
    #expect(frogs.pixels.shape == [10, 32, 32, 3] && frogs.pixels.bytes == CIFAR10Files.frogs)
    #expect(frogs.className == "frog" && frogs.origin.trainSamples == 10)
    // 20 pictures are not the 50,000 of the whole data set.
    #expect(frogs.origin.kind == .mirror && frogs.origin.detail.contains("20 of the 50000"))
    #expect(lines.all.count == 1 && lines.all[0].contains(folder.path + "/" + name))
    #expect(try load("bird").pixels.bytes == CIFAR10Files.pixels(9))
    #expect(try load("truck").count == 5)
    #expect(try load(pictures: 3).pixels.bytes == Array(CIFAR10Files.frogs[..<(3 * 3072)]))
    let first = try load(pictures: 1).pixels.tensor
    #expect(first.scalars == CIFAR10Files.pixels(4).map { Float($0) * (1 / 255) })
  }

  @Test("The better form comes first")
  func order() throws {
    for name in Self.forms.reversed() {
      try write(name)
      #expect(CIFAR10.source(in: location)?.path == folder.path + "/" + name)
    }
  }

  @Test("A class that is not in an excerpt, an unknown class, no pictures")
  func refusals() throws {
    try write("cifar-10-binary.tar.gz")
    #expect(sentence { _ = try load("horse") }.contains("without pictures of the class \"horse\""))
    let text = sentence { _ = try load("toad") }
    #expect(text.contains("no class \"toad\"") && text.contains("frog, horse"))
    #expect(sentence { _ = try load(pictures: 0) }.contains("At least 1 picture"))
  }

  @Test(
    "Archives without a batch or with a broken one are refused by name",
    arguments: ["cifar-10-binary.tar.gz", "cifar-10-python.tar.gz"])
  func archives(name: String) throws {
    let batches = CIFAR10Files.batches(python: name.contains("python"))
    func refused(
      _ members: [(name: String, bytes: [UInt8])], _ words: String...
    ) throws {
      try folder.write(CIFAR10Files.tar(members), as: name)
      let text = sentence { _ = try load() }
      #expect(([name] + words).allSatisfy(text.contains), "\(text)")
    }
    try refused([], "data_batch_1")
    try refused(Array(batches.dropLast()), "has no data_batch_5")
    try refused(Array(batches.dropFirst(2)), "data_batch_1", "data_batch_2")
    for (index, batch) in batches.enumerated() {
      var broken = batches
      broken[index].bytes = Array(batch.bytes.dropLast(9))
      try refused(broken, batch.name)
      broken[index].bytes = []
      if name.contains("python") { try refused(broken, batch.name) }
    }
    try refused(batches.map { ($0.name, name.contains("python") ? [0x2e] : []) }, "fetch")
  }

  @Test("Folders without a batch are refused by name", arguments: [false, true])
  func folders(isPython: Bool) throws {
    let name = isPython ? "cifar-10-batches-py" : "cifar-10-batches-bin"
    for (batch, bytes) in CIFAR10Files.batches(python: isPython).dropLast() {
      try folder.write(bytes, as: "\(name)/\(batch)")
    }
    #expect(sentence { _ = try load() }.contains("\(name)/data_batch_5"))
  }

  @Test("Records with an impossible label or of another size")
  func records() throws {
    var bytes = CIFAR10Files.binary(1)
    var gathered = CIFAR10.Gathered(label: 6, limit: 9)
    try gathered.addRecords(bytes, name: "a.bin")
    #expect(gathered.total == 4 && gathered.bytes.count == 2 * 3072)
    for position in [0, 3073] {
      let before = bytes[position]
      bytes[position] = 10
      let text = sentence { try gathered.addRecords(bytes, name: "a.bin") }
      #expect(text.contains("a.bin") && text.contains("label 10"))
      bytes[position] = before
    }
    for count in [1, 3072, 3074, 4 * 3073 - 1] {
      let text = sentence { try gathered.addRecords(Array(bytes[..<count]), name: "a.bin") }
      #expect(text.contains("a.bin has \(count) bytes"))
    }
  }

  @Test("Without the data, garments take its place and say so; without those, frogs are drawn")
  func others() throws {
    for name in [
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
    ] {
      try folder.copy(name + ".gz", as: "system/fashion-mnist/\(name).gz")
    }
    let clothes = try MNIST.load(from: location, fashion: true, offline: true) { _ in }.train
    let label = try #require(clothes.labels.first)
    let garments = try load(CIFAR10.classNames[Int(label)])
    #expect(garments.origin.name == "Fashion-MNIST" && garments.origin.kind == .mirror)
    #expect(garments.origin.detail.contains("in place of CIFAR-10"))
    #expect(garments.className == clothes.classNames[Int(label)])
    #expect(garments.count == clothes.labels.count { $0 == label })
    let picture = Array(garments.pixels.bytes[..<3072])
    // A border of two pixels, and grey within.
    #expect(picture[..<(2 * 32 * 3)].allSatisfy { $0 == 0 })
    let inner = clothes.pixels(0)
    for (row, column) in [(0, 0), (5, 9), (14, 14), (27, 27)] {
      let place = ((row + 2) * 32 + column + 2) * 3
      let value = inner[row * 28 + column]
      #expect(Array(picture[place..<place + 3]) == [value, value, value])
    }

    try FileManager.default.removeItem(atPath: folder.path + "/system")
    let drawn = try load("frog", pictures: 60)
    #expect(drawn.origin.kind == .standIn && drawn.count == 60 && drawn.className == "frog")
    #expect(try load("frog", pictures: 5).pixels.bytes == Array(drawn.pixels.bytes[..<(5 * 3072)]))
    let cat = try load("cat", pictures: 5)
    #expect(cat.className == "frog" && cat.origin.detail.contains("cat was asked for"))
    let pictures = (0..<60).map { drawn.pixels.bytes[$0 * 3072..<($0 + 1) * 3072] }
    #expect(Set(pictures.map(Array.init)).count == 60)
  }
}
