import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Word vectors")
struct WordVectorsTests {
  private let vectors = WordVectors(
    words: ["cat", "dog", "tea", "nothing", "cat"],
    values: [2, 0, 1, 0.1, 0, 3, 0, 0, 9, 9], dimension: 2)

  @Test("Neighbours by the angle, the closest first; the length does not matter")
  func neighbours() {
    let found = vectors.neighbours(of: "cat", count: 9)
    #expect(found.map(\.word) == ["dog", "cat", "tea"])
    #expect(abs(found[0].cosine - 0.995_037) < 1e-5 && found[2].cosine == 0)
    #expect(vectors.neighbours(of: "dog", count: 1).map(\.word) == ["cat"])
    #expect(vectors.neighbours(of: "nothing", count: 3).isEmpty)
    #expect(vectors.neighbours(of: "unknown", count: 3).isEmpty)
  }

  @Test("As weights of an embedding; of words that are there twice the first counts")
  func embedding() {
    let words = [nil, "tea", "unknown", "cat"]
    let weights = vectors.embedding(rows: 4) { words[$0] }
    #expect(weights.shape == [4, 2] && weights.scalars == [0, 0, 0, 3, 0, 0, 2, 0])
  }

  @Test("Points along a line lie along the first axis")
  func plane() {
    let line = WordVectors(
      words: ["a", "b", "c"], values: [1, 1, 0, 2, 2, 0, 4, 4, 0], dimension: 3)
    let (places, shares) = line.plane(of: ["a", "x", "b", "c"])
    #expect(places.map(\.word) == ["a", "b", "c"])
    let steps = zip(places, places.dropFirst()).map { $1.x - $0.x }
    #expect(abs(steps[0] - 2.0.squareRoot()) < 1e-9 && abs(steps[1] - 2 * steps[0]) < 1e-9)
    #expect(places.allSatisfy { abs($0.y) < 1e-9 })
    #expect(abs(shares[0] - 1) < 1e-9 && shares[1] < 1e-9)
    #expect(line.plane(of: []).places.isEmpty)
    #expect(
      WordVectors(words: ["a", "b"], values: [1, 2], dimension: 1).plane(of: ["a", "b"])
        .places.map(\.y) == [0, 0])
  }

  @Test("Principal axes solve the eigenvalue problem", arguments: [1, 2, 7, 40])
  func axes(size: Int) {
    var random = RandomGenerator(seed: UInt64(size))
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0...i {
        matrix[i * size + j] = Double(random.normal())
        matrix[j * size + i] = matrix[i * size + j]
      }
    }
    let axes = principalAxes(of: matrix, size: size, count: size)
    #expect(axes.count == size)
    #expect(zip(axes, axes.dropFirst()).allSatisfy { $0.strength >= $1.strength })
    for (direction, strength) in axes {
      for i in 0..<size {
        let product = (0..<size).reduce(0) { $0 + matrix[i * size + $1] * direction[$1] }
        #expect(abs(product - strength * direction[i]) < 1e-9)
      }
      #expect(abs(direction.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9)
      #expect(direction.max { $0.magnitude < $1.magnitude } ?? 0 > 0)
    }
    let trace = (0..<size).reduce(0) { $0 + matrix[$1 * (size + 1)] }
    #expect(abs(axes.reduce(0) { $0 + $1.strength } - trace) < 1e-9)
  }

  @Test("Words in the same company get similar vectors")
  func cooccurrences() {
    // 1 and 2 stand among 5 and 6, 3 and 4 among 7 and 8.
    var random = RandomGenerator(seed: 1)
    let texts = (0..<400).map { index -> [Int32] in
      let (own, company) = index % 2 == 0 ? ([1, 2], [5, 6]) : ([3, 4], [7, 8])
      return (0..<12).map { place in
        Int32((place % 3 == 0 ? own : company)[random.below(2)])
      }
    }
    let words = [nil] + (1...8).map { "w\($0)" }
    let vectors = WordVectors(cooccurrencesIn: texts, words: words, dimension: 3, contexts: 9)
    #expect(vectors.count == 8 && vectors.dimension == 3)
    #expect(vectors.neighbours(of: "w1", count: 1).map(\.word) == ["w2"])
    #expect(vectors.neighbours(of: "w4", count: 1).map(\.word) == ["w3"])
    let empty = WordVectors(cooccurrencesIn: [], words: words, dimension: 3, contexts: 9)
    #expect(empty["w1"]?.allSatisfy { $0 == 0 } == true)
  }
}

@Suite("Word vectors as text")
struct VectorTextTests {
  private func read(
    _ text: String, _ words: [String] = ["tea", "cat"], pieceSize: Int = 1 << 22
  ) throws -> (vectors: WordVectors, lines: Int) {
    try VectorTextReader.read(ArrayStream(text, pieceSize: 7), words: words, pieceSize: pieceSize)
  }

