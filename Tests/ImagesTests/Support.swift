import DeepLearning
import Foundation
import Testing

@testable import Images

/// A file of a picture and the pixels that it holds.
struct GoldenPicture: Decodable, CustomTestStringConvertible {
  let name: String
  let file: Data
  let width: Int
  let height: Int
  let rgb: Data

  var testDescription: String { name }
  var image: Image { Image(width: width, height: height, pixels: Array(rgb)) }

  static func all(_ fixture: String) -> [GoldenPicture] {
    (try? decoded(fixture, as: [GoldenPicture].self)) ?? []
  }
}

/// A JSON fixture.
func decoded<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
  let path = (Bundle.module.resourcePath ?? "") + "/Fixtures/" + name
  return try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path)))
}

/// The largest difference between two pictures of one size; 256 if their sizes differ.
func difference(_ first: Image, _ second: Image) -> Int {
  guard first.width == second.width, first.height == second.height else { return 256 }
  return zip(first.pixels, second.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

/// The sentence of the `ImageError` that the body throws; the test fails if it throws no such error.
func sentence(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
  let error = #expect(throws: ImageError.self, sourceLocation: sourceLocation) { try body() }
  return error?.description ?? ""
}

/// A picture of numbers that follow from a seed.
func noise(width: Int, height: Int, seed: UInt64 = 1) -> Image {
  var random = RandomBytes(state: seed)
  return Image(
    width: width, height: height,
    pixels: (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) })
}

/// A simple generator of its own, so that tests do not depend on the engine's.
struct RandomBytes: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
  }
}

/// A folder of its own for a test, gone with the last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/images-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file into the folder and returns its path.
  func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }

  /// The names of what is in the folder.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

extension Samples {
  /// The numbers of samples that are dense.
  var tensor: Tensor {
    guard case .dense(let tensor) = self else { return .zeros([0]) }
    return tensor
  }
}
