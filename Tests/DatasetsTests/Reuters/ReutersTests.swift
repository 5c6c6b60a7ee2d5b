import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Reuters newswires")
struct ReutersTests {
  private struct Expected: Decodable {
    let train: [[Int32]]
    let trainLabels: [Int32]
    let test: [[Int32]]
    let testLabels: [Int32]
    let limited: [[Int32]]
  }

  private let folder: TemporaryFolder
  private let location: DataLocation

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load(
    words: Int = 10_000, newswires: Int? = nil,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> (train: Newswires, test: Newswires) {
    try Reuters.load(
      words: words, newswires: newswires, from: location, offline: true, report: report)
  }

  @Test("Keras' file gives Keras' order and cut")
  func official() throws {
    let expected = try decoded("reuters-expected.json", as: Expected.self)
    try folder.copy("reuters.npz")
    let (train, test) = try load()
    #expect((0..<train.count).map(train.tokens) == expected.train)
    #expect((0..<test.count).map(test.tokens) == expected.test)
    #expect(train.labels == expected.trainLabels && test.labels == expected.testLabels)
    #expect(train.origin.kind == .otherContent && train.origin.trainSamples == 18)
    #expect(train.topicCount == 5 && train.topics[4] == "topic 4")
    let limited = try load(words: 50).train
    #expect((0..<limited.count).map(limited.tokens) == expected.limited)
    #expect(train.limited(toWords: 50).tokens(3) == expected.limited[3])
    for row in 0..<limited.count {
      #expect(Array(limited.x.columns(ofRow: row)) == Set(expected.limited[row]).sorted())
    }
  }

  @Test("Topics have the names in the file beside the data; Keras' 46 have theirs")
  func topics() throws {
    try folder.copy("reuters.npz")
    try folder.write(#"["a", "b", "c", "d", "e", "f"]"#, as: "reuters_topics.json")
    let train = try load().train
    // A topic without a newswire is a topic all the same.
    #expect(train.topics == ["a", "b", "c", "d", "e", "f"] && train.oneHot.shape == [18, 6])
    for text in ["", "{}", "[1, 2]", "[\"a\"", "{\"a\": 1}"] {
      try folder.write(text, as: "reuters_topics.json")
      #expect(sentence { _ = try load() }.contains("reuters_topics.json is not a list of topics"))
    }
    try folder.write(#"["a", "b"]"#, as: "reuters_topics.json")
    #expect(sentence { _ = try load() }.contains("names 2 topics"))
    #expect(Set(Reuters.kerasTopics).count == 46)
    #expect(Reuters.kerasTopics[3] == "earn" && Reuters.kerasTopics[45] == "lead")
  }

  @Test("Newswires decode by the word index; topics are one-hot rows; parts keep all of it")
  func parts() throws {
    try folder.copy("reuters.npz")
    try folder.copy("imdb_word_index.json", as: "reuters_word_index.json")
    let train = try load().train
    let (head, tail) = train.split(at: 7)
    #expect(head.count == 7 && tail.count == 11 && head.labels + tail.labels == train.labels)
    #expect(tail.decode(2) == train.decode(9) && tail.x.count == 11)
    #expect(
      train.decode(9)
        == train.tokens(9).map { $0 > 3 ? "word\($0 - 3)" : "?" }.joined(separator: " "))
    let rows = tail.oneHot.scalars
    for (row, label) in tail.labels.enumerated() {
      let vector = Array(rows[(row * 5)..<(row * 5 + 5)])
      #expect(vector == (0..<5).map { $0 == Int(label) ? 1 : 0 })
    }
    #expect(try load(newswires: 5).train.labels == Array(train.labels[..<5]))
    #expect(try load(newswires: 10).test.count == 5)
  }

  @Test("The package's parts stay apart; topics are named as they come")
  func mirror() throws {
    try folder.copy(Reuters.packageFile)
    let (train, test) = try load()
    #expect(train.count == 4 && test.count == 2 && train.origin.kind == .mirror)
    #expect(train.topics == ["cocoa", "earn", "ship", "tin"] && test.topics == train.topics)
    #expect(train.labels.sorted() == [0, 1, 1, 2] && test.labels.sorted() == [1, 3])
    let cocoa = try #require(train.labels.firstIndex(of: 0))
    #expect(train.decode(cocoa) == "? beans rose to record prices beans were short")
    let tin = try #require(test.labels.firstIndex(of: 3))
    // Words that the training part does not have are left out.
    #expect(test.decode(tin) == "? the of fell")
  }

  @Test("Tables that are none, in the package")
  func tables() throws {
    let head = "Category\tText\nd\tstring\nclass\t\n"
    let cases = [
      ("", "three lines"), ("Category\tText\n", "three lines"),
      ("a\tb\nd\tstring\nclass\t\n", "three"),
      (head + "earn\n", "row 4"), (head + "earn\ta\tb\n", "row 4"), (head + "\ttext\n", "row 4"),
      (head, "no newswires"), (head + "\"earn\ttext", "never closed"),
      (head + "earn\t" + String(repeating: "x", count: 1 << 18), "more than"),
      (head + (0...256).map { "t\($0)\ttext\n" }.joined(), "more than 256 topics"),
    ]
    for (table, word) in cases {
      try folder.write(
        storedZip([
          (Reuters.mirrorMembers.train, Array(table.utf8)),
          (Reuters.mirrorMembers.test, Array((head + "earn\ttext\n").utf8)),
        ]), as: Reuters.packageFile)
      let text = sentence { _ = try load() }
      #expect(text.contains(word) && text.contains(Reuters.packageFile), "\(text)")
    }
  }

  @Test("Labels that are no topics and uneven arrays are refused")
  func inconsistent() throws {
    let lists = try ZipArchive(path: fixture("reuters.npz")).contents(of: "x.npy")
    func labels(_ first: [UInt8], count: Int = 23) -> [UInt8] {
      numPyFile("<i4", [count], first + Array(repeating: 0, count: 4 * (count - 1)))
    }
    let cases: [([UInt8], String)] = [
      (labels([255, 255, 255, 255]), "one label, 0 to 255"),
      (labels([0, 1, 0, 0]), "one label, 0 to 255"),
      (labels([1, 0, 0, 0], count: 22), "22 labels"),
      (numPyFile("<f4", [23], Array(repeating: 0, count: 92)), "whole numbers"),
    ]
    for (bytes, word) in cases {
      try folder.write(storedZip([("x.npy", lists), ("y.npy", bytes)]), as: "reuters.npz")
      let text = sentence { _ = try load() }
      #expect(text.contains(word) && text.contains(folder.path + "/reuters.npz"), "\(text)")
    }
    #expect(sentence { _ = try load(words: 2) }.contains("vocabulary"))
    #expect(sentence { _ = try load(newswires: -1) }.contains("At least 1 newswire"))
  }

  @Test(
    "Damaged files are errors that name them, never replaced by a stand-in",
    arguments: ["reuters.npz", Reuters.packageFile])
  func damaged(name: String) throws {
    let whole = try bytes(of: name)
    for length in sampledLengths(whole.count) {
      try folder.write(Array(whole[..<length]), as: name)
      #expect(sentence { _ = try load() }.contains(folder.path + "/" + name), "length \(length)")
    }
    try folder.write(whole, as: name)
    let sound = try load().train.labels
    for position in whole.indices {
      var copy = whole
      copy[position] ^= 1 << UInt8(position % 8)
      try folder.write(copy, as: name)
      if let halves = try? load() { #expect(halves.train.labels == sound, "byte \(position)") }
    }
  }

  @Test("Without data newswires are generated: uneven topics, learnable, but not by everyone")
  func standIn() throws {
    let lines = Lines()
    let (train, test) = try load(newswires: 3000, report: { lines.add($0) })
    #expect(train.origin.kind == .standIn && lines.all.count == 1)
    #expect(train.topicCount == 40 && Set(train.topics).count == 40)
    let few = try load(newswires: 20).train
    #expect((0..<20).map(few.tokens) == (0..<20).map(train.tokens))
    #expect(train.tokens(0) != test.tokens(0))
    let sizes = (0..<40).map { topic in train.labels.count { $0 == Int32(topic) } }
    #expect(sizes[0] > 600 && sizes[39] < 60)
    // Naive Bayes: what a reader could do by counting words.
    var counts = [[Double]](repeating: .init(repeating: 0.5, count: 10_000), count: 40)
    for row in 0..<train.count {
      for column in train.x.columns(ofRow: row) { counts[Int(train.labels[row])][Int(column)] += 1 }
    }
    let scores = counts.map { row in
      let total = row.reduce(0, +)
      return row.map { log($0 / total) }
    }
    let right = (0..<500).count { row in
      let columns = test.x.columns(ofRow: row)
      let sums = (0..<40).map { topic in
        columns.reduce(log(Double(sizes[topic]) + 0.1)) { $0 + scores[topic][Int($1)] }
      }
      return sums[Int(test.labels[row])] == sums.max()
    }
    #expect(right > 250 && right < 490, "\(right) of 500")
  }
}