  @Test("Only wanted words are kept, in the order of the list", arguments: [40, 41, 64, 1 << 22])
  func wanted(pieceSize: Int) throws {
    let text = "the 0.5 -1 2e-3\ncat 1 2.25 -0.000125\n, 7 8 9\ntea -4 5. .5\ncat 0 0 0\n"
    let (vectors, lines) = try read(text, pieceSize: pieceSize)
    #expect(lines == 5 && vectors.words == ["tea", "cat"] && vectors.dimension == 3)
    #expect(vectors["tea"].map(Array.init) == [-4, 5, 0.5])
    #expect(vectors["cat"].map(Array.init) == [1, 2.25, -0.000125])
    #expect(vectors["the"] == nil)
  }

  @Test("Numbers are those that Swift reads")
  func numbers() throws {
    var random = RandomGenerator(seed: 3)
    let texts = (0..<2000).map { index -> String in
      let value = random.normal() * pow(10, Float(index % 13 - 6))
      return index % 2 == 0 ? "\(value)" : String(format: "%.\(index % 17)f", Double(value))
    }
    let (vectors, _) = try read("tea " + texts.joined(separator: " ") + "\n")
    for (text, value) in zip(texts, vectors["tea"] ?? []) {
      #expect(Float(text) == value, "\(text)")
    }
    #expect(vectors["tea"]?.count == 2000)
  }

  @Test("Line ends of Windows, blanks at the end of lines, words that are not ASCII")
  func forms() throws {
    let (vectors, lines) = try read("tea 1 2\r\ncafé 3 4 \r\n", ["café", "tea"])
    #expect(lines == 2 && vectors.words == ["café", "tea"])
    #expect(vectors["café"].map(Array.init) == [3, 4])
  }

  @Test("Words that come again and again are refused, and so are more words than there can be")
  func endless() throws {
    let few = String(repeating: "tea 1\n", count: 1000) + "cat 2\n"
    #expect(try read(few).vectors.words == ["tea", "cat"] && read(few).lines == 1001)
    let many = String(repeating: "tea 1\n", count: 1002)
    #expect(sentence { _ = try read(many) }.contains("line 1002: its words come again and again"))
    let long = sentence {
      _ = try VectorTextReader.read(ArrayStream("a 1\nb 1\nc 1\n"), words: ["a"], lineLimit: 2)
    }
    #expect(long.contains("table.csv, line 3: there are more than the 2 words"))
  }

  @Test("What is wrong is said with the line")
  func refused() {
    for (text, word) in [
      ("", "empty"), ("the 1 2\ncat 1\n", "line 2: it has 1 numbers where the first line has 2"),
      ("the 1 2\ncat 1 2 3\n", "line 2: it has 3 numbers"),
      ("the 1 2\n\ncat 1 2\n", "line 2: it has 0 numbers"),
      ("the 1 2\ncat 1 x\n", "line 2: \"x\" is not a number"),
      ("the 1 nan\n", "line 1: \"nan\" is not a number"),
      ("the 1 inf\n", "\"inf\" is not a number"),
      ("tea 1 1e999\n", "\"1e999\" is not a number"), ("tea 1 -\n", "\"-\" is not a number"),
      ("tea 1 1.2.3\n", "\"1.2.3\" is not a number"), ("the\n", "line 1: it should be a word"),
      (" 1 2\n", "line 1: it should be a word"), ("\n", "line 1: it should be a word"),
      ("the 1 2\ncat 1", "line 2: it ends in the middle of a line"),
      ("the 1 2\ncat 1 2", "line 2: it ends in the middle of a line"),
      ("Not found", "line 1: it ends in the middle of a line"),
    ] {
      let error = sentence { _ = try read(text) }
      #expect(error.hasPrefix("table.csv") && error.contains(word), "\(text): \(error)")
    }
    let long = "tea" + String(repeating: " 1", count: 5000) + "\n"
    #expect(sentence { _ = try read(long) }.contains("1 to 4096"))
    let endless = String(repeating: "1 ", count: 200)
    #expect(sentence { _ = try read(endless, pieceSize: 64) }.contains("first line does not end"))
    #expect(
      sentence { _ = try read("a 1\n" + endless, pieceSize: 64) }.contains("table.csv, line 2"))
  }
}

