import Testing

@testable import Datasets

@Suite("Parquet columns of texts")
struct ParquetTests {
  private static let words =
    (0..<300).map { "word\($0 * 37 % 100)" } + ["", "Größe", "映画", "it's"]

  private func column(_ name: String) throws -> [String] {
    try ParquetTexts(bytes(of: name), name: name).column("index")
  }

  @Test("A dictionary, plain pages behind it, Snappy")
  func snappy() throws { #expect(try column("words-snappy.parquet") == Self.words) }

  @Test("Rows without a text come out empty; nothing compressed; two groups of rows")
  func plain() throws {
    let expected = Self.words.prefix(60).enumerated().map { $0 % 3 == 1 ? "" : $1 }
    #expect(try column("words-plain.parquet") == expected)
  }

  @Test("A column in which every row has a text")
  func required() throws {
    #expect(
      try column("words-required.parquet") == [String](repeating: "same", count: 50) + ["other"])
  }

  @Test("What is not known is named")
  func unknown() throws {
    #expect(sentence { _ = try column("words-gzip.parquet") }.contains("known is Snappy"))
    #expect(sentence { _ = try column("words-version2.parquet") }.contains("version 1"))
    let numbers = try ParquetTexts(bytes(of: "words-snappy.parquet"), name: "x.parquet")
    #expect(sentence { _ = try numbers.column("number") }.contains("no column of texts"))
    #expect(sentence { _ = try numbers.column("other") }.contains("no column of texts"))
    for text in ["", "PAR1", "PAR1\u{1}\0\0\0PAR1", "<html>Not found</html>"] {
      let error = sentence { _ = try ParquetTexts(Array(text.utf8), name: "x.parquet") }
      #expect(error.hasPrefix("x.parquet ") && error.contains("fetch it again"))
    }
  }

  @Test(
    "Damaged bytes never crash, and lead to other texts or one sentence",
    arguments: ["words-snappy.parquet", "words-plain.parquet", "words-required.parquet"])
  func mutated(name: String) throws {
    let whole = try bytes(of: name)
    var refused = 0
    for position in whole.indices {
      for change in [UInt8(1), 0x80, 0xff] {
        var damaged = whole
        damaged[position] ^= change
        do {
          let texts = try ParquetTexts(damaged, name: name).column("index")
          #expect(texts.count <= 400)
        } catch let error as DataError {
          refused += 1
          #expect(error.description.hasPrefix(name))
        }
      }
    }
    #expect(refused > whole.count / 2)
    for length in 0..<whole.count {
      #expect(throws: DataError.self) {
        try ParquetTexts(Array(whole.prefix(length)), name: name).column("index")
      }
    }
  }
}

@Suite("Thrift records")
struct ThriftRecordTests {
  @Test("Fields by number, with jumps, negative numbers, lists and records inside")
  func fields() throws {
    // 1: integer -2, 3: text, 20 (a jump): list of two integers, 21: record with a flag and a text.
    let bytes: [UInt8] =
      [0x15, 3, 0x28, 2, 104, 105, 0x09, 40, 0x25, 2, 4, 0x1c, 0x11, 0x18, 1, 122, 0, 0, 99]
    var slice = bytes[...]
    let record = try #require(ThriftRecord(&slice))
    #expect(record.integer(1) == -2 && record.integer(2) == nil && record.bytes(1) == nil)
    #expect(record.bytes(3).map(Array.init) == Array("hi".utf8))
    #expect(record.record(21)?.bytes(2).map(Array.init) == Array("z".utf8))
    #expect(record.records(20).isEmpty && record.texts(3).isEmpty)
    #expect(slice.elementsEqual([99]))
  }

  @Test("Records and lists that nest without end, and claims beyond the bytes, are refused")
  func hostile() {
    var nested = [UInt8](repeating: 0x1c, count: 100_000)[...]
    #expect(ThriftRecord(&nested) == nil)
    var lists = ([0x19] + [UInt8](repeating: 0x19, count: 100_000))[...]
    #expect(ThriftRecord(&lists) == nil)
    for claim in [
      [0x18, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x19, 0xf5, 0xff, 0xff, 0xff, 0x7f], [0x15],
      [0x17, 1],
    ] {
      var slice = claim.map(UInt8.init)[...]
      #expect(ThriftRecord(&slice) == nil)
    }
  }
}

@Suite("Snappy")
struct SnappyTests {
  @Test("Literals of all lengths and copies that overlap themselves")
  func forms() {
    #expect(Snappy.decoded([0], size: 0) == [])
    #expect(Snappy.decoded([3, 8, 1, 2, 3], size: 3) == [1, 2, 3])
    // "ab", then a copy of 4 + 2 bytes from two bytes back.
    #expect(Snappy.decoded([8, 4, 97, 98, 0b000_010_01, 2], size: 8) == Array("abababab".utf8))
    #expect(Snappy.decoded([6, 0, 9, 0b000_100_10, 1, 0], size: 6) == [9, 9, 9, 9, 9, 9])
    #expect(Snappy.decoded([6, 0, 9, 0b000_100_11, 1, 0, 0, 0], size: 6) == [9, 9, 9, 9, 9, 9])
    let long = [UInt8](repeating: 7, count: 300)
    #expect(Snappy.decoded([0xac, 2, 61 << 2, 43, 1] + long, size: 300) == long)
  }

  @Test("What reaches beyond its ends is refused")
  func hostile() {
    for (bytes, size) in [
      ([], 0), ([5], 5), ([3, 8, 1, 2], 3), ([3, 8, 1, 2, 3], 4), ([1, 8, 1, 2, 3], 1),
      ([4, 0, 1, 0b000_010_10, 2, 0], 4), ([4, 0, 1, 0b000_010_10, 0, 0], 4),
      ([2, 0, 1, 0b000_111_10, 1, 0], 2), ([0xff, 0xff, 0xff, 0xff, 0x7f, 0], 1 << 40),
      ([0xff, 0xff, 0xff, 0xff, 0x0f, 0], 0xffff_ffff), ([1, 63 << 2, 0xff, 0xff, 0xff, 0xff], 1),
    ] as [([UInt8], Int)] {
      #expect(Snappy.decoded(bytes[...], size: size) == nil, "\(bytes)")
    }
  }
}
