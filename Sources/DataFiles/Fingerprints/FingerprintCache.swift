import Foundation

/// What the contents of files came to, so that files that have not changed since are not gone through again.
///
/// A file of text with a line for each: what the files looked like, as a check sum, and the fingerprint.
package struct FingerprintCache {
  /// How many lines are kept.
  private static let lineLimit = 200

  private let path: String

  init(in folder: String) { path = folder + "/fingerprints.txt" }

  /// What tells whether files are still the same: path, size, date and a check sum of the beginning of each; nil if one
  /// is not there.
  package static func mark(of paths: [String]) -> String? {
    var marks = [String]()
    for path in paths {
      var facts = stat()
      guard stat(path, &facts) == 0 else { return nil }
      #if canImport(Darwin)
        let time = facts.st_mtimespec
      #else
        let time = facts.st_mtim
      #endif
      let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
      var mark = "\(absolute) \(facts.st_size) \(time.tv_sec).\(time.tv_nsec)"
      if let file = try? InputFile(path: path),
        let head = try? file.read(min(file.size, 1 << 16), at: 0)
      {
        mark += " " + String(checkSum(head), radix: 16)
      }
      marks.append(mark.replacingOccurrences(of: "\n", with: " "))
    }
    return marks.joined(separator: " | ")
  }

  private var lines: [(key: Substring, sum: Substring)] {
    guard let bytes = try? InputFile(path: path).readAll(limit: 1 << 16) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
  }

  /// The fingerprint of content whose files have this mark; nil if it is not known.
  func fingerprint(of mark: String) -> String? {
    let key = Self.key(mark)
    return lines.last { $0.key == key }.map { String($0.sum) }
  }

  /// Keeps a fingerprint. Failure is no error: the next program computes it again.
  ///
  /// - Returns: whether it is kept.
  func keep(_ fingerprint: String, of mark: String) -> Bool {
    if fingerprint.isEmpty { return true }
    let old = lines.suffix(Self.lineLimit - 1).map { "\($0.key) \($0.sum)\n" }
    let text = old.joined() + "\(Self.key(mark)) \(fingerprint)\n"
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    TemporaryFiles.sweep(folder)
    let temporary = TemporaryFiles.path(for: path)
    guard (try? Data(text.utf8).write(to: URL(fileURLWithPath: temporary))) != nil,
      rename(temporary, path) == 0
    else {
      unlink(temporary)
      return false
    }
    return true
  }

  private static func key(_ mark: String) -> String { SHA256.of { $0.add(Array(mark.utf8)) } }
}
