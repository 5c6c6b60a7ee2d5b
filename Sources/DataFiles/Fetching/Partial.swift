import Foundation

/// A file or folder that is being fetched, to which no other process that plays by the rules writes.
///
/// It is locked as long as this object lives; the lock of a process that was killed is gone with it. A link in its
/// place is removed and never followed, as it might lead out of the folder.
final class Partial {
  let path: String
  /// Of a file: open for appending.
  let descriptor: Int32
  private let isFolder: Bool

  /// Makes the file, or takes up what an earlier attempt has left.
  ///
  /// - Parameter name: what is fetched, for error messages.
  init(file path: String, of name: String) throws {
    (self.path, isFolder) = (path, false)
    descriptor = try Self.claim(path, of: name, isFolder: false)
  }

  /// Makes an empty folder.
  ///
  /// - Parameter name: what is fetched, for error messages.
  init(folder path: String, of name: String) throws {
    (self.path, isFolder) = (path, true)
    descriptor = try Self.claim(path, of: name, isFolder: true)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  deinit {
    // What a later attempt can go on with stays.
    if isFolder {
      try? FileManager.default.removeItem(atPath: path)
    } else if size == 0, Self.isSame(descriptor, path, isFolder: false) {
      unlink(path)
    }
    close(descriptor)
  }

  /// How many bytes there are: of a folder those of all files in it.
  var size: Int {
    guard isFolder else {
      var facts = stat()
      return fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    }
    var facts = stat()
    var total = 0
    let names = FileManager.default.enumerator(atPath: path)
    while let name = names?.nextObject() as? String {
      if lstat(path + "/" + name, &facts) == 0 { total += Int(facts.st_size) }
    }
    return total
  }

  /// Throws away what there is of a file.
  func clear() { ftruncate(descriptor, 0) }

  /// Opens and locks, and makes sure that what was locked is still what has the name: whoever held it before may have
  /// given it another one.
  private static func claim(_ path: String, of name: String, isFolder: Bool) throws -> Int32 {
    for _ in 0..<100 {
      try clearWay(path, isFolder: isFolder)
      if isFolder { mkdir(path, 0o755) }
      let flags = isFolder ? O_RDONLY | O_DIRECTORY : O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK
      let descriptor = open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        if errno == ELOOP || errno == ENOTDIR { continue }
        throw DataError("\(path) cannot be written: \(String(cString: strerror(errno))).")
      }
      // File systems without locks are taken as they are.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw DataError("Another fetch of \(name) is running: wait until it has finished.")
      }
      if isSame(descriptor, path, isFolder: isFolder) { return descriptor }
      close(descriptor)
    }
    throw DataError("\(path) cannot be written, as others change it all the time.")
  }

  /// Removes what is neither a file of its own nor, where that is wanted, a folder.
  private static func clearWay(_ path: String, isFolder: Bool) throws {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return }
    let kind = facts.st_mode & S_IFMT
    if kind == S_IFDIR {
      guard isFolder else { throw DataError("\(path) is a folder: remove it, then fetch again.") }
    } else if isFolder || kind != S_IFREG || facts.st_nlink > 1 {
      unlink(path)
    }
  }

  private static func isSame(_ descriptor: Int32, _ path: String, isFolder: Bool) -> Bool {
    var (open, named) = (stat(), stat())
    guard fstat(descriptor, &open) == 0, lstat(path, &named) == 0 else { return false }
    return open.st_dev == named.st_dev && open.st_ino == named.st_ino
      && (isFolder || open.st_mode & S_IFMT == S_IFREG && open.st_nlink == 1)
  }
}
