import Foundation

extension Model {
  /// Saves all weights in the safetensors format, whole or not at all.
  ///
  /// The file starts with the length of a JSON header (8 bytes, little endian), then the header with name,
  /// type, shape and position of each tensor, then the numbers.
  ///
  /// - Throws: `TrainingError.notWritten`.
  public func saveWeights(to url: URL) throws {
    var entries: [String: Entry] = [:]
    var offset = 0
    for weight in weights {
      let end = offset + weight.shape.elementCount * 4
      entries[weight.name] = Entry(
        dtype: "F32", shape: Array(weight.shape), data_offsets: [offset, end])
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = String(decoding: try encoder.encode(entries), as: UTF8.self)
    // Numbers start at a multiple of 8.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var file = Data(capacity: 8 + header.utf8.count + offset)
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(contentsOf: header.utf8)
    for weight in weights {
      weight.value.withUnsafeBuffer { file.append(Data(buffer: $0)) }
    }
    try file.write(atomicallyTo: url)
  }

  /// Loads weights that ``saveWeights(to:)`` saved from a model of the same layers.
  ///
  /// Nothing changes unless every weight of the model is in the file with its shape.
  ///
  /// - Throws: `TrainingError.badWeights`.
  public func loadWeights(from url: URL) throws {
    func bad(_ reason: String) -> TrainingError { .badWeights(url, reason: reason) }
    let file: Data
    do { file = try Data(contentsOf: url, options: .mappedIfSafe) } catch {
      throw bad(systemReason(error))
    }
    guard file.count >= 8 else { throw bad("the file is too short for a safetensors header.") }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(file.count - 8), length <= 100 << 20 else {
      throw bad("the header is longer than the file; it is cut off or not a safetensors file.")
    }
    let body = file.count - 8 - Int(length)
    let entries: [String: Entry]
    do {
      entries = try JSONDecoder().decode(Header.self, from: file[8..<8 + Int(length)]).entries
    } catch { throw bad("the header is no safetensors header.") }

    var values: [Tensor] = []
    for weight in weights {
      guard let entry = entries[weight.name] else {
        throw bad("\(weight.name) is missing; the file belongs to another model.")
      }
      guard entry.dtype == "F32", entry.shape == Array(weight.shape) else {
        throw bad(
          "\(weight.name) is \(entry.dtype) \(entry.shape), but the model needs F32 \(weight.shape)."
        )
      }
      guard let start = entry.data_offsets.first, let end = entry.data_offsets.last,
        entry.data_offsets.count == 2, start >= 0, end <= body, start <= end,
        end - start == weight.shape.elementCount * 4
      else { throw bad("\(weight.name) does not lie within the file; it is cut off or damaged.") }
      let base = file.startIndex + 8 + Int(length)
      values.append(
        Tensor(shape: weight.shape) { buffer in
          file.copyBytes(to: buffer, from: base + start..<base + end)
        })
    }
    for (weight, value) in zip(weights, values) { weight.value = value }
  }

  private struct Entry: Codable {
    let dtype: String
    let shape: [Int]
    // The format's name for it.
    let data_offsets: [Int]
  }

  /// All entries but `__metadata__`, in which other programs leave remarks.
  private struct Header: Decodable {
    let entries: [String: Entry]

    struct Key: CodingKey {
      let stringValue: String
      let intValue: Int? = nil
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      var entries: [String: Entry] = [:]
      for key in container.allKeys where key.stringValue != "__metadata__" {
        entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
      }
      self.entries = entries
    }
  }
}
