import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("IMDB reviews")
struct IMDBTests {
  private struct Expected: Decodable {
    let train: [[Int32]]
    let trainLabels: [Int]
    let test: [[Int32]]
    let testLabels: [Int]
    let words: Int
    let limited: [[Int32]]
    let columns: [[Int32]]
  }

  private let folder: TemporaryFolder
  private let caches: TemporaryFolder
  private let location: DataLocation

  init() throws {
    (folder, caches) = (try TemporaryFolder(), try TemporaryFolder())
    location = try Self.location(folder.path, caches: caches)
  }

  private static func location(_ folder: String, caches: TemporaryFolder) throws -> DataLocation {
    var location = try DataLocation(folder: folder)
    location.caches = [caches.path]
    return location
  }

  private func load(words: Int = 10_000, reviews: Int? = nil) throws -> (
    train: Reviews, test: Reviews
  ) {
    try IMDB.load(words: words, reviews: reviews, from: location, offline: true, report: { _ in })
  }

  @Test(
    "Keras' file gives Keras' order, in every pickle protocol", arguments: UnpicklerTests.archives)
  func official(archive: String) throws {
    let expected = try decoded("imdb-expected.json", as: Expected.self)
    try folder.copy(archive, as: "imdb.npz")
    let (train, test) = try load(words: 100_000)
    #expect(train.labels == expected.trainLabels && test.labels == expected.testLabels)
    #expect((0..<train.count).map(train.tokens) == expected.train)
    #expect((0..<test.count).map(test.tokens) == expected.test)
    #expect(train.origin.kind == .otherContent && train.origin.kind.rawValue == "other content")
    #expect(train.origin.trainSamples == 20 && train.origin.testSamples == 12)
  }

  @Test("Rarer words become 2; multi-hot rows hold each word once, ascending")
  func vocabulary() throws {
    let expected = try decoded("imdb-expected.json", as: Expected.self)
    try folder.copy("imdb-protocol2-core.npz", as: "imdb.npz")
    let (train, _) = try load(words: expected.words)
    #expect((0..<train.count).map(train.tokens) == expected.limited)
    #expect((0..<train.count).map { Array(train.x.columns(ofRow: $0)) } == expected.columns)
    #expect(train.x.columns == expected.words)
    #expect(train.y.scalars == expected.trainLabels.map(Float.init))
    let wide = train.limited(toWords: 100_000)
    #expect((0..<train.count).map(wide.tokens) == expected.train)
    #expect(wide.x.columns == 100_000)
  }

  @Test("Parts keep their rows, labels and texts")
  func split() throws {
    try folder.copy("imdb-protocol4-_core.npz", as: "imdb.npz")
    let (train, _) = try load()
    let (head, tail) = train.split(at: 7)
    let (middle, rest) = tail.split(at: 3)
    let counts = [head, tail, middle, rest].map(\.count)
    #expect(counts == [7, 13, 3, 10])
    #expect(head.labels + middle.labels + rest.labels == train.labels)
    for index in 0..<rest.count {
      #expect(rest.tokens(index) == train.tokens(10 + index))
      #expect(rest.x.columns(ofRow: index) == train.x.columns(ofRow: 10 + index))
    }
    #expect(rest.y.scalars == Array(train.y.scalars[10...]))
    #expect(rest.limited(toWords: 50).tokens(2).allSatisfy { $0 < 50 })
    #expect(train.split(at: 0).head.count == 0 && train.split(at: 20).tail.count == 0)
  }

  @Test("Reviews decode by the word index, with ? for what is no word")
  func decode() throws {
    try folder.copy("imdb-protocol2-core.npz", as: "imdb.npz")
    let without = try load().train
    #expect(without.decode(3).split(separator: " ").allSatisfy { $0 == "?" })
    try folder.copy("imdb_word_index.json")
    let train = try load(words: 203).train
    for index in 0..<train.count {
      let words = train.tokens(index).map { $0 > 3 ? "word\($0 - 3)" : "?" }
      #expect(train.decode(index) == words.joined(separator: " "))
    }
  }

