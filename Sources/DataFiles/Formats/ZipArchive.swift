import Foundation

/// A ZIP archive, read member by member; only the directory and the wanted member are touched.
///
/// Knows stored and deflated members and the 64-bit extensions; checks every size and check sum.
public final class ZipArchive: Sendable {
  /// One file in the archive.
  public struct Member: Sendable {
    /// Its path inside the archive.
    public let name: String
    /// Its size once unpacked, in bytes.
    public let size: Int
    let packedSize: Int
    let method: Int
    let flags: Int
    let check: UInt
    let offset: Int
  }

  /// Path of the archive.
  public let path: String
  /// The files in the archive, in the order of its directory.
  public let members: [Member]
  private let file: InputFile

  /// Opens an archive and reads its directory.
  public init(path: String) throws {
    self.path = path
    file = try InputFile(path: path)
    members = try Self.directory(of: file)
  }

  /// The member of that name.
  public func member(_ name: String) throws -> Member {
    guard let member = members.first(where: { $0.name == name }) else {
      let present = members.prefix(8).map(\.name).joined(separator: ", ")
      throw DataError("\(path) has no member \(name); it has: \(present).")
    }
    return member
  }

  /// The unpacked contents of a member, checked against its size and check sum.
  ///
  /// - Parameter limit: the most bytes accepted.
  public func contents(of name: String, limit: Int = 1 << 30) throws -> [UInt8] {
    try contents(of: member(name), limit: limit)
  }

  /// The unpacked contents of one of the ``members``, checked against its size and check sum.
  ///
  /// - Parameter limit: the most bytes accepted.
  public func contents(of member: Member, limit: Int = 1 << 30) throws -> [UInt8] {
    let stream = try ZipMemberStream(member: member, file: file)
    let (name, size) = (member.name, member.size)
    // Deflate cannot compress better than 1032 to 1: a larger claim is a lie, found before memory
    // is taken.
    guard size <= limit, size / 1032 <= stream.member.packedSize else {
      throw DataError(
        "\(path): member \(name) claims \(size) bytes, more than can be accepted.")
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      let whole = UnsafeMutableRawBufferPointer(buffer)
      while true {
        let rest = UnsafeMutableRawBufferPointer(rebasing: whole[filled...])
        let count = try stream.read(into: rest)
        if count == 0 { break }
        filled += count
      }
      guard try stream.isComplete() else {
        throw DataError("\(path) is damaged: member \(name) is longer than it claims.")
      }
    }
  }

  /// A member as a stream, which gives no more than the member claims.
  ///
  /// - Parameter limit: the most bytes accepted.
  package func open(_ name: String, limit: Int) throws -> ZipMemberStream {
    try open(member(name), limit: limit)
  }

  /// One of the ``members`` as a stream.
  ///
  /// - Parameter limit: the most bytes accepted.
  func open(_ member: Member, limit: Int) throws -> ZipMemberStream {
    let stream = try ZipMemberStream(member: member, file: file)
    guard member.size <= limit else {
      throw DataError(
        "\(path): member \(member.name) claims \(member.size) bytes, more than the \(limit) "
          + "expected at most.")
    }
    return stream
  }

  private static func directory(of file: InputFile) throws -> [Member] {
    let damaged = DataError(
      "\(file.path) is not a whole ZIP archive (its directory is missing or damaged); "
        + "delete it and fetch it again.")
    // The end record stands at the end, before a comment of up to 65,535 bytes.
    let tailStart = max(0, file.size - 65_557)
    let tail = try file.read(file.size - tailStart, at: tailStart)
    var end = tail.count - 22
    while end >= 0, tail.number32(at: end) != 0x0605_4b50 { end -= 1 }
    guard end >= 0, var count = tail.number16(at: end + 10),
      var size = tail.number32(at: end + 12), var offset = tail.number32(at: end + 16)
    else { throw damaged }
    if count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff,
      end >= 20, tail.number32(at: end - 20) == 0x0706_4b50
    {
      guard let position = tail.number64(at: end - 12), position <= file.size - 56 else {
        throw damaged
      }
      let record = try file.read(56, at: position)
      guard record.number32(at: 0) == 0x0606_4b50, let count64 = record.number64(at: 32),
        let size64 = record.number64(at: 40), let offset64 = record.number64(at: 48)
      else { throw damaged }
      (count, size, offset) = (count64, size64, offset64)
    }
    // An entry takes at least 46 bytes, which bounds the count by what is really there.
    guard size <= 1 << 26, count <= size / 46, offset <= file.size, size <= file.size - offset
    else { throw damaged }
    let bytes = try file.read(size, at: offset)
    var members = [Member]()
    members.reserveCapacity(count)
    var position = 0
    for _ in 0..<count {
      guard let (member, next) = entry(in: bytes, at: position) else { throw damaged }
      members.append(member)
      position = next
    }
    return members
  }

  /// One directory entry and where the next one starts.
  private static func entry(in bytes: [UInt8], at start: Int) -> (Member, Int)? {
    guard bytes.number32(at: start) == 0x0201_4b50,
      let flags = bytes.number16(at: start + 8), let method = bytes.number16(at: start + 10),
      let check = bytes.number32(at: start + 16),
      var packedSize = bytes.number32(at: start + 20), var size = bytes.number32(at: start + 24),
      let nameLength = bytes.number16(at: start + 28),
      let extraLength = bytes.number16(at: start + 30),
      let commentLength = bytes.number16(at: start + 32),
      var offset = bytes.number32(at: start + 42)
    else { return nil }
    let nameEnd = start + 46 + nameLength
    let extraEnd = nameEnd + extraLength
    guard extraEnd + commentLength <= bytes.count else { return nil }
    let name = String(decoding: bytes[(start + 46)..<nameEnd], as: UTF8.self)
    // The 64-bit values of the fields that overflowed, in this order.
    var extra = nameEnd
    while extra + 4 <= extraEnd, let tag = bytes.number16(at: extra),
      let length = bytes.number16(at: extra + 2)
    {
      var field = extra + 4
      extra = field + length
      guard extra <= extraEnd else { return nil }
      guard tag == 1 else { continue }
      func next(_ value: Int) -> Int? {
        guard value == 0xffff_ffff else { return value }
        defer { field += 8 }
        return field + 8 <= extra ? bytes.number64(at: field) : nil
      }
      guard let size64 = next(size), let packed64 = next(packedSize), let offset64 = next(offset)
      else { return nil }
      (size, packedSize, offset) = (size64, packed64, offset64)
    }
    let member = Member(
      name: name, size: size, packedSize: packedSize, method: method, flags: flags,
      check: UInt(check), offset: offset)
    return (member, extraEnd + commentLength)
  }
}
