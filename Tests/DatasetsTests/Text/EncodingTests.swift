import DeepLearning
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Words and characters as numbers")
struct EncodingTests {
  private let samples = ["The cat sat on the mat.", "The dog ate my homework."]

  @Test("Numbers by first appearance, from 1")
  func tokenIndex() {
    let words = samples.map { $0.split(separator: " ").map(String.init) }
    let index = TokenIndex(words.joined())
    #expect(index.count == 10 && index["The"] == 1 && index["the"] == 5 && index["mat"] == nil)
    #expect(index.numbers(of: ["homework.", "x", "The"]) == [10, 0, 1])
    #expect(index.tokens.first == "The" && index.tokens.last == "homework.")
    #expect(TokenIndex("abca")["c"] == 3)
  }

  @Test("One one in each place that is filled; what does not fit is left out")
  func oneHot() {
    let tensor = Tensor.oneHot([[1, 0], [2, 3, 1, 1], [-1]], length: 3, depth: 3)
    #expect(tensor.shape == [3, 3, 3])
    #expect(
      tensor.scalars == [
        0, 1, 0, 1, 0, 0, 0, 0, 0,  // 1, 0
        0, 0, 1, 0, 0, 0, 0, 1, 0,  // 2, beyond the depth, 1
        0, 0, 0, 0, 0, 0, 0, 0, 0,
      ])
  }

  @Test("The book's Tokenizer finds 9 tokens and makes a matrix of 2 x 1000")
  func binaryMatrix() {
    var tokenizer = KerasTokenizer(words: 1000)
    tokenizer.fit(on: samples)
    #expect(tokenizer.wordIndex.count == 9)
    let matrix = tokenizer.binaryMatrix(of: samples)
    #expect(matrix.shape == [2, 1000])
    let ones = [1, 2, 3, 4, 5, 1001, 1006, 1007, 1008, 1009]
    #expect(matrix.scalars.indices.filter { matrix.scalars[$0] != 0 } == ones)
    #expect(matrix.scalars.reduce(0, +) == 10)
    var unlimited = KerasTokenizer()
    unlimited.fit(on: ["b a b"])
    #expect(unlimited.binaryMatrix(of: ["a c", "b b"]).scalars == [0, 0, 1, 0, 1, 0])
  }

  @Test("The hash is FNV-1a, the same everywhere")
  func hash() {
    // From the reference page of the hash's authors.
    for (word, hash) in [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)] {
      for dimension in [1, 7, 1000, 1 << 40] {
        #expect(HashingTrick(dimension: dimension)[word] == Int(hash % UInt64(dimension)))
      }
    }
    let umlaut: Substring = "Größe".prefix(5)
    #expect(HashingTrick(dimension: 1000)[umlaut] == HashingTrick(dimension: 1000)["Größe"])
  }

  @Test("Collisions count the words that are not alone")
  func collisions() {
    let words = (0..<2000).map { "word\($0)" }
    #expect(HashingTrick(dimension: 1).collisions(among: words) == 2000)
    #expect(HashingTrick(dimension: 1 << 40).collisions(among: words) == 0)
    let share = Double(HashingTrick(dimension: 2000).collisions(among: words)) / 2000
    // 1 - 1/e are expected; the standard deviation is 0.01.
    #expect(abs(share - 0.632) < 0.05)
  }
}

@Suite("Reviews by the ranks of their words")
struct ReviewRanksTests {
  @Test("As a Tokenizer with the same limit numbers them")
  func ranks() throws {
    let folder = try TemporaryFolder()
    // No two words occur equally often.
    let texts = [
      "a good good film good", "a bad film, a bad day", "good a good a", "so bad a bad day film",
    ]
    for (index, text) in texts.enumerated() {
      for half in ["train", "test"] {
        let name = "aclImdb/\(half)/\(index % 2 == 0 ? "pos" : "neg")/\(index).txt"
        try folder.write(text, as: name)
      }
    }
    let location = try DataLocation(folder: folder.path, start: "/")
    let (train, _) = try IMDB.load(
      from: location, prefersTexts: true, offline: true, report: { _ in })
    var tokenizer = KerasTokenizer(words: 5)
    // Keras counts the texts in the order in which they come.
    let order = (0..<4).map { train.decode($0).split(separator: " ").dropFirst() }
      .map { $0.joined(separator: " ") }
    tokenizer.fit(on: order)
    #expect(train.distinctWords == 6 && tokenizer.wordIndex.count == 6)
    for review in 0..<4 {
      #expect(train.ranks(review, below: 5).map(Int.init) == tokenizer.sequences(of: order)[review])
      #expect(train.ranks(review, below: 1).isEmpty)
      #expect(train.ranks(review, below: .max).count == order[review].split(separator: " ").count)
    }
    for (word, rank) in tokenizer.wordIndex { #expect(train.word(ofRank: rank) == word) }
    #expect(train.word(ofRank: 0) == nil && train.word(ofRank: 7) == nil)
  }

  @Test("Texts come before imdb.npz only if asked for, and before one whose words are not known")
  func sources() throws {
    let folder = try TemporaryFolder()
    let location = try DataLocation(folder: folder.path, start: "/")
    try folder.write([], as: "imdb.npz")
    let archive = folder.path + "/imdb.npz"
    #expect(IMDB.textSource(in: location) == .archive(archive, wordIndex: nil))
    try folder.write([], as: IMDB.packageFile)
    #expect(IMDB.textSource(in: location) == .package(folder.path + "/" + IMDB.packageFile))
    let index = try folder.write("{}", as: "imdb_word_index.json")
    #expect(IMDB.textSource(in: location) == .archive(archive, wordIndex: index))
    try folder.write([], as: "aclImdb_v1.tar.gz")
    #expect(IMDB.textSource(in: location) == .tape(folder.path + "/aclImdb_v1.tar.gz"))
    #expect(IMDB.source(in: location) == .archive(archive, wordIndex: index))
  }
}
