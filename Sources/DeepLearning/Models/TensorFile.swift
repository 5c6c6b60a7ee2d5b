import Foundation

/// A file of named tensors in the safetensors format.
///
/// The file starts with the length of a JSON header (8 bytes, little endian), then the header with name, type,
/// shape and position of each tensor, then the numbers.
struct TensorFile {
  /// Remarks by name.
  let metadata: [String: String]
  private let url: URL
  private let file: Data
  private let entries: [String: Entry]
  /// Where the numbers begin.
  private let start: Int

  /// Reads the header.
  ///
  /// - Throws: `WeightsError`.
  init(contentsOf url: URL) throws {
    func bad(_ reason: String) -> WeightsError { WeightsError(url, reason: reason) }
    do { file = try Data(contentsOf: url, options: .mappedIfSafe) } catch {
      throw bad(systemReason(error))
    }
    guard file.count >= 8 else { throw bad("the file is too short for a safetensors header.") }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(file.count - 8), length <= 100 << 20 else {
      throw bad("the header is longer than the file; it is cut off or not a safetensors file.")
    }
    start = 8 + Int(length)
    do {
      let header = try JSONDecoder().decode(Header.self, from: file[8..<start])
      (entries, metadata) = (header.entries, header.metadata)
    } catch { throw bad("the header is not a safetensors header.") }
    self.url = url
  }

  /// The error that the file cannot be used.
  func bad(_ reason: String) -> WeightsError { WeightsError(url, reason: reason) }

  /// Whether there is a tensor of that name.
  func contains(_ name: String) -> Bool { entries[name] != nil }

  /// One tensor, which must be there in that shape.
  ///
  /// - Throws: `WeightsError`.
  func tensor(_ name: String, shape: Shape) throws -> Tensor {
    guard let entry = entries[name] else {
      throw bad("\(name) is missing; the file belongs to another model.")
    }
    guard entry.dtype == "F32", entry.shape == Array(shape) else {
      throw bad("\(name) is \(entry.dtype) \(entry.shape), but the model needs F32 \(shape).")
    }
    guard let first = entry.data_offsets.first, let end = entry.data_offsets.last,
      entry.data_offsets.count == 2, first >= 0, end <= file.count - start, first <= end,
      end - first == shape.elementCount * 4
    else { throw bad("\(name) does not lie within the file; it is cut off or damaged.") }
    let base = file.startIndex + start
    return Tensor(shape: shape) { buffer in
      file.copyBytes(to: buffer, from: base + first..<base + end)
    }
  }

  /// Writes tensors, whole or not at all.
  ///
  /// - Throws: `FileError`.
  static func write(
    _ tensors: [(name: String, value: Tensor)], metadata: [String: String] = [:], to url: URL
  ) throws {
    var header = Header(entries: [:], metadata: metadata)
    var offset = 0
    for (name, value) in tensors {
      let end = offset + value.elementCount * 4
      header.entries[name] = Entry(
        dtype: "F32", shape: Array(value.shape), data_offsets: [offset, end])
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = String(decoding: try encoder.encode(header), as: UTF8.self)
    // Numbers start at a multiple of 8.
    text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    try WholeFile.write(to: url) { write in
      withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian, write)
        && Data(text.utf8).withUnsafeBytes(write)
        && tensors.allSatisfy { $0.value.withUnsafeBuffer { write(UnsafeRawBufferPointer($0)) } }
    }
  }

  private struct Entry: Codable {
    let dtype: String
    let shape: [Int]
    // The format's name for it.
    let data_offsets: [Int]
  }

  private struct Header: Codable {
    var entries: [String: Entry]
    let metadata: [String: String]

    private static let remarks = "__metadata__"

    struct Key: CodingKey {
      let stringValue: String
      let intValue: Int? = nil
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(entries: [String: Entry], metadata: [String: String]) {
      (self.entries, self.metadata) = (entries, metadata)
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      var entries: [String: Entry] = [:]
      for key in container.allKeys where key.stringValue != Self.remarks {
        entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
      }
      self.entries = entries
      // Other programs' remarks may have any form; ours are strings.
      metadata =
        (try? container.decode([String: String].self, forKey: Key(stringValue: Self.remarks)))
        ?? [:]
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      for (name, entry) in entries {
        try container.encode(entry, forKey: Key(stringValue: name))
      }
      if !metadata.isEmpty {
        try container.encode(metadata, forKey: Key(stringValue: Self.remarks))
      }
    }
  }
}
