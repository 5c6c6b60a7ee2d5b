/// Columns of texts out of a Parquet file, a table that is stored column by column.
///
/// Knows what a column of texts needs: pages of version 1, plain or by way of a dictionary, as they are or compressed
/// with Snappy. Whatever a file claims is held against the bytes that are there.
package struct ParquetTexts {
  private let bytes: [UInt8]
  private let name: String
  private let description: ThriftRecord
  /// The most texts accepted, and the most bytes that the pages of a column may unpack to.
  private let limit: Int
  private let sizeLimit: Int

  /// The largest description of a file; one of a few columns takes some kilobytes.
  private static let descriptionLimit = 1 << 20
  /// The largest description of a page, which may quote the first and the last text.
  private static let headLimit = 1 << 16

  /// Reads the description at the end of the file.
  ///
  /// - Parameters:
  ///   - name: what the file is called in error messages.
  ///   - limit: the most texts accepted; GloVe has 400,000 words.
  ///   - sizeLimit: the most bytes that the pages of a column may unpack to; GloVe's words take 4 million.
  package init(
    _ bytes: [UInt8], name: String, limit: Int = 1 << 21, sizeLimit: Int = 1 << 26
  ) throws {
    (self.bytes, self.name, self.limit, self.sizeLimit) = (bytes, name, limit, sizeLimit)
    let mark = "PAR1".utf8
    guard bytes.count >= 12, bytes.prefix(4).elementsEqual(mark),
      bytes.suffix(4).elementsEqual(mark),
      let length = bytes.number32(at: bytes.count - 8), length <= bytes.count - 12,
      length <= Self.descriptionLimit
    else { throw DataError("\(name) is not a complete Parquet file; fetch it again.") }
    var footer = bytes[(bytes.count - 8 - length)..<(bytes.count - 8)]
    guard let description = ThriftRecord(&footer) else {
      throw DataError("\(name) is damaged: its description cannot be read; fetch it again.")
    }
    self.description = description
  }

  /// All texts of a column, empty where there is none.
  package func column(_ column: String) throws -> [String] {
    // The first entry of the schema is the table itself. A flat column is required (0) or optional (1).
    let schema = description.records(2).dropFirst()
    guard
      let entry = schema.first(where: { $0.bytes(4)?.elementsEqual(column.utf8) == true }),
      entry.integer(1) == 6, let repetition = entry.integer(3), repetition == 0 || repetition == 1
    else { throw DataError("\(name) has no column of texts called \(column).") }
    guard let rows = description.integer(3), rows >= 0, rows <= limit else {
      throw DataError(
        "\(name) announces more rows than the \(limit) that can be accepted; fetch it again.")
    }
    // Pieces of a column do not overlap, so that together they are no longer than the file.
    var (texts, packed, unpacked) = ([String](), 0, 0)
    for group in description.records(4) {
      for chunk in group.records(1).compactMap({ $0.record(3) }) where chunk.texts(3) == [column] {
        try read(
          chunk, isOptional: repetition == 1, rows: rows, into: &texts, &packed, &unpacked)
      }
    }
    guard texts.count == rows else {
      throw damaged("it announces \(rows) rows and holds \(texts.count)")
    }
    return texts
  }

  private func damaged(_ reason: String) -> DataError {
    DataError("\(name) is damaged: \(reason); fetch it again.")
  }

  /// Reads one piece of the column: its dictionary, if there is one, and its pages.
  ///
  /// - Parameters:
  ///   - rows: how many texts there are in all pieces.
  ///   - packedTotal: the bytes of the pieces so far.
  ///   - unpackedTotal: what their pages have unpacked to.
  private func read(
    _ chunk: ThriftRecord, isOptional: Bool, rows: Int, into texts: inout [String],
    _ packedTotal: inout Int, _ unpackedTotal: inout Int
  ) throws {
    guard let compression = chunk.integer(4), compression == 0 || compression == 1 else {
      throw DataError("\(name) is compressed in a way that is not known; known is Snappy.")
    }
    guard let first = chunk.integer(9), let length = chunk.integer(7), let count = chunk.integer(5),
      count >= 0, count <= rows - texts.count
    else { throw damaged("a column is not described") }
    let start = min(first, chunk.integer(11) ?? first)
    guard start >= 4, length >= 0, start <= bytes.count,
      length <= min(bytes.count - start, bytes.count - packedTotal)
    else { throw damaged("a column lies beyond its end") }
    packedTotal += length
    var rest = bytes[start..<(start + length)]
    var dictionary: [String]?
    let wanted = texts.count + count
    while texts.count < wanted {
      var opening = rest.prefix(Self.headLimit)
      guard let head = ThriftRecord(&opening), let size = head.integer(2),
        let packed = head.integer(3), packed >= 0, size >= 0
      else { throw damaged("a page cannot be read") }
      rest = rest[opening.startIndex...]
      guard packed <= rest.count else { throw damaged("a page cannot be read") }
      guard size <= sizeLimit - unpackedTotal else {
        throw DataError(
          "\(name) unpacks to more than the \(sizeLimit) bytes that can be accepted; fetch it again."
        )
      }
      unpackedTotal += size
      guard head.record(5) != nil || head.record(7) != nil else {
        throw DataError(
          "\(name) has pages of a kind that is not known; known are those of version 1.")
      }
      let body = rest.prefix(packed)
      rest = rest.dropFirst(packed)
      guard let page = compression == 1 ? Snappy.decoded(body, size: size) : Array(body) else {
        throw damaged("a page does not decode")
      }
      if let facts = head.record(7), let entries = facts.integer(1) {
        var values = page[...]
        guard facts.integer(2) == 0 || facts.integer(2) == 2,
          let words = Self.plain(&values, count: entries)
        else { throw damaged("its dictionary cannot be read") }
        dictionary = words
      } else {
        guard let facts = head.record(5), let entries = facts.integer(1), entries > 0,
          entries <= wanted - texts.count,
          let read = Self.texts(page, facts, entries, dictionary, isOptional: isOptional)
        else { throw damaged("a page of texts cannot be read") }
        texts += read
      }
    }
  }

  /// The texts of a page.
  private static func texts(
    _ page: [UInt8], _ facts: ThriftRecord, _ count: Int, _ dictionary: [String]?, isOptional: Bool
  ) -> [String]? {
    var values = page[...]
    var isThere: [Int]?
    if isOptional {
      // Which rows have a text: 1 bit each, after the length of their form.
      guard let length = values.takeLittleEndian(4), length <= values.count,
        let levels = runs(values.prefix(length), width: 1, count: count)
      else { return nil }
      values = values.dropFirst(length)
      isThere = levels
    }
    let filled = isThere?.count { $0 == 1 } ?? count
    let texts: [String]?
    switch facts.integer(2) {
    case 0: texts = plain(&values, count: filled)
    case 2, 8:
      guard let dictionary, let width = values.popFirst(), width <= 32,
        let numbers = runs(values, width: Int(width), count: filled),
        numbers.allSatisfy({ $0 < dictionary.count })
      else { return nil }
      texts = numbers.map { dictionary[$0] }
    default: texts = nil
    }
    guard let texts, let isThere, filled < count else { return texts }
    var next = texts.makeIterator()
    return isThere.map { $0 == 1 ? next.next() ?? "" : "" }
  }

  /// Texts one after the other, each after its length.
  private static func plain(_ values: inout ArraySlice<UInt8>, count: Int) -> [String]? {
    guard count >= 0, count <= values.count / 4 else { return nil }
    var texts = [String]()
    texts.reserveCapacity(count)
    for _ in 0..<count {
      guard let length = values.takeLittleEndian(4), length <= values.count else { return nil }
      texts.append(String(decoding: values.prefix(length), as: UTF8.self))
      values = values.dropFirst(length)
    }
    return texts
  }

  /// Small numbers, either one repeated or packed bit by bit (Parquet's "RLE / bit-packing hybrid").
  private static func runs(_ values: ArraySlice<UInt8>, width: Int, count: Int) -> [Int]? {
    var values = values
    var numbers = [Int]()
    while numbers.count < count {
      guard let head = values.takeVariableLength() else { return nil }
      let left = count - numbers.count
      if head & 1 == 0 {
        guard head > 0, let number = values.takeLittleEndian((width + 7) / 8) else { return nil }
        numbers += [Int](repeating: number, count: min(head >> 1, left))
      } else {
        let size = (head >> 1) * width
        guard size <= values.count, head > 1 else { return nil }
        numbers += unpacked(values.prefix(size), width: width, count: min(head >> 1 * 8, left))
        values = values.dropFirst(size)
      }
    }
    return numbers
  }

  private static func unpacked(_ bytes: ArraySlice<UInt8>, width: Int, count: Int) -> [Int] {
    var (numbers, bits, available) = ([Int](), UInt64(0), 0)
    var next = bytes.makeIterator()
    let mask = UInt64(1) << UInt64(width) - 1
    for _ in 0..<count {
      while available < width, let byte = next.next() {
        bits |= UInt64(byte) << UInt64(available)
        available += 8
      }
      numbers.append(Int(bits & mask))
      bits >>= UInt64(width)
      available -= width
    }
    return numbers
  }
}
