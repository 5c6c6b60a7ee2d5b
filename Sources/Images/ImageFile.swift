import Foundation

/// Reads a file of limited size.
enum ImageFile {
  /// The largest file: more than 100 million pixels take without compression.
  private static let largestSize = 512 << 20

  static func read(_ path: String) throws -> [UInt8] {
    // Opening a named pipe must not wait for somebody to write into it.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw ImageError("\(path) is a folder, not a picture: name a file in it.")
    default: throw ImageError("\(path) is a device, not a picture: name a file.")
    }
    let size = Int(status.st_size)
    guard size <= largestSize else {
      throw ImageError(
        """
        \(path) has \(size >> 20) MB, more than the \(largestSize >> 20) that a picture may have \
        here: scale it down first.
        """)
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let base = buffer.baseAddress {
        let got = Foundation.read(descriptor, base + count, size - count)
        if got < 0 {
          if errno == EINTR { continue }
          throw unreadable(path, errno)
        }
        if got == 0 { break }
        count += got
      }
    }
  }

  private static func unreadable(_ path: String, _ code: Int32) -> ImageError {
    switch code {
    case ENOENT, ENOTDIR:
      ImageError("There is no file \(path): check the name and the folder.")
    case EACCES, EPERM:
      ImageError("\(path) may not be read: change its permissions, or choose another file.")
    default:
      ImageError("\(path) cannot be read (\(String(cString: strerror(code)))): try another copy.")
    }
  }
}