@Suite("GloVe")
struct GloVeTests {
  private let folder: TemporaryFolder
  private let location: DataLocation
  private let text =
    "cat" + String(repeating: " 0.5", count: 50) + "\ntea"
    + String(repeating: " -1", count: 50) + "\n"

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path, start: "/")
  }

  private func load() throws -> (vectors: WordVectors, origin: DataOrigin)? {
    try GloVe.load(["tea", "milk", "cat"], from: location, offline: true, report: { _ in })
  }

  @Test("From a text, from the archive; the book's 100 numbers come first")
  func official() throws {
    #expect(try load() == nil)
    try folder.write(text, as: "glove.6B.50d.txt")
    let fifty = try #require(try load())
    #expect(fifty.vectors.dimension == 50 && fifty.vectors.words == ["tea", "cat"])
    #expect(fifty.origin.kind == .otherContent && fifty.origin.trainSamples == 2)
    let hundred = text.replacingOccurrences(
      of: "\n", with: String(repeating: " 2", count: 50) + "\n")
    let members = [("glove.6B.50d.txt", text), ("glove.6B.100d.txt", hundred)]
    try folder.write(
      storedZip(members.map { ($0.0, Array($0.1.utf8)) }), as: "glove.6B.zip")
    #expect(try load()?.vectors.dimension == 100)
  }

  @Test("Vectors that are not as long as the name says, archives without any")
  func refused() throws {
    try folder.write(text, as: "glove.6B.100d.txt")
    #expect(sentence { _ = try load() }.contains("glove.6B.100d.txt has vectors of 50 numbers"))
    try FileManager.default.removeItem(atPath: folder.path + "/glove.6B.100d.txt")
    try folder.write(storedZip([("other.txt", [1])]), as: "glove.6B.zip")
    #expect(sentence { _ = try load() }.contains("holds none of glove.6B.100d.txt"))
    try folder.write(
      storedZip([("glove.6B.300d.txt", Array(text.utf8))]), as: "glove.6B.zip")
    #expect(sentence { _ = try load() }.contains("glove.6B.300d.txt has vectors of 50 numbers"))
    let whole = storedZip([("glove.6B.50d.txt", Array(text.utf8))])
    try folder.write(Array(whole.prefix(whole.count / 2)), as: "glove.6B.zip")
    #expect(sentence { _ = try load() }.contains("whole ZIP archive"))
    var damaged = whole
    damaged[60] = UInt8(ascii: "7")
    try folder.write(damaged, as: "glove.6B.zip")
    #expect(sentence { _ = try load() }.contains("check sum"))
  }

  private func writePackage(
    _ numbers: [UInt8], rows: Int = 51, columns: Int = 2, type: String = "<f4"
  ) throws {
    let words = try bytes(of: "words-required.parquet")
    let matrix = numPyFile(type, [rows, columns], numbers)
    try folder.write(
      storedZip([(GloVe.packageWords, words), (GloVe.packageNumbers, matrix)]),
      as: GloVe.packageFile)
  }

  @Test("From the package of the mirror")
  func mirror() throws {
    let numbers = (0..<102).flatMap { number in
      withUnsafeBytes(of: Float(number)) { Array($0) }
    }
    try writePackage(numbers)
    let found = try GloVe.load(["other", "x", "same"], from: location, offline: true) { _ in }
    let (vectors, origin) = try #require(found)
    #expect(vectors.words == ["other", "same"] && origin.kind == .mirror)
    #expect(vectors["other"].map(Array.init) == [100, 101])
    #expect(vectors["same"].map(Array.init) == [0, 1])
    #expect(origin.trainSamples == 51)

    try writePackage(numbers.dropLast())
    #expect(sentence { _ = try load() }.contains("truncated"))
    try writePackage(numbers + [0])
    #expect(sentence { _ = try load() }.contains("longer than its 51 rows"))
    try writePackage(numbers, rows: 50)
    #expect(sentence { _ = try load() }.contains("51 words and 50 vectors of 2 numbers"))
    try writePackage(numbers, columns: 5000)
    #expect(sentence { _ = try load() }.contains("vectors of 5000 numbers"))
    try writePackage(numbers, type: "<f8")
    #expect(sentence { _ = try load() }.contains("of the type <f4"))
    let infinite = numbers.dropLast(4) + [0, 0, 0x80, 0x7f]
    try writePackage(Array(infinite))
    let error = sentence {
      _ = try GloVe.load(["other"], from: location, offline: true) { _ in }
    }
    #expect(error.contains("not a number"))
  }

  @Test("Rows out of a matrix whose columns lie end to end")
  func fortranOrder() throws {
    let columns = [1, 2, 3, 10, 20, 30].flatMap { (number: Float) in
      withUnsafeBytes(of: number) { Array($0) }
    }
    for (order, expected) in [("True", [3, 30, 1, 10]), ("False", [20, 30, 1, 2])]
      as [(String, [Float])]
    {
      let text = "{'descr': '<f4', 'fortran_order': \(order), 'shape': (3, 2), }\n"
      let file =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
        + columns
      try folder.write(file, as: "m.npy")
      let matrix = try NumPyMatrix(FileStream(InputFile(path: folder.path + "/m.npy")))
      #expect(try matrix.values(ofRows: [2, 0]) == expected)
    }
  }
}
