import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("MNIST digits")
struct MNISTTests {
  private struct Expected: Decodable {
    let trainSums: [Int]
    let trainLabels: [Int32]
    let testSums: [Int]
    let testLabels: [Int32]
    let fourth: [UInt8]
    let packageSums: [Int]
    let packageTrain: [Int]
    let packageTest: [Int]
  }

  private static let idxNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]
  private let folder: TemporaryFolder
  private var location: DataLocation

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
    location.system = folder.path + "/system"
  }

  private func load(
    samples: Int? = nil, fashion: Bool = false,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> (train: Digits, test: Digits) {
    try MNIST.load(
      samples: samples, from: location, fashion: fashion, offline: true, report: report)
  }

  private func expected() throws -> Expected {
    try decoded("mnist-expected.json", as: Expected.self)
  }

  private func sums(_ digits: Digits) -> [Int] {
    (0..<digits.count).map { digits.pixels($0).reduce(0) { $0 + Int($1) } }
  }

  private func copyIDX(into subfolder: String = "", unpacked: Bool = false) throws {
    for name in Self.idxNames {
      let packed = fixture(name + ".gz")
      if unpacked {
        try folder.write(Gzip.contents(ofFile: packed, limit: 1 << 20), as: subfolder + name)
      } else {
        try folder.copy(name + ".gz", as: subfolder + name + ".gz")
      }
    }
  }

  private func check(_ halves: (train: Digits, test: Digits)) throws {
    let (train, test) = halves
    let expected = try expected()
    #expect(train.labels == expected.trainLabels && test.labels == expected.testLabels)
    #expect(sums(train) == expected.trainSums && sums(test) == expected.testSums)
    #expect(train.pixels(4) == expected.fourth)
    #expect(train.origin.kind == .otherContent)
    #expect(train.origin.trainSamples == 12 && test.origin.testSamples == 7)
  }

  @Test("Keras' file and the IDX files, compressed or not, give the same digits")
  func official() throws {
    try copyIDX()
    try check(load())
    try FileManager.default.removeItem(atPath: folder.path)
    try copyIDX(unpacked: true)
    try check(load())
    try folder.copy("mnist.npz")
    #expect(try MNIST.source(in: location) == .archive(folder.path + "/mnist.npz"))
    try check(load())
  }

  @Test("Pictures are numbers from 0 to 1, as vectors and as pictures; labels are one-hot rows")
  func tensors() throws {
    try folder.copy("mnist.npz")
    let (train, test) = try load()
    let fourth = try expected().fourth
    #expect(train.x.shape == [12, 784] && train.images.shape == [12, 28, 28])
    #expect(train.x.scalars == train.images.scalars)
    #expect(Array(train.x.scalars[(4 * 784)..<(5 * 784)]) == fourth.map { Float($0) / 255 })
    #expect(train.x.scalars.max() ?? 0 <= 1 && train.x.scalars.max() ?? 0 > 0.9)
    #expect(test.oneHot.shape == [7, 10])
    for (row, label) in test.labels.enumerated() {
      let vector = Array(test.oneHot.scalars[(row * 10)..<(row * 10 + 10)])
      #expect(vector == (0..<10).map { $0 == Int(label) ? 1 : 0 })
    }
    #expect(train.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
  }

  @Test("Parts keep their pictures and labels, and share memory with the whole")
  func split() throws {
    try folder.copy("mnist.npz")
    let train = try load().train
    let (head, tail) = train.split(at: 5)
    let (middle, rest) = tail.split(at: 3)
    #expect([head, tail, middle, rest].map(\.count) == [5, 7, 3, 4])
    #expect(head.labels + middle.labels + rest.labels == train.labels)
    #expect(rest.pixels(1) == train.pixels(9))
    #expect(rest.x.scalars == Array(train.x.scalars[(8 * 784)...]))
    #expect(middle.images.shape == [3, 28, 28] && middle.oneHot.shape == [3, 10])
    let start = train.x.withUnsafeBuffer { $0.baseAddress }
    #expect(head.images.withUnsafeBuffer { $0.baseAddress } == start)
    #expect(train.split(at: 12).tail.count == 0)
  }

  @Test("Fewer pictures are the first of all")
  func fewer() throws {
    try folder.copy("mnist.npz")
    let all = try load()
    let few = try load(samples: 8)
    #expect(few.train.count == 8 && few.test.count == 7 && few.train.origin.trainSamples == 8)
    #expect(few.train.x.scalars == Array(all.train.x.scalars[..<(8 * 784)]))
    #expect(sentence { _ = try load(samples: 0) }.contains("At least 1 picture"))
  }

  @Test("The package is cut as recorded, every class in both parts")
  func mirror() throws {
    try folder.copy(MNIST.packageFile)
    let (train, test) = try load()
    let expected = try expected()
    #expect(sums(train) == expected.packageTrain.map { expected.packageSums[$0] })
    #expect(sums(test) == expected.packageTest.map { expected.packageSums[$0] })
    #expect(train.labels == expected.packageTrain.map { Int32($0 / 5) })
    #expect(test.labels.sorted() == Array(0..<10))
    #expect(train.origin.kind == .mirror)
    #expect(train.origin.detail.contains("40 for training and 10 for testing"))
  }

  @Test("Clothes come from the folder fashion, else from the system; missing, they are asked for")
  func fashion() throws {
    let text = sentence { _ = try load(fashion: true) }
    #expect(text.contains("dataset-fashion-mnist") && text.contains(folder.path + "/fashion"))
    try copyIDX(into: "system/fashion-mnist/")
    let train = try load(fashion: true).train
    #expect(train.origin.name == "Fashion-MNIST" && train.origin.kind == .otherContent)
    #expect(train.classNames.count == 10 && train.classNames[9] == "ankle boot")
    #expect(try train.labels == expected().trainLabels)
    try folder.write("", as: "fashion/train-labels-idx1-ubyte")
    #expect(
      sentence { _ = try load(fashion: true) }.contains("/fashion/train-labels-idx1-ubyte is"))
  }

  @Test("One file of the four is not enough", arguments: idxNames)
  func missing(name: String) throws {
    try copyIDX()
    unlink(folder.path + "/" + name + ".gz")
    let text = sentence { _ = try load() }
    #expect(text.contains("without \(name)") && text.contains(folder.path))
  }

  @Test(
    "Files that do not fit together are refused",
    arguments: [
      ("train-labels-idx1-ubyte", idxFile([11], Array(repeating: 1, count: 11)), "11 labels"),
      ("train-labels-idx1-ubyte", idxFile([12], Array(repeating: 200, count: 12)), "label 200"),
      ("t10k-labels-idx1-ubyte", idxFile([7], [0, 1, 2, 10, 4, 5, 6]), "label 10"),
      ("t10k-images-idx3-ubyte", idxFile([7, 2, 2], Array(repeating: 1, count: 28)), "28 x 28"),
      ("t10k-images-idx3-ubyte", idxFile([7], [0, 1, 2, 3, 4, 5, 6]), "mixed up"),
      ("train-images-idx3-ubyte", idxFile([0x7fff_ffff, 28, 28], []), "more than"),
    ])
  func inconsistent(name: String, bytes: [UInt8], word: String) throws {
    try copyIDX()
    unlink(folder.path + "/" + name + ".gz")
    let path = try folder.write(bytes, as: name)
    let text = sentence { _ = try load() }
    #expect(text.contains(word) && text.contains(path), "\(text)")
  }

  @Test("Keras' file with other types, counts or labels is refused")
  func archives() throws {
    let labels = numPyFile("|u1", [2], [1, 2])
    let pictures = numPyFile("|u1", [2, 28, 28], Array(repeating: 9, count: 2 * 784))
    let one = numPyFile("|u1", [1, 28, 28], Array(repeating: 9, count: 784))
    let wide = numPyFile("<i4", [1, 28, 28], Array(repeating: 0, count: 4 * 784))
    let negative = numPyFile("<i4", [2], [255, 255, 255, 255, 0, 0, 0, 0])
    let empty = numPyFile("|u1", [0, 28, 28], [])
    func refused(_ x: [UInt8], _ y: [UInt8], _ word: String) throws {
      try folder.write(
        storedZip([
          ("x_train.npy", x), ("y_train.npy", y), ("x_test.npy", pictures), ("y_test.npy", labels),
        ]), as: "mnist.npz")
      let text = sentence { _ = try load() }
      #expect(text.contains(word) && text.contains(folder.path + "/mnist.npz"), "\(text)")
    }
    try refused(one, labels, "1 pictures and 2 labels")
    try refused(wide, numPyFile("|u1", [1], [1]), "should hold bytes")
    try refused(pictures, numPyFile("|u1", [2], [1, 200]), "label 200")
    try refused(pictures, negative, "label -1")
    try refused(empty, numPyFile("|u1", [0], []), "is empty")
    try refused(pictures, numPyFile("<f4", [2], Array(repeating: 0, count: 8)), "whole numbers")
    try folder.write(storedZip([("x_train.npy", pictures)]), as: "mnist.npz")
    #expect(sentence { _ = try load() }.contains("no member"))
  }

  @Test("Tables that are none, in the package")
  func tables() throws {
    let row = Array(repeating: "7", count: 784).joined(separator: ",")
    let cases = [
      ("", "is empty"), (row + "\n", "784 fields, not 785"), (row + ",3,4\n", "more than 785"),
      (row + ",3", "ends inside"), (row + ",256\n", "field 785 is not a number"),
      (row + ",-1\n", "field 785 is not a number"), (row + ",0003\n", "field 785 is not a number"),
      (row + ",\n", "field 785 is not a number"), (row + ",x\n", "field 785 is not a number"),
      (row + ",200\n", "label 200"), (row + ",3\n", "at least 5"),
      ("\n", "field 1 is not a number"),
    ]
    for (table, word) in cases {
      try folder.write(
        storedZip([(MNIST.mirrorMember, Array(table.utf8))]), as: MNIST.packageFile)
      let text = sentence { _ = try load() }
      #expect(text.contains(word) && text.contains(MNIST.packageFile), "\(text)")
    }
  }

  @Test(
    "Damaged files are errors that name them, never replaced by a stand-in",
    arguments: ["mnist.npz", MNIST.packageFile, "train-images-idx3-ubyte.gz"])
  func damaged(name: String) throws {
    if name.hasSuffix(".gz") { try copyIDX() }
    let whole = try bytes(of: name)
    for length in sampledLengths(whole.count) where length % 7 == 0 {
      try folder.write(Array(whole[..<length]), as: name)
      #expect(sentence { _ = try load() }.contains(folder.path + "/" + name), "length \(length)")
    }
    try folder.write(whole, as: name)
    let sound = sums(try load().train)
    for position in sampledLengths(whole.count) where position % 3 == 0 {
      var copy = whole
      copy[position] ^= 1 << UInt8(position % 8)
      try folder.write(copy, as: name)
      if let halves = try? load() { #expect(sums(halves.train) == sound, "byte \(position)") }
    }
  }

  @Test("Without data digits are drawn: the same every time, learnable, but not by everyone")
  func standIn() throws {
    let lines = Lines()
    let (train, test) = try load(samples: 1500, report: { lines.add($0) })
    #expect(train.origin.kind == .standIn && lines.all.count == 1)
    #expect(lines.all.first?.contains("stand-in") == true)
    let fewer = try load(samples: 100).train
    #expect(fewer.labels == Array(train.labels[..<100]) && fewer.pixels(99) == train.pixels(99))
    #expect(train.pixels(0) != test.pixels(0))
    var (means, counts) = (
      [[Float]](repeating: .init(repeating: 0, count: 784), count: 10),
      [Int](repeating: 0, count: 10)
    )
    let x = train.x.scalars
    for (row, label) in train.labels.enumerated() {
      counts[Int(label)] += 1
      for pixel in 0..<784 { means[Int(label)][pixel] += x[row * 784 + pixel] }
    }
    #expect(counts.allSatisfy { $0 > 100 })
    let pictures = test.x.scalars
    var right = 0
    for (row, label) in test.labels.enumerated() {
      let distances = (0..<10).map { digit -> Float in
        var sum: Float = 0
        for pixel in 0..<784 {
          let gap = means[digit][pixel] / Float(counts[digit]) - pictures[row * 784 + pixel]
          sum += gap * gap
        }
        return sum
      }
      if distances.min() == distances[Int(label)] { right += 1 }
    }
    let share = Double(right) / Double(test.count)
    #expect(share > 0.45 && share < 0.9, "\(share)")
  }
}
