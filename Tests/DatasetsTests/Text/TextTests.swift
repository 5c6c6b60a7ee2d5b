import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Comma-separated values")
struct CSVReaderTests {
  private func rows(_ text: String, pieceSize: Int = 1 << 16) throws -> [[String]] {
    let reader = CSVReader(ArrayStream(text, pieceSize: pieceSize))
    var rows = [[String]]()
    while try reader.next() { rows.append((0..<reader.fieldCount).map(reader.string)) }
    return rows
  }

  @Test(
    "Quotes, line ends and empty fields, whatever the pieces they come in",
    arguments: [1, 2, 3, 7, 1 << 16])
  func forms(pieceSize: Int) throws {
    let text =
      "a,b,c\r\n\"x, y\",\"say \"\"hi\"\"\",\"two\nlines\"\n,,\n\"\",5\" tall,é\nlast,row,\r"
    #expect(
      try rows(text, pieceSize: pieceSize) == [
        ["a", "b", "c"], ["x, y", "say \"hi\"", "two\nlines"], ["", "", ""], ["", "5\" tall", "é"],
        ["last", "row", ""],
      ])
  }

  @Test("A byte order mark in front is no part of the first field")
  func byteOrderMark() throws {
    #expect(try rows("\u{feff}a,b\n1,2") == [["a", "b"], ["1", "2"]])
    #expect(try rows("").isEmpty)
  }

  @Test("What is no table is refused, with the row")
  func damaged() {
    #expect(
      sentence { _ = try rows("a\n\"open") }.contains("table.csv, row 2: a quote is never closed"))
    #expect(sentence { _ = try rows("\"a\"b\n") }.contains("row 1: text follows a closing quote"))
    #expect(sentence { _ = try rows(String(repeating: ",", count: 5000)) }.contains("4096 fields"))
    let reader = CSVReader(ArrayStream(String(repeating: "a", count: 2000)), rowLimit: 1000)
    #expect(sentence { _ = try reader.next() }.contains("more than 1000 bytes"))
    let quoted = CSVReader(ArrayStream("\"" + String(repeating: "a", count: 2000)), rowLimit: 1000)
    #expect(sentence { _ = try quoted.next() }.contains("more than 1000 bytes"))
  }
}

@Suite("NumPy's random numbers")
struct LegacyNumPyRandomTests {
  private struct Recorded: Decodable {
    struct Shuffle: Decodable {
      let seed: UInt32
      let count: Int
      let ends: [Int32]
    }
    let shuffles: [Shuffle]
    let draws: [UInt32]
  }

  @Test("Raw draws are NumPy's")
  func draws() throws {
    var random = LegacyNumPyRandom(seed: 113)
    for draw in try decoded("numpy-random.json", as: Recorded.self).draws {
      #expect(random.next() == draw)
    }
  }

  @Test("Permutations are NumPy's")
  func permutations() throws {
    for shuffle in try decoded("numpy-random.json", as: Recorded.self).shuffles {
      var random = LegacyNumPyRandom(seed: shuffle.seed)
      let order = random.permutation(shuffle.count)
      let ends = shuffle.count > 1000 ? Array(order.prefix(40) + order.suffix(40)) : order
      #expect(ends == shuffle.ends, "seed \(shuffle.seed), \(shuffle.count) elements")
      #expect(Set(order).count == shuffle.count)
    }
  }
}

@Suite("Keras' tokenizer")
struct KerasTokenizerTests {
  private struct Recorded: Decodable {
    let texts: [String]
    let unseen: [String]
    let wordIndex: [String: Int]
    let sequences: [[Int]]
    let words: Int
    let limited: [[Int]]
  }

  private let recorded: Recorded

  init() throws { recorded = try decoded("keras-tokenizer.json", as: Recorded.self) }

  @Test("Word index and sequences are Keras'")
  func sameAsKeras() {
    var tokenizer = KerasTokenizer()
    tokenizer.fit(on: recorded.texts)
    let index = tokenizer.wordIndex
    for (word, rank) in recorded.wordIndex { #expect(index[word] == rank, "\(word)") }
    #expect(index.count == recorded.wordIndex.count)
    #expect(tokenizer.sequences(of: recorded.texts + recorded.unseen) == recorded.sequences)
  }

  @Test("A limited vocabulary leaves rarer words out")
  func limited() {
    var tokenizer = KerasTokenizer(words: recorded.words)
    tokenizer.fit(on: recorded.texts)
    #expect(tokenizer.sequences(of: recorded.texts + recorded.unseen) == recorded.limited)
    #expect(tokenizer.wordIndex.count == recorded.wordIndex.count)
  }

  @Test("Fitting again forgets what was learned before, and a copy keeps its own vocabulary")
  func fittingAgain() {
    var tokenizer = KerasTokenizer()
    tokenizer.fit(on: ["a b b"])
    let copy = tokenizer
    tokenizer.fit(on: ["c c d"])
    #expect(tokenizer.wordIndex == ["c": 1, "d": 2])
    #expect(copy.wordIndex == ["b": 1, "a": 2])
    #expect(copy.sequences(of: ["a c"]) == [[2]])
  }

  @Test("Many words keep their numbers while the table grows")
  func growth() {
    let counter = WordCounter()
    let text = (0..<50_000).map { "word\($0)" }.joined(separator: " ")
    var numbers = [Int32]()
    counter.number(Array(text.utf8), into: &numbers)
    counter.number(Array(text.utf8), into: &numbers)
    #expect(counter.count == 50_000)
    let once = [Int32](0..<50_000)
    #expect(numbers == once + once)
    #expect(counter.word(49_999).elementsEqual("word49999".utf8))
  }
}

@Suite("Word lists")
struct WordListTests {
  @Test("Words by rank; ranks without a word have none")
  func ranks() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "{\"b\": 3, \"the\": 1, \"d\\u00e9j\\u00e0\": 2, \"z\": 5}", as: "index.json")
    let words = try WordList(jsonFile: path)
    #expect((0...6).map { words[$0] } == [nil, "the", "déjà", "b", nil, "z", nil])
  }

  @Test(
    "What is not a word index is refused",
    arguments: [
      "", "{", "[]", "{}", "{\"a\": \"b\"}", "{\"a\": 0}", "{\"a\": -1}", "{\"a\": 4000000000}",
      "{\"a\": 1e300}",
      "{\"a\": 1.5}", "null",
    ])
  func refused(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, as: "index.json")
    #expect(
      sentence { _ = try WordList(jsonFile: path) }.contains("index.json is not a word index"))
  }
}
