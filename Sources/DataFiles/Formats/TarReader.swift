/// A tape archive (`.tar`, `.tar.gz`), read from front to back.
///
/// Knows the ustar form, GNU long names and the `path` and `size` records of pax. Folders are
/// passed over, and so are links and devices: only ordinary files come out. A member whose path
/// would lead out of the folder it is unpacked into is refused.
///
/// ```swift
/// let archive = try TarReader(path: "reviews.tar.gz")
/// while let member = try archive.next() {
///   if member.path.hasSuffix(".txt") { print(try archive.contents(limit: 1_000_000).count) }
/// }
/// ```
public final class TarReader {
  /// One file in the archive.
  public struct Member: Sendable {
    /// Its path inside the archive, without a leading `./`.
    public let path: String
    /// Its size in bytes.
    public let size: Int
  }

  private let stream: any ByteStream
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var bufferPosition = 0
  private var bufferEnd = 0
  /// What is left of the current member, and the padding after it.
  private var remaining = 0
  private var padding = 0
  private let memberLimit: Int
  private var members = 0
  /// How many bytes may still come.
  private var room: Int
  private let sizeLimit: Int

  /// Opens an archive; whether it is compressed shows in its first bytes.
  ///
  /// - Parameters:
  ///   - memberLimit: the most members accepted, of whatever kind; the largest archive of a data set, that of the film
  ///     reviews, has little more than 100,000 files.
  ///   - sizeLimit: the most bytes that it may unpack to; the film reviews take about 0.3 billion.
  public init(path: String, memberLimit: Int = 1 << 18, sizeLimit: Int = 1 << 31) throws {
    stream = try GzipStream(path: path)
    (self.memberLimit, self.sizeLimit, room) = (memberLimit, sizeLimit, sizeLimit)
  }

  /// The next file of the archive, nil at its end.
  public func next() throws -> Member? {
    var longPath: String?
    var paxSize: Int?
    while true {
      try skip(remaining + padding)
      (remaining, padding) = (0, 0)
      let header = try take(512)
      if header.allSatisfy({ $0 == 0 }) {
        try drain()
        return nil
      }
      members += 1
      guard members <= memberLimit else {
        throw DataError(
          "\(stream.name) has more than the \(memberLimit) members expected at most.")
      }
      let (headerPath, headerSize, type) = try parsed(header)
      let size =
        type == UInt8(ascii: "L") || type == UInt8(ascii: "x") ? headerSize : paxSize ?? headerSize
      remaining = size
      padding = (512 - size % 512) % 512
      switch type {
      case UInt8(ascii: "L"):
        longPath = text(try contents(limit: 1 << 16)[...])
      case UInt8(ascii: "x"):
        let records = try paxRecords(try contents(limit: 1 << 20))
        longPath = records["path"] ?? longPath
        if let claim = records["size"] {
          guard let size = Int(claim), size >= 0, size < 1 << 60 else {
            throw damaged("a member's size is not a number")
          }
          paxSize = size
        }
      case UInt8(ascii: "0"), UInt8(ascii: "7"), 0:
        let path = try safe(longPath ?? headerPath)
        if !path.hasSuffix("/") { return Member(path: path, size: size) }
        (longPath, paxSize) = (nil, nil)
      case UInt8(ascii: "K"):
        break
      default:
        (longPath, paxSize) = (nil, nil)
      }
    }
  }

  /// The contents of the file that `next()` returned last; to be asked once, empty afterwards.
  ///
  /// - Parameter limit: the most bytes accepted.
  public func contents(limit: Int) throws -> [UInt8] {
    guard remaining <= limit else {
      throw damaged("a member claims \(remaining) bytes, more than the \(limit) expected at most")
    }
    let bytes = try take(remaining)
    remaining = 0
    return bytes
  }

  private func damaged(_ reason: String) -> DataError {
    DataError(
      "\(stream.name) is not a complete tar archive: \(reason); delete it and fetch it again.")
  }