  @Test("The tape and the unpacked folder give the same reviews")
  func tapeAndFolder() throws {
    try folder.copy("aclImdb_v1.tar.gz")
    let packed = try load()
    #expect(packed.train.count == 10 && packed.test.count == 6)
    #expect(packed.train.origin.kind == .otherContent)
    #expect(packed.train.labels.reduce(0, +) == 5)
    let tape = try TarReader(path: fixture("aclImdb_v1.tar.gz"))
    let unpacked = try TemporaryFolder()
    while let member = try tape.next() {
      try unpacked.write(tape.contents(limit: 1000), as: member.path)
    }
    let (train, test) = try IMDB.load(
      from: Self.location(unpacked.path, caches: caches), offline: true, report: { _ in })
    #expect(train.labels == packed.train.labels && test.labels == packed.test.labels)
    for index in 0..<10 { #expect(train.decode(index) == packed.train.decode(index)) }
    for index in 0..<6 { #expect(test.tokens(index) == packed.test.tokens(index)) }
    let position = try #require(
      (0..<10).first { train.decode($0).contains("clever little film") })
    #expect(train.labels[position] == 1)
    #expect(train.decode(position) == "? a warm clever little film i'd watch it again")
    // Most frequent in the ten training reviews, and therefore first.
    #expect(train.tokens(position)[1] == 4)
  }

  /// `make_keras_ids_fixture.py` wrote down the same rule in Python. The real archive gives the fingerprint of the manifest.
  @Test(
    "The texts give the ids of Keras' file: words by bytes, ties as in a dictionary of Python 2.7")
  func kerasIDs() throws {
    struct Expected: Decodable {
      let fingerprint: String
      let words: Int
    }
    let expected = try decoded("keras-ids.json", as: Expected.self)
    let corpus = try IMDB.corpus(ofTape: fixture("aclImdb-ties.tar.gz"))
    #expect(corpus.train.count == 24 && corpus.test.count == 10)
    #expect(corpus.words.count == expected.words)
    #expect(corpus.fingerprint == expected.fingerprint)
    var other = corpus
    other.train.tokens[5] += 1
    #expect(other.fingerprint != expected.fingerprint)
  }

  @Test("The mirror's rows of source imdb are cut into training and test reviews of both verdicts")
  func mirror() throws {
    try folder.copy(IMDB.packageFile)
    let (train, test) = try load()
    #expect(train.count == 14 && test.count == 2)
    #expect(test.labels.sorted() == [0, 1] && train.labels.reduce(0, +) == 7)
    #expect(train.origin.kind.rawValue == "mirror")
    #expect(train.origin.detail.contains("14 for training and 2 for testing"))
    #expect((0..<14).allSatisfy { !train.decode($0).contains("without quotes") })
  }

  @Test("More text than the data set has is refused, in the tape and in the mirror's table")
  func tooMuch() throws {
    let tape = fixture("aclImdb_v1.tar.gz")
    func refusal(_ limits: LabelledTexts.Limits) -> String {
      sentence { _ = try IMDB.corpus(ofTape: tape, limits: limits) }
    }
    #expect(try IMDB.corpus(ofTape: tape, limits: .init(texts: 16)).train.count == 10)
    #expect(refusal(.init(texts: 15)).contains("more than the 15 texts"))
    #expect(refusal(.init(bytes: 100)).contains("or 100 bytes of text"))
    #expect(refusal(.init(words: 20)).contains("more than the 20 words"))
    #expect(refusal(.init(differentWords: 20)).contains("20 of them different"))
    let package = fixture(IMDB.packageFile)
    #expect(
      sentence { _ = try IMDB.corpus(ofPackage: package, limit: 500) }
        .contains("more than the 500 expected at most"))
  }

