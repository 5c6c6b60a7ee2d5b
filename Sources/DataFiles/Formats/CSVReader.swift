import Foundation

/// A table in a text file of comma-separated values (RFC 4180), row by row.
///
/// Fields may be quoted, and then hold commas, line ends and doubled quotes. Only one row is in
/// memory at a time.
package final class CSVReader {
  private let stream: any ByteStream
  private let separator: UInt8
  private let rowLimit: Int
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var position = 0
  private var end = 0
  /// The text of the current row without quotes and separators, and where each field ends in it.
  private var text = [UInt8]()
  private var fieldEnds = [Int]()
  /// The number of the current row, the first being 1.
  package private(set) var row = 0

  /// - Parameter rowLimit: the most bytes that one row may have.
  package init(_ stream: any ByteStream, separator: Character = ",", rowLimit: Int = 1 << 22) {
    self.stream = stream
    self.separator = separator.asciiValue ?? 44
    self.rowLimit = rowLimit
  }

  /// The number of fields in the current row.
  package var fieldCount: Int { fieldEnds.count }

  /// A field of the current row as bytes.
  package func field(_ index: Int) -> ArraySlice<UInt8> {
    text[(index == 0 ? 0 : fieldEnds[index - 1])..<fieldEnds[index]]
  }

  /// A field of the current row as text.
  package func string(_ index: Int) -> String { String(decoding: field(index), as: UTF8.self) }

  private func damaged(_ reason: String) -> DataError {
    DataError("\(stream.name), row \(row): \(reason).")
  }

  /// Goes to the next row; false at the end of the file.
  package func next() throws -> Bool {
    text.removeAll(keepingCapacity: true)
    fieldEnds.removeAll(keepingCapacity: true)
    guard try fill() else { return false }
    row += 1
    // Spreadsheets put a byte order mark in front.
    if row == 1, end >= 3, buffer[0] == 0xef, buffer[1] == 0xbb, buffer[2] == 0xbf { position = 3 }
    while true {
      let isLast = try takeField()
      fieldEnds.append(text.count)
      guard fieldEnds.count <= 4096 else { throw damaged("it has more than 4096 fields") }
      if isLast { return true }
    }
  }

  /// Takes one field with what ends it; true if that was the end of the row.
  private func takeField() throws -> Bool {
    guard try fill() else { return true }
    if buffer[position] == 34 {
      position += 1
      try takeQuoted()
      guard try fill() else { return true }
      switch buffer[position] {
      case separator, 10: break
      case 13: break
      default: throw damaged("text follows a closing quote")
      }
    }
    while try fill() {
      var index = position
      while index < end, buffer[index] != separator, buffer[index] != 10 { index += 1 }
      try take(index)
      guard index < end else { continue }
      position = index + 1
      if buffer[index] == separator { return false }
      dropCarriageReturn()
      return true
    }
    dropCarriageReturn()
    return true
  }

  /// Takes the inside of quotes up to and including the closing one.
  private func takeQuoted() throws {
    while true {
      guard try fill() else { throw damaged("a quote is never closed: the file is truncated") }
      let (start, stop) = (position, end)
      let quote = buffer.withUnsafeBytes { bytes -> Int? in
        guard let base = bytes.baseAddress, let found = memchr(base + start, 34, stop - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
      }
      try take(quote ?? end)
      guard let quote else { continue }
      position = quote + 1
      guard try fill(), buffer[position] == 34 else { return }
      position += 1
      text.append(34)
    }
  }

  /// Adds the buffer up to an index to the row.
  private func take(_ index: Int) throws {
    guard text.count + index - position <= rowLimit else {
      throw damaged("it has more than \(rowLimit) bytes")
    }
    text.append(contentsOf: buffer[position..<index])
    position = index
  }

  private func dropCarriageReturn() {
    if text.count > fieldEnds.last ?? 0, text.last == 13 { text.removeLast() }
  }

  /// Sees to it that there is a byte to look at; false at the end.
  private func fill() throws -> Bool {
    guard position == end else { return true }
    position = 0
    end = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
    return end > 0
  }
}
