import Foundation

/// A file read from front to back, unpacked on the way if it is compressed with gzip.
///
/// Which of the two it is shows in its first two bytes, not in its name. Several gzip members in a
/// row count as one, as for `gunzip`.
final class GzipStream: ByteStream {
  let name: String
  private let file: InputFile
  private let inflater: Inflater?
  private var input = [UInt8]()
  private var inputPosition = 0
  private var filePosition = 0
  private var isBetweenMembers = true
  private var isAtEnd = false

  init(path: String) throws {
    name = path
    let file = try InputFile(path: path)
    let magic = try file.read(min(2, file.size), at: 0)
    inflater = magic == [0x1f, 0x8b] ? try Inflater(.gzip) : nil
    self.file = file
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let inflater else {
      let count = try file.read(into: buffer, at: filePosition)
      filePosition += count
      return count
    }
    guard !buffer.isEmpty else { return 0 }
    while !isAtEnd {
      if inputPosition == input.count, try !refill() {
        if isBetweenMembers { break }
        throw DataError("\(name) is truncated: its compressed data ends too early.")
      }
      // After the last member only another member or zero padding may follow.
      if isBetweenMembers, filePosition - input.count + inputPosition > 0,
        input[inputPosition] != 0x1f
      {
        isAtEnd = true
        break
      }
      isBetweenMembers = false
      let step = input.withUnsafeBytes {
        inflater.decode(UnsafeRawBufferPointer(rebasing: $0[inputPosition...]), into: buffer)
      }
      guard let step else {
        throw DataError("\(name) is damaged: its compressed data does not decode.")
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

  /// Reads the next compressed bytes; false at the end of the file.
  private func refill() throws -> Bool {
    let count = min(1 << 16, file.size - filePosition)
    guard count > 0 else { return false }
    input = try file.read(count, at: filePosition)
    filePosition += count
    inputPosition = 0
    return true
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
  func readAll(limit: Int) throws -> [UInt8] {
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
