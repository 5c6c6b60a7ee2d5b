import Foundation
import Testing

@testable import DeepLearning

/// Weights in files: there and back, and every kind of bad file.
@Suite struct WeightFileTests {
  private static func model(seed: UInt64 = 1) -> Sequential {
    Sequential(input: [5], seed: seed) {
      Dense(4, activation: .relu)
      Dense(3, name: "the \"last\" \\ layer/é")
    }
  }

  /// The bytes of a file that holds the weights of `model(seed: 1)`.
  private static func goodFile() throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try model().saveWeights(to: folder.file("w"))
    return try [UInt8](Data(contentsOf: folder.file("w")))
  }

  /// Expects the file to be refused with a sentence that contains `reason`, and to change nothing.
  private func expectRefused(
    _ bytes: [UInt8], _ reason: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try TemporaryFolder()
    let url = folder.file("w.safetensors")
    try Data(bytes).write(to: url)
    let model = Self.model(seed: 2)
    let before = model.weights.map(\.value)
    let error = #expect(throws: WeightsError.self, sourceLocation: sourceLocation) {
      try model.loadWeights(from: url)
    }
    let text = error?.description ?? ""
    #expect(
      text.hasPrefix("Cannot use the weights in \(url.path): "), sourceLocation: sourceLocation)
    if let reason { #expect(text.contains(reason), "\(text)", sourceLocation: sourceLocation) }
    #expect(
      model.weights.map(\.value) == before, "The model changed.", sourceLocation: sourceLocation)
  }

  private func file(_ header: String, body: Int = 4 * (20 + 4 + 12 + 3)) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) }
    return length + [UInt8](header.utf8) + [UInt8](repeating: 0, count: body)
  }

  @Test("Weights are read as they were written")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("new folder/weights.safetensors")
    let (saved, loaded) = (Self.model(), Self.model(seed: 2))
    saved.weights[1].value = Tensor([
      .infinity, -.greatestFiniteMagnitude, -0.0, .leastNonzeroMagnitude,
    ])
    try saved.saveWeights(to: url)
    try loaded.loadWeights(from: url)
    for (a, b) in zip(saved.weights, loaded.weights) { #expect(haveEqualBits(a.value, b.value)) }
    let x = randomTensor([3, 5], seed: 431)
    #expect(Self.model(seed: 2)(x) != Self.model()(x))
    // A second save replaces the first.
    try Self.model(seed: 3).saveWeights(to: url)
    try loaded.loadWeights(from: url)
    #expect(loaded(x) == Self.model(seed: 3)(x))
    #expect(try folder.names() == ["new folder"])
  }

  @Test("The format is safetensors")
  func format() throws {
    let bytes = try Self.goodFile()
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length.isMultiple(of: 8) && bytes.count == 8 + length + 4 * 39)
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
        as? [String: [String: Any]])
    #expect(header.count == 4)
    let kernel = try #require(header["dense_1/kernel"])
    #expect(kernel["dtype"] as? String == "F32" && kernel["shape"] as? [Int] == [5, 4])
    let offsets = try #require(kernel["data_offsets"] as? [Int])
    let first = bytes[(8 + length + offsets[0])...].prefix(4)
    let bits = first.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    #expect(Float(bitPattern: bits) == Self.model().weights[0].value.scalars[0])
  }

  @Test("A file cut off anywhere is refused")
  func truncated() throws {
    let bytes = try Self.goodFile()
    for count in Array(0..<40) + stride(from: 40, to: bytes.count, by: 7) + [bytes.count - 1] {
      try expectRefused(Array(bytes[..<count]))
    }
  }

  @Test(
    "A length that cannot be is refused",
    arguments: [UInt64.max, 1 << 63, 1 << 40, (100 << 20) + 1, 1000, 0] as [UInt64])
  func length(length: UInt64) throws {
    let bytes = withUnsafeBytes(of: length.littleEndian) { [UInt8]($0) }
    try expectRefused(bytes + [UInt8](repeating: UInt8(ascii: "{"), count: 500))
  }

  @Test(
    "A header that is no JSON object is refused",
    arguments: [
      "", "null", "[]", "7", "{", "no JSON", "{\"a\":1}", "{\"a\":{\"dtype\":\"F32\"}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,4]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":\"x\",\"data_offsets\":[0,4]}}",
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 50_000),
      "\u{FEFF}{}",
    ])
  func header(_ header: String) throws {
    try expectRefused(file(header))
  }

  @Test("A header that is not text is refused")
  func text() throws {
    try expectRefused(
      [8, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 500), "not a safetensors header")
  }

  /// The good header with one thing replaced.
  @Test(
    "A header that lies is refused",
    arguments: [
      (
        "\"dense_1/bias\"", "\"dense_9/bias\"",
        "dense_1/bias is missing; the file belongs to another model"
      ),
      ("F32", "F16", "but the model needs F32"),
      ("[5,4]", "[4,5]", "but the model needs F32 [5, 4]"),
      ("[5,4]", "[20]", "but the model needs F32 [5, 4]"), ("[5,4]", "[-5,-4]", "needs F32 [5, 4]"),
      ("[0,80]", "[0,76]", "does not lie within the file"),
      ("[0,80]", "[80,0]", "does not lie within the file"),
      ("[0,80]", "[-80,0]", "does not lie within the file"),
      ("[0,80]", "[9223372036854775727,9223372036854775807]", "does not lie within the file"),
      ("[0,80]", "[-9223372036854775808,9223372036854775807]", "does not lie within the file"),
      ("[0,80]", "[1000,1080]", "does not lie within the file"),
      ("[0,80]", "[77,157]", "does not lie within the file"),
      ("[0,80]", "[0]", "does not lie within the file"),
      ("[0,80]", "[]", "does not lie within the file"),
      ("[0,80]", "[0,40,80]", "does not lie within the file"),
      ("[0,80]", "[99999999999999999999,3]", "not a safetensors header"),
    ])
  func lies(_ original: String, _ replacement: String, _ reason: String) throws {
    let bytes = try Self.goodFile()
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
    try #require(header.contains(original), "\(header)")
    try expectRefused(file(header.replacingOccurrences(of: original, with: replacement)), reason)
  }

  @Test("What other programs add is no harm")
  func foreign() throws {
    let bytes = try Self.goodFile()
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
    let extra =
      #"{"__metadata__":{"format":"pt"},"other":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
    let longer = file(extra + header.dropFirst(), body: 0) + bytes[(8 + length)...]
    let folder = try TemporaryFolder()
    try Data(longer).write(to: folder.file("w"))
    let model = Self.model(seed: 2)
    try model.loadWeights(from: folder.file("w"))
    #expect(model.weights.map(\.value) == Self.model().weights.map(\.value))
  }

  @Test("The weights of another model are refused")
  func otherModel() throws {
    let folder = try TemporaryFolder()
    let other = Sequential(input: [5]) {
      Dense(4)
      Dense(3)
    }
    try other.saveWeights(to: folder.file("w"))
    try expectRefused([UInt8](Data(contentsOf: folder.file("w"))), "belongs to another model")
  }

  @Test("A missing file and a folder are named")
  func noFile() throws {
    let folder = try TemporaryFolder()
    for url in [folder.file("nothing"), folder.url] {
      let error = #expect(throws: WeightsError.self) { try Self.model().loadWeights(from: url) }
      #expect(error?.description.hasPrefix("Cannot use the weights in \(url.path): ") == true)
    }
  }

  @Test("A place that cannot be written keeps what is there")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    try Data("text".utf8).write(to: folder.file("file"))
    let error = #expect(throws: FileError.self) {
      try Self.model().saveWeights(to: folder.file("file/below/weights"))
    }
    #expect(error?.description.hasPrefix("Cannot write \(folder.url.path)/file/below") == true)
    // A folder of that name cannot be replaced by a file.
    try FileManager.default.createDirectory(
      at: folder.file("taken/inside"), withIntermediateDirectories: true)
    #expect(throws: FileError.self) { try Self.model().saveWeights(to: folder.file("taken")) }
    #expect(try folder.names() == ["file", "taken"])
    #expect(FileManager.default.fileExists(atPath: folder.file("taken/inside").path))
  }

  @Test("The reason is one that a person understands")
  func reasons() throws {
    let folder = try TemporaryFolder()
    try Data("text".utf8).write(to: folder.file("file"))
    var sentences: [String] = []
    for url in [folder.url, folder.file("file/below"), folder.file("file/far/below")] {
      let notSaved = #expect(throws: FileError.self) { try Self.model().saveWeights(to: url) }
      let notLoaded = #expect(throws: WeightsError.self) {
        try Self.model().loadWeights(from: url)
      }
      sentences += [notSaved?.description, notLoaded?.description].compactMap { $0 }
    }
    #expect(sentences.count == 6)
    for sentence in sentences {
      #expect(!sentence.contains("Domain") && !sentence.contains("could not be completed"))
    }
  }
}