  @Test("The official file goes before the tape, the tape before the mirror")
  func order() throws {
    try folder.copy(IMDB.packageFile)
    try folder.copy("aclImdb_v1.tar.gz")
    #expect(IMDB.source(in: location) == .tape(folder.path + "/aclImdb_v1.tar.gz"))
    try folder.copy("imdb-protocol2-core.npz", as: "downloads/imdb.npz")
    #expect(
      IMDB.source(in: location)
        == .archive(folder.path + "/downloads/imdb.npz", wordIndex: nil))
  }

  @Test("Without data the stand-in says that it is one, and only so many reviews are made")
  func standIn() throws {
    let lines = Lines()
    let (train, test) = try IMDB.load(
      reviews: 300, from: location, offline: true, report: { lines.add($0) })
    #expect(train.count == 300 && test.count == 300 && train.origin.trainSamples == 300)
    #expect(train.origin.kind.rawValue == "stand-in")
    #expect(lines.all.count == 1 && lines.all[0].contains("stand-in"))
    #expect(try folder.names().isEmpty)
  }

  @Test(
    "The stand-in is the same every time, reads as words, and can be learned but not by everyone")
  func standInQuality() throws {
    let small = StandInReviews.corpus(train: 500, test: 10)
    let large = StandInReviews.corpus(train: 2000, test: 10)
    #expect(Array(large.train.labels.prefix(500)) == small.train.labels)
    #expect(large.train.tokens.starts(with: small.train.tokens))
    #expect(
      small.test == large.test && small.train.tokens.prefix(99) != small.test.tokens.prefix(99))
    #expect(Set((1...12_000).compactMap { small.words[$0] }).count == 12_000)
    let reviews = Reviews(
      EncodedTexts(large.train, vocabulary: large.words, words: 10_000, count: 2000),
      origin: large.origin)
    let praise: Set = [
      "wonderful", "excellent", "superb", "gem", "witty", "moving", "clever", "honest",
    ]
    let blame: Set = ["awful", "terrible", "boring", "dull", "trash", "weak", "poor", "lame"]
    var (right, wrong) = (0, 0)
    for index in 0..<reviews.count {
      let words = reviews.decode(index).split(separator: " ").map(String.init)
      let balance = words.filter(praise.contains).count - words.filter(blame.contains).count
      if balance != 0 {
        (balance > 0) == (reviews.labels[index] == 1) ? (right += 1) : (wrong += 1)
      }
    }
    let share = Double(right) / Double(right + wrong)
    #expect(share > 0.65 && share < 0.95)
    #expect(abs(reviews.labels.reduce(0, +) - 1000) < 120)
  }

  @Test("Fewer reviews are the first of all")
  func fewer() throws {
    try folder.copy("imdb-protocol2-core.npz", as: "imdb.npz")
    let all = try load().train
    let few = try load(reviews: 5)
    #expect(few.train.count == 5 && few.test.count == 5 && few.train.x.count == 5)
    #expect((0..<5).map(few.train.tokens) == (0..<5).map(all.tokens))
    #expect(try load(reviews: 15).test.count == 12)
  }

  @Test("Impossible wishes are refused in a sentence")
  func wishes() {
    #expect(sentence { _ = try load(words: 3) }.contains("vocabulary"))
    #expect(sentence { _ = try load(words: 1 << 40) }.contains("vocabulary"))
    #expect(sentence { _ = try load(reviews: 0) }.contains("At least 1 review"))
  }

  @Test(
    "Damaged files are errors that name them, never replaced by a stand-in",
    arguments: [
      ("imdb-protocol2-core.npz", "imdb.npz"), ("aclImdb_v1.tar.gz", "aclImdb_v1.tar.gz"),
      (IMDB.packageFile, IMDB.packageFile),
    ])
  func damaged(source: String, name: String) throws {
    let whole = try bytes(of: source)
    for length in [0, 1, whole.count / 2, whole.count - 1] {
      try folder.write(Array(whole[..<length]), as: name)
      #expect(sentence { _ = try load() }.contains(folder.path + "/" + name), "length \(length)")
    }
    #expect(try folder.names() == [name])
  }

  @Test("Labels other than 0 and 1, impossible ranks and uneven arrays are refused")
  func inconsistent() {
    let ranks = IntegerLists(values: [1, 2, 3], starts: [0, 2, 3])
    #expect(throws: DataError.self) {
      try TokenSet(ranks: ranks, labels: [0, 2], classes: 2, order: [0, 1], name: "x")
    }
    #expect(throws: DataError.self) {
      try TokenSet(ranks: ranks, labels: [0], classes: 2, order: [0], name: "x")
    }
    let negative = IntegerLists(values: [1, -2, 3], starts: [0, 2, 3])
    #expect(throws: DataError.self) {
      try TokenSet(ranks: negative, labels: [0, 1], classes: 2, order: [0, 1], name: "x")
    }
    let huge = IntegerLists(values: [1, Int32.max, 3], starts: [0, 2, 3])
    #expect(throws: DataError.self) {
      try TokenSet(ranks: huge, labels: [0, 1], classes: 2, order: [0, 1], name: "x")
    }
  }
}

