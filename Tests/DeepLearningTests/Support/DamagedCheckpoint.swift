import Foundation
import Testing

/// Puts other numbers into a checkpoint, which stays a well-formed file.
struct DamagedCheckpoint {
  private var header: String
  private var numbers: Data

  init(_ url: URL) throws {
    let file = try Data(contentsOf: url)
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    header = String(decoding: file[8..<8 + length], as: UTF8.self)
    numbers = Data(file[(8 + length)...])
  }

  /// Replaces what stands in the header, which must be there.
  mutating func replace(_ old: String, by new: String) throws {
    try #require(header.contains(old), "\(header)")
    header = header.replacingOccurrences(of: old, with: new)
  }

  /// Sets the first number of a tensor.
  mutating func set(_ name: String, to value: Float) throws {
    let json = try JSONSerialization.jsonObject(with: Data(header.utf8)) as? [String: Any]
    let entry = try #require(json?[name] as? [String: Any], "\(header)")
    let start = try #require((entry["data_offsets"] as? [Int])?.first)
    withUnsafeBytes(of: value) { numbers.replaceSubrange(start..<start + 4, with: $0) }
  }

  func write(to url: URL) throws {
    var file = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { file.append(contentsOf: $0) }
    try (file + Data(header.utf8) + numbers).write(to: url)
  }
}
