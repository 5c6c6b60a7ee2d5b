import Foundation

/// Whether what was fetched is what it should be.
extension Fetcher {
  func accept(_ partial: String, as target: String) throws {
    guard rename(partial, target) == 0 else {
      throw DataError("\(target) cannot be written: \(String(cString: strerror(errno))).")
    }
    clearProgress()
    report("Fetched \(target) (\(megabytes(size(of: target))) MB, check sum right).")
  }

  /// Why a file is not the expected one; nil if it is.
  func mismatch(
    of path: String, bytes: Int, sha256: String?, md5: String?
  ) throws -> String? {
    guard size(of: path) == bytes else { return "it has \(size(of: path)) bytes, not \(bytes)" }
    if let sha256 {
      let sum = try Self.checkSum(of: path, by: "sha256sum")
      return sum == sha256 ? nil : "its SHA-256 is \(sum), not \(sha256)"
    }
    guard let md5 else { return "the list of data sets gives no check sum for it" }
    let sum = try Self.checkSum(of: path, by: "md5sum")
    return sum == md5 ? nil : "its MD5 is \(sum), not \(md5)"
  }

  /// Why a ZIP archive is not whole; nil if size and its own check sums are right.
  func archiveFailure(of path: String, bytes: Int) -> String? {
    guard size(of: path) == bytes else { return "it has \(size(of: path)) bytes, not \(bytes)" }
    do {
      let archive = try ZipArchive(path: path)
      var room = 1 << 31
      for member in archive.members {
        let stream = try archive.open(member, limit: room)
        room -= member.size
        try stream.skipToEnd()
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// What a program says of a file: `sha256sum` or `md5sum`.
  static func checkSum(of path: String, by program: String) throws -> String {
    guard let command = try Command.run([program, "--", path]) else {
      throw DataError("\(path) cannot be checked: the program \(program) is not installed.")
    }
    // A backslash in front says that the name in the output is escaped.
    let sum = command.output.drop { $0 == "\\" }.prefix { $0.isHexDigit }
    guard command.code == 0, !sum.isEmpty else {
      throw DataError("\(path) cannot be checked: \(command.lastLine).")
    }
    return sum.lowercased()
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  func size(of path: String) -> Int {
    var facts = stat()
    return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
  }

  func sumText(_ file: DataManifest.File) -> String {
    file.sha256.map { "SHA-256 \($0)" } ?? file.md5.map { "MD5 \($0)" } ?? "\(file.bytes) bytes"
  }
}
