import Testing

@testable import DataFiles

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

  @Test("Rows, pieces and pages that claim more than the file can hold are refused")
  func claims() throws {
    let good = Self.table(rows: 3, groups: [3])
    #expect(
      try ParquetTexts(good, name: "x").column("index") == Array(repeating: Self.word, count: 3))
    func refusal(
      _ file: [UInt8], limit: Int = 1 << 21, sizeLimit: Int = 1 << 26
    ) -> String {
      sentence {
        _ = try ParquetTexts(file, name: "x", limit: limit, sizeLimit: sizeLimit).column("index")
      }
    }
    #expect(
      refusal(Self.table(rows: 101, groups: [101]), limit: 100).contains("more rows than the 100"))
    #expect(refusal(Self.table(rows: -1, groups: [1])).contains("more rows than"))
    // Eight thousand million texts of a few bytes each in the file.
    #expect(refusal(Self.table(rows: 3, groups: [1 << 33])).contains("a column is not described"))
    #expect(refusal(Self.table(rows: 3, groups: [2, 2])).contains("a column is not described"))
    #expect(refusal(Self.table(rows: 3, groups: [1])).contains("announces 3 rows and holds 1"))
    // Pieces that all lie at the same place.
    let many = Self.table(rows: 400_000, groups: [Int](repeating: 10_000, count: 40))
    #expect(refusal(many).contains("lies beyond its end"))
    #expect(refusal(good, sizeLimit: 100).contains("unpacks to more than the 100 bytes"))
  }

  private static let word = String(repeating: "w", count: 120)

  /// A table of one column whose pieces hold one word again and again, all of them at the same place of the file.
  private static func table(rows: Int, groups: [Int]) -> [UInt8] {
    typealias Field = (number: Int, type: UInt8, bytes: [UInt8])
    func variable(_ value: UInt64) -> [UInt8] {
      value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + variable(value >> 7)
    }
    func integer(_ value: Int) -> [UInt8] {
      variable(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)))
    }
    func record(_ fields: [Field]) -> [UInt8] {
      var previous = 0
      return fields.flatMap { field in
        defer { previous = field.number }
        return [UInt8(field.number - previous) << 4 | field.type] + field.bytes
      } + [0]
    }
    func list(_ type: UInt8, _ items: [[UInt8]]) -> [UInt8] {
      [0xf0 | type] + variable(UInt64(items.count)) + items.flatMap { $0 }
    }
    func text(_ value: String) -> [UInt8] { variable(UInt64(value.utf8.count)) + Array(value.utf8) }
    func page(_ field: Int, _ facts: [Field], _ body: [UInt8]) -> [UInt8] {
      record([
        (1, 5, integer(0)), (2, 5, integer(body.count)), (3, 5, integer(body.count)),
        (field, 12, record(facts)),
      ]) + body
    }
    let count = min(groups[0], 1 << 20)
    let dictionary = page(
      7, [(1, 5, integer(1)), (2, 5, integer(0))],
      [UInt8(word.utf8.count), 0, 0, 0] + Array(word.utf8))
    // The number 0 so often, one bit wide.
    let numbers = page(
      5, [(1, 5, integer(count)), (2, 5, integer(8))], [1] + variable(UInt64(count) << 1) + [0])
    let piece = dictionary + numbers
    let chunks = groups.map { values in
      record([
        (
          1, 9,
          list(
            12,
            [
              record([
                (
                  3, 12,
                  record([
                    (3, 9, list(8, [text("index")])), (4, 5, integer(0)), (5, 6, integer(values)),
                    (7, 6, integer(piece.count)), (9, 6, integer(4)),
                  ])
                )
              ])
            ])
        )
      ])
    }
    let schema = [
      record([(4, 8, text("schema"))]),
      record([(1, 5, integer(6)), (3, 5, integer(0)), (4, 8, text("index"))]),
    ]
    let description = record([
      (2, 9, list(12, schema)), (3, 6, integer(rows)), (4, 9, list(12, chunks)),
    ])
    let mark = Array("PAR1".utf8)
    let length = (0..<4).map { UInt8(truncatingIfNeeded: description.count >> (8 * $0)) }
    return mark + piece + description + length + mark
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

  @Test("Field numbers at the end of what a number can be are refused")
  func fieldNumbers() {
    // A field with the largest number there is, then the one after it.
    let largest: [UInt8] = [0xfe] + [UInt8](repeating: 0xff, count: 8) + [1]
    for bytes in [[0x05] + largest + [2, 0x15, 2, 0], [0x05, 0x80, 0x80, 4, 2, 0]] {
      var slice = bytes[...]
      #expect(ThriftRecord(&slice) == nil)
    }
    var last: ArraySlice<UInt8> = [0x05, 0xfe, 0xff, 3, 2, 0]
    #expect(ThriftRecord(&last)?.integer(32767) == 1)
    var beyond: ArraySlice<UInt8> = [0x05, 0xfe, 0xff, 3, 2, 0x15, 2, 0]
    #expect(ThriftRecord(&beyond) == nil)
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
