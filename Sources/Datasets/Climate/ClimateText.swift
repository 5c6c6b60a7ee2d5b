import DataFiles
import Dispatch
import Foundation

/// The text of the book's table: a heading, and rows of a date and 14 numbers.
///
/// Six million numbers in 42 MB: each core reads a part of the rows, straight from the bytes.
struct ClimateText {
  private let text: [UInt8]
  private let name: String
  /// Where the heading starts, after a byte order mark.
  private let start: Int
  /// Where the last row ends, line ends after it left out.
  private let end: Int

  init(_ text: [UInt8], name: String) {
    self.text = text
    self.name = name
    start = text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var end = text.count
    while end > start, [10, 13, 32].contains(text[end - 1]) { end -= 1 }
    self.end = end
  }

  /// The numbers row by row, not a number where a measurement failed, and the minutes since the beginning of 1970.
  ///
  /// - Parameter limit: the most rows accepted.
  /// - Throws: `DataError` with the row and column of the first thing that is wrong.
  func rows(limit: Int) throws -> (values: [Float], minutes: [Int32]) {
    let body = try checkHeading()
    guard body < end else { throw DataError("\(name) has a heading but no rows.") }
    let width = Climate.variables.count
    let pieces = pieces(from: body)
    let counts = pieces.map { piece in
      text.withUnsafeBytes { bytes in lineEnds(bytes[piece]) } + (piece.upperBound == end ? 1 : 0)
    }
    let firstRows = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let rowCount = firstRows[pieces.count]
    // Before memory is taken for them, be they empty or not.
    guard rowCount <= limit else {
      throw DataError(
        "\(name) has \(rowCount) rows, more than the \(limit) expected at most.")
    }
    var failures = [ClimateRowReader.Failure?](repeating: nil, count: pieces.count)
    var minutes = [Int32](repeating: 0, count: rowCount)
    let values = [Float](unsafeUninitializedCapacity: rowCount * width) { values, filled in
      minutes.withUnsafeMutableBufferPointer { minutes in
        failures.withUnsafeMutableBufferPointer { failures in
          // Each piece writes its own rows.
          nonisolated(unsafe) let (values, minutes, failures) = (values, minutes, failures)
          DispatchQueue.concurrentPerform(iterations: pieces.count) { piece in
            text.withUnsafeBufferPointer { text in
              var reader = ClimateRowReader(
                UnsafeBufferPointer(rebasing: text[pieces[piece]]), row: firstRows[piece])
              let rows = firstRows[piece]..<firstRows[piece + 1]
              failures[piece] = reader.read(
                UnsafeMutableBufferPointer(
                  rebasing: values[rows.lowerBound * width..<rows.upperBound * width]),
                UnsafeMutableBufferPointer(rebasing: minutes[rows]))
            }
          }
        }
      }
      filled = rowCount * width
    }
    if let failure = failures.lazy.compactMap({ $0 }).first {
      // The heading is row 1.
      throw DataError("\(name), row \(failure.row + 2): \(failure.reason).")
    }
    return (values, minutes)
  }

  /// Compares the heading with the columns that there should be, and returns where the rows begin.
  private func checkHeading() throws -> Int {
    let lineEnd = text[start...].prefix(1 << 12).firstIndex(of: 10) ?? min(end, start + 1 << 12)
    let line = String(decoding: text[start..<max(start, lineEnd)], as: UTF8.self)
    let columns = line.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" \r"))
    }
    let expected = ["Date Time"] + Climate.variables.map(\.heading)
    for column in expected where !columns.contains(column) {
      throw DataError(
        "\(name) has no column \"\(column)\"; it should begin with the heading "
          + "\(expected.joined(separator: ",")).")
    }
    guard columns == expected else {
      throw DataError(
        "\(name) has other columns than expected; they should be "
          + "\(expected.joined(separator: ",")).")
    }
    return min(lineEnd + 1, end)
  }

  /// Parts of about equal length that begin and end with whole rows; their line ends belong to them.
  private func pieces(from body: Int) -> [Range<Int>] {
    let count = max(1, min(16, (end - body) >> 16))
    var pieces = [Range<Int>]()
    var position = body
    for piece in 1...count where position < end {
      var stop = piece == count ? end : body + (end - body) / count * piece
      if stop < position { continue }
      while stop < end, text[stop - 1] != 10 { stop += 1 }
      pieces.append(position..<stop)
      position = stop
    }
    return pieces
  }

  private func lineEnds(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    var count = 0
    for byte in UnsafeRawBufferPointer(rebasing: bytes) { count += byte == 10 ? 1 : 0 }
    return count
  }
}
