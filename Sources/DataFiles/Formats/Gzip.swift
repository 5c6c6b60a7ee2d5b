/// Bytes read from front to back, unpacked on the way if they are compressed with gzip.
///
/// Which of the two it is shows in the first two bytes, not in a name. Several gzip members in a
/// row count as one, as for `gunzip`.
package final class GzipStream: ByteStream {
  package let name: String
  private let source: any ByteStream
  private let inflater: Inflater?
  private var input: [UInt8]
  private var inputPosition = 0
  private var inputEnd = 0
  private var isAtStart = true
  private var isBetweenMembers = true
  private var isAtEnd = false

  /// Reads a file.
  convenience init(path: String) throws {
    try self.init(FileStream(try InputFile(path: path)))
  }

  /// Reads another stream, a member of a ZIP archive for instance.
  package init(_ source: any ByteStream) throws {
    self.source = source
    name = source.name
    var first = [UInt8](repeating: 0, count: 1 << 16)
    // A stream may give its first bytes one at a time.
    while inputEnd < 2 {
      let start = inputEnd
      let count = try first.withUnsafeMutableBytes {
        try source.read(into: .init(rebasing: $0[start...]))
      }
      if count == 0 { break }
      inputEnd += count
    }
    inflater = inputEnd >= 2 && first[0] == 0x1f && first[1] == 0x8b ? try Inflater(.gzip) : nil
    input = first
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let inflater else { return try plain(into: buffer) }
    guard !buffer.isEmpty else { return 0 }
    while !isAtEnd {
      if inputPosition == inputEnd, try !refill() {
        if isBetweenMembers { break }
        throw DataError("\(name) is truncated: its compressed data ends too early; fetch it again.")
      }
      // After the last member only another member or zero padding may follow.
      if isBetweenMembers, !isAtStart, input[inputPosition] != 0x1f {
        isAtEnd = true
        break
      }
      (isAtStart, isBetweenMembers) = (false, false)
      let step = input.withUnsafeBytes {
        inflater.decode(.init(rebasing: $0[inputPosition..<inputEnd]), into: buffer)
      }
      guard let step else {
        throw DataError("\(name) is damaged: its compressed data does not decode; fetch it again.")
      }
      inputPosition += step.taken
      if step.ended {
        inflater.restart()
        isBetweenMembers = true
      }
      if step.given > 0 { return step.given }
    }
    return 0
  }

  /// What was read to look for compression, then the source as it is.
  private func plain(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard inputPosition < inputEnd else { return try source.read(into: buffer) }
    let count = min(buffer.count, inputEnd - inputPosition)
    input.withUnsafeBytes {
      buffer.copyMemory(from: .init(rebasing: $0[inputPosition..<(inputPosition + count)]))
    }
    inputPosition += count
    return count
  }

  /// Reads the next compressed bytes; false at the end.
  private func refill() throws -> Bool {
    inputPosition = 0
    inputEnd = try input.withUnsafeMutableBytes { try source.read(into: $0) }
    return inputEnd > 0
  }
}

/// Files compressed with gzip.
public enum Gzip {
  /// The plain contents of a file, which is returned as it is when it is not compressed.
  ///
  /// - Parameter limit: the most bytes accepted; a file that unpacks to more throws.
  public static func contents(ofFile path: String, limit: Int) throws -> [UInt8] {
    let stream = try GzipStream(path: path)
    return try stream.readAll(limit: limit)
  }
}

extension ByteStream {
  /// Everything up to the end, growing with what really comes and never beyond `limit` bytes.
  package func readAll(limit: Int) throws -> [UInt8] {
    var result = [UInt8]()
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
      if count == 0 { return result }
      guard count <= limit - result.count else {
        throw DataError("\(name) unpacks to more than the \(limit) bytes expected at most.")
      }
      result.append(contentsOf: piece[..<count])
    }
  }
}