  // MARK: Headers

  private func parsed(_ header: [UInt8]) throws -> (path: String, size: Int, type: UInt8) {
    var sum = 8 * 32
    for (index, byte) in header.enumerated() where !(148..<156).contains(index) {
      sum += Int(byte)
    }
    guard number(header[148..<156]) == sum else { throw damaged("a header's check sum is wrong") }
    guard let size = number(header[124..<136]) else {
      throw damaged("a member's size is not a number")
    }
    var path = text(header[0..<100])
    if header[257..<263].elementsEqual("ustar\0".utf8), header[345] != 0 {
      path = text(header[345..<500]) + "/" + path
    }
    return (path, size, header[156])
  }

  /// Octal digits, or a binary number after a byte of 128; nil if neither.
  private func number(_ field: ArraySlice<UInt8>) -> Int? {
    if field.first == 128 {
      guard field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
      let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return value < 1 << 60 ? Int(value) : nil
    }
    let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
    guard !digits.isEmpty, digits.allSatisfy({ (48...55).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
  }

  private func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The `length key=value` lines of a pax header.
  private func paxRecords(_ bytes: [UInt8]) throws -> [String: String] {
    var records = [String: String]()
    var rest = bytes[...]
    while !rest.isEmpty {
      let digits = rest.prefix { (48...57).contains($0) }
      guard let length = Int(String(decoding: digits, as: UTF8.self)), length <= rest.count,
        length > digits.count + 2, let equals = rest.prefix(length).firstIndex(of: 61),
        equals > digits.endIndex
      else { throw damaged("an extended header is damaged") }
      let key = String(decoding: rest[(digits.endIndex + 1)..<equals], as: UTF8.self)
      let end = rest.startIndex + length
      guard equals + 1 <= end - 1 else { throw damaged("an extended header is damaged") }
      records[key] = String(decoding: rest[(equals + 1)..<(end - 1)], as: UTF8.self)
      rest = rest[end...]
    }
    return records
  }

  private func safe(_ path: String) throws -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    guard !path.hasPrefix("/"), !parts.contains("..") else {
      throw DataError(
        "\(stream.name) holds the path \(path), which leads out of its folder; not read.")
    }
    let kept = parts.filter { $0 != "." }.joined(separator: "/")
    return path.hasSuffix("/") ? kept + "/" : kept
  }

  // MARK: Bytes

  /// The next bytes; memory grows with what really comes, whatever a header claims.
  private func take(_ count: Int) throws -> [UInt8] {
    var result = [UInt8]()
    result.reserveCapacity(min(count, 1 << 20))
    while result.count < count {
      try refillIfEmpty()
      let piece = min(count - result.count, bufferEnd - bufferPosition)
      result.append(contentsOf: buffer[bufferPosition..<(bufferPosition + piece)])
      bufferPosition += piece
    }
    return result
  }

  private func skip(_ count: Int) throws {
    var left = count
    while left > 0 {
      try refillIfEmpty()
      let piece = min(left, bufferEnd - bufferPosition)
      bufferPosition += piece
      left -= piece
    }
  }

  private func refillIfEmpty() throws {
    guard bufferPosition == bufferEnd else { return }
    try refill()
    guard bufferEnd > 0 else { throw damaged("it ends too early") }
  }

  private func refill() throws {
    bufferPosition = 0
    bufferEnd = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
    room -= bufferEnd
    guard room >= 0 else {
      throw DataError(
        "\(stream.name) unpacks to more than the \(sizeLimit) bytes expected at most.")
    }
  }

  /// Reads what is behind the end mark, so that the check sum of the compression is verified,
  /// and leaves an end mark in place for whoever asks again.
  private func drain() throws {
    repeat { try refill() } while bufferEnd > 0
    bufferEnd = 512
    for index in 0..<512 { buffer[index] = 0 }
  }
}
