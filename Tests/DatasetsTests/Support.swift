import Foundation
import Testing

@testable import DataFiles

/// The project's folder.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// The path of a fixture.
func fixture(_ name: String) -> String {
  (Bundle.module.resourcePath ?? "") + "/Fixtures/" + name
}

/// The bytes of a fixture.
func bytes(of name: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture(name))))
}

/// A JSON fixture.
func decoded<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
  try JSONDecoder().decode(type, from: Data(bytes(of: name)))
}

/// A folder of its own for a test, gone with the last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/datasets-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file into the folder and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], as name: String) throws -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a text file into the folder and returns its path.
  @discardableResult
  func write(_ text: String, as name: String) throws -> String {
    try write(Array(text.utf8), as: name)
  }

  /// Copies a fixture into the folder.
  @discardableResult
  func copy(_ name: String, as newName: String? = nil) throws -> String {
    try write(bytes(of: name), as: newName ?? name)
  }

  /// The names of what is in the folder.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

/// The sentence of the `DataError` that the body throws; the test fails if it throws no such error.
func sentence(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
  let error = #expect(throws: DataError.self, sourceLocation: sourceLocation) { try body() }
  return error?.description ?? ""
}

/// Lengths from 0 up to but without `count`: all of the first and last ones, and samples between.
func sampledLengths(_ count: Int) -> [Int] {
  (0..<count).filter { $0 < 150 || $0 > count - 150 || $0 % 97 == 0 }
}

/// A byte stream over an array, in pieces of a given size.
final class ArrayStream: ByteStream {
  let name = "table.csv"
  private var rest: ArraySlice<UInt8>
  private let pieceSize: Int

  init(_ text: String, pieceSize: Int = 1 << 16) {
    rest = Array(text.utf8)[...]
    self.pieceSize = pieceSize
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = rest.prefix(min(pieceSize, buffer.count))
    for (index, byte) in piece.enumerated() { buffer[index] = byte }
    rest = rest.dropFirst(piece.count)
    return piece.count
  }
}

/// The bytes of a ZIP archive with stored members.
func storedZip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  var (body, directory) = ([UInt8](), [UInt8]())
  for (name, bytes) in members {
    let sum = Int(bytes.withUnsafeBytes { extendedCRC32(0, over: $0) })
    let facts =
      little(0, 8) + little(sum, 4) + little(bytes.count, 4) + little(bytes.count, 4)
      + little(name.utf8.count, 2) + little(0, 2)
    directory += little(0x0201_4b50, 4) + little(20, 2) + little(20, 2) + facts
    directory += little(0, 10) + little(body.count, 4) + Array(name.utf8)
    body += little(0x0403_4b50, 4) + little(20, 2) + facts + Array(name.utf8) + bytes
  }
  let (count, start) = (members.count, body.count)
  return body + directory + little(0x0605_4b50, 4) + little(0, 4) + little(count, 2)
    + little(count, 2) + little(directory.count, 4) + little(start, 4) + little(0, 2)
}

/// The bytes of a NumPy file of version 1.
func numPyFile(_ type: String, _ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
  let lengths = shape.map { "\($0)," }.joined()
  let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }\n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
    + elements
}

/// The bytes of an IDX file of the given shape.
func idxFile(_ shape: [Int], _ elements: [UInt8], type: UInt8 = 8) -> [UInt8] {
  [0, 0, type, UInt8(shape.count)]
    + shape.flatMap { length in (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } }
    + elements
}

/// Collects the lines that a loader reports.
final class Lines: @unchecked Sendable {
  private let lock = NSLock()
  private var lines = [String]()
  func add(_ line: String) { lock.withLock { lines.append(line) } }
  var all: [String] { lock.withLock { lines } }
}