@Suite("The cache of reviews")
struct ReviewCacheTests {
  private let folder: TemporaryFolder
  private let source: IMDB.Source

  init() throws {
    folder = try TemporaryFolder()
    source = try .archive(
      folder.copy("imdb-protocol2-core.npz", as: "imdb.npz"),
      wordIndex: folder.copy("imdb_word_index.json"))
  }

  private func cacheFile() throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache")
    #expect(names.count == 1)
    return folder.path + "/cache/" + (names.first ?? "")
  }

  @Test("The second load comes from the cache and is the same")
  func roundTrip() throws {
    let first = try IMDB.corpus(of: source, caches: [folder.path + "/cache"])
    let cache = try #require(ReviewCache(of: source, in: folder.path + "/cache"))
    #expect(try cacheFile() == cache.path)
    #expect(cache.load() == first)
    #expect(try IMDB.corpus(of: source, caches: [folder.path + "/cache"]) == first)
  }

  @Test("A damaged cache is made again: cut off anywhere or with a bit flipped")
  func damaged() throws {
    let corpus = try IMDB.corpus(of: source, caches: [folder.path + "/cache"])
    let cache = try #require(ReviewCache(of: source, in: folder.path + "/cache"))
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: cache.path)))
    func write(_ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: cache.path))
    }
    for length in sampledLengths(whole.count) where length % 5 == 0 {
      try write(Array(whole[..<length]))
      #expect(cache.load() == nil, "length \(length)")
    }
    for position in sampledLengths(whole.count) {
      var copy = whole
      copy[position] ^= 1 << UInt8(position % 8)
      try write(copy)
      // Name and detail stand in the head for the reader alone.
      if let loaded = cache.load() {
        #expect(loaded.train == corpus.train && loaded.test == corpus.test)
        #expect(loaded.words == corpus.words, "byte \(position)")
      }
    }
    try write(Array(whole.dropLast()))
    #expect(try IMDB.corpus(of: source, caches: [folder.path + "/cache"]) == corpus)
    #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: cache.path))) == whole)
  }

  @Test("A changed source makes the cache out of date")
  func outOfDate() throws {
    _ = try IMDB.corpus(of: source, caches: [folder.path + "/cache"])
    try folder.write("{\"other\": 1}", as: "imdb_word_index.json")
    #expect(try IMDB.corpus(of: source, caches: [folder.path + "/cache"]).words[1] == "other")
    let alone = IMDB.Source.archive(source.path, wordIndex: nil)
    #expect(try IMDB.corpus(of: alone, caches: [folder.path + "/cache"]).words.count == 0)
  }

  @Test("What killed runs left in the folder goes, and so do caches whose source is gone")
  func swept() throws {
    let gone = try folder.copy("imdb-protocol3-core.npz", as: "gone.npz")
    _ = try IMDB.corpus(
      of: .archive(gone, wordIndex: nil), caches: [folder.path + "/cache"])
    let orphan = try cacheFile()
    // No process has this number, as numbers end at four million.
    for name in ["x.cache.1999999999.tmp", "x.cache.\(getpid()).tmp", "x.tmp", "imdb-mine.cache"] {
      try folder.write("x", as: "cache/" + name)
    }
    _ = try IMDB.corpus(of: source, caches: [folder.path + "/cache"])
    #expect(FileManager.default.fileExists(atPath: orphan))
    unlink(gone)
    try folder.write("{\"other\": 1}", as: "imdb_word_index.json")
    _ = try IMDB.corpus(of: source, caches: [folder.path + "/cache"])
    let cache = try #require(ReviewCache(of: source, in: folder.path + "/cache")).path
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache").sorted()
        == [
          (cache as NSString).lastPathComponent, "imdb-mine.cache", "x.cache.\(getpid()).tmp",
          "x.tmp",
        ].sorted())
  }

  @Test("Where no cache can be written the next place is taken, or none")
  func unwritable() throws {
    try folder.write("a file, no folder", as: "blocked")
    let blocked = folder.path + "/blocked/cache"
    _ = try IMDB.corpus(of: source, caches: [blocked])
    _ = try IMDB.corpus(of: source, caches: [blocked, folder.path + "/cache"])
    _ = try cacheFile()
    #expect(try folder.names() == ["blocked", "cache", "imdb.npz", "imdb_word_index.json"])
  }
}
