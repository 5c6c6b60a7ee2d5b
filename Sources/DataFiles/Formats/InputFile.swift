import Foundation

/// A file open for reading at any position.
///
/// Reads do not move a shared position, so that several threads may read at once.
public final class InputFile: Sendable {
  /// Its path.
  public let path: String
  /// Its size in bytes.
  public let size: Int
  /// When the file was last changed, in nanoseconds since 1970.
  let changed: Int
  private let descriptor: Int32

  /// Opens a regular file.
  public init(path: String) throws {
    // Opening a named pipe must not wait for somebody to write into it.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw DataError("\(path) cannot be opened: \(String(cString: strerror(errno))).")
    }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DataError("\(path) is not a regular file.")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(facts.st_size)
    #if canImport(Darwin)
      let time = facts.st_mtimespec
    #else
      let time = facts.st_mtim
    #endif
    changed =
      Int(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue
      &+ Int(time.tv_nsec)
  }

  deinit { close(descriptor) }

  /// Reads up to the length of the buffer; fewer bytes only where the file ends.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw DataError("\(path) cannot be read: \(String(cString: strerror(errno))).")
      }
      done += count
    }
    return done
  }

  /// Reads exactly `count` bytes; claims beyond the end of the file are refused before any memory
  /// is taken.
  public func read(_ count: Int, at offset: Int) throws -> [UInt8] {
    guard count >= 0, offset >= 0, offset <= size, count <= size - offset else {
      throw DataError(
        "\(path) is truncated or damaged: it ends before its contents do; fetch it again.")
    }
    // An array of nothing made without initialisation writes its count into the one that all threads share.
    if count == 0 { return [] }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      guard filled == count else {
        throw DataError("\(path) became shorter while it was read.")
      }
    }
  }

  /// The whole file, refused when it is longer than `limit` bytes.
  public func readAll(limit: Int) throws -> [UInt8] {
    guard size <= limit else {
      throw DataError("\(path) has \(size) bytes, more than the \(limit) expected at most.")
    }
    return try read(size, at: 0)
  }
}

/// Bytes that come one piece after the other.
package protocol ByteStream: AnyObject {
  /// What the bytes are called in error messages.
  var name: String { get }
  /// Puts the next bytes into the buffer and returns how many; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteStream {
  /// Fills the buffer as far as there are bytes, and returns how many that were.
  package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: .init(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads what is left, so that whatever is verified on the way is.
  func skipToEnd() throws {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while try piece.withUnsafeMutableBytes({ try read(into: $0) }) > 0 {}
  }
}

/// A file from front to back.
package final class FileStream: ByteStream {
  package let name: String
  private let file: InputFile
  private var position = 0

  /// Reads a file from its beginning.
  package init(_ file: InputFile) {
    self.file = file
    name = file.path
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try file.read(into: buffer, at: position)
    position += count
    return count
  }
}

/// Little-endian numbers out of bytes; nil where the bytes end.
extension Array where Element == UInt8 {
  func number16(at offset: Int) -> Int? {
    guard offset >= 0, offset <= count - 2 else { return nil }
    return Int(self[offset]) | Int(self[offset + 1]) << 8
  }

  func number32(at offset: Int) -> Int? {
    guard let low = number16(at: offset), let high = number16(at: offset + 2) else { return nil }
    return low | high << 16
  }

  /// A 64-bit number; nil also where it does not fit a signed integer.
  func number64(at offset: Int) -> Int? {
    guard let low = number32(at: offset), let high = number32(at: offset + 4),
      high <= 0x7fff_ffff
    else { return nil }
    return low | high << 32
  }
}
