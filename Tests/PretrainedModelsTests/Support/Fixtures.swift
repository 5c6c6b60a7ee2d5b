import DataFiles
import DeepLearning
import Foundation
import Testing

/// The path of a fixture.
func fixture(_ name: String) -> String {
  (Bundle.module.resourcePath ?? "") + "/Fixtures/" + name
}

/// The bytes of a fixture.
func bytes(of name: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture(name))))
}

/// A tensor as the generating script wrote it down.
struct ExpectedTensor: Decodable {
  let shape: [Int]
  /// As text, because JSON knows no infinity.
  let values: [String]

  /// The tensors in `expected.json`.
  static func all() throws -> [String: ExpectedTensor] {
    try JSONDecoder().decode([String: ExpectedTensor].self, from: Data(bytes(of: "expected.json")))
  }

  /// Whether a tensor is this one, to the bit.
  func equals(_ tensor: Tensor) -> Bool {
    let numbers = values.compactMap { Double($0).map { Float($0) } }
    return Array(tensor.shape) == shape && numbers.count == values.count
      && tensor.scalars.map(\.bitPattern) == numbers.map(\.bitPattern)
  }
}

/// A folder of its own for a test, gone with the last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/weights-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file into the folder and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], as name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

extension Tensor {
  /// Whether every element is that number; compared by the engine, as weights are many and tests not optimised.
  func isFull(of value: Float) -> Bool { self == Tensor(repeating: value, shape: shape) }
}

/// The sentence of the `DataError` that the body throws; the test fails if it throws no such error.
func sentence(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
  let error = #expect(throws: DataError.self, sourceLocation: sourceLocation) { try body() }
  let text = error?.description ?? ""
  #expect(text.hasSuffix(".") && !text.contains("\n"), "\(text)", sourceLocation: sourceLocation)
  return text
}

/// Whether the body works or throws a `DataError`, and nothing else.
func isHandled(_ body: () throws -> Void) -> Bool {
  do {
    try body()
    return true
  } catch {
    return error is DataError
  }
}

/// Collects the lines that a loader reports.
final class Lines: @unchecked Sendable {
  private let lock = NSLock()
  private var lines = [String]()
  @Sendable func add(_ line: String) { lock.withLock { lines.append(line) } }
  var all: [String] { lock.withLock { lines } }
}
