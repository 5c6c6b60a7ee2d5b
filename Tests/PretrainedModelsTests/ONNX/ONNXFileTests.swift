import DeepLearning
import Testing

@testable import PretrainedModels

@Suite("ONNX files")
struct ONNXFileTests {
  /// A field of a protocol buffer.
  private static func field(_ number: Int, _ contents: [UInt8]) -> [UInt8] {
    varint(UInt64(number << 3 | 2)) + varint(UInt64(contents.count)) + contents
  }

  private static func field(_ number: Int, _ value: UInt64) -> [UInt8] {
    varint(UInt64(number << 3)) + varint(value)
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
  }

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
  }

  /// A tensor of the graph.
  private static func tensor(
    _ name: String, _ shape: [UInt64], _ numbers: [UInt8], type: UInt64 = 1, isPacked: Bool = false,
    more: [UInt8] = []
  ) -> [UInt8] {
    let extents =
      isPacked ? field(1, shape.flatMap(varint)) : shape.flatMap { field(1, $0) }
    return field(
      5, extents + field(2, type) + field(8, Array(name.utf8)) + field(9, numbers) + more)
  }

  private static func file(_ graph: [UInt8]) -> [UInt8] {
    // A version, a producer, the graph, and a field of a kind that is skipped.
    field(1, 7) + field(2, Array("somebody".utf8)) + field(7, graph) + varint(99 << 3 | 5)
      + [1, 2, 3, 4]
  }

  private static let good = file(
    field(2, Array("graph".utf8))
      + tensor("w", [2, 3], floats([1, 2, 3, 4, 5, 6]))
      + tensor("b", [3], floats([-1, 0.5, 9]), isPacked: true)
      + tensor("count", [1], [7, 0, 0, 0, 0, 0, 0, 0], type: 7))

  @Test("Names, shapes and numbers, in either order of axes")
  func reads() throws {
    let file = try ONNXFile(bytes: Self.good, name: "good.onnx")
    #expect(file.names == ["b", "count", "w"])
    #expect(file.shape(of: "w") == [2, 3] && file.shape(of: "b") == [3])
    #expect(try file.tensor("w", axes: [0, 1]).scalars == [1, 2, 3, 4, 5, 6])
    let turned = try file.tensor("w", axes: [1, 0])
    #expect(turned.shape == [3, 2] && turned.scalars == [1, 4, 2, 5, 3, 6])
    #expect(try file.tensor("b", axes: [0]).scalars == [-1, 0.5, 9])
    #expect(sentence { _ = try file.tensor("count", axes: [0]) }.contains("32-bit"))
    #expect(sentence { _ = try file.tensor("v", axes: [0]) }.contains("has no v"))
  }

  @Test("A file cut anywhere is an error, or lacks what came last")
  func cut() {
    for count in 0..<Self.good.count {
      guard let file = try? ONNXFile(bytes: Array(Self.good.prefix(count)), name: "cut.onnx") else {
        continue
      }
      #expect(file.names == ["b", "count", "w"], "\(count)")
    }
  }

  static let bad: [(name: String, bytes: [UInt8], reason: String)] = [
    ("empty", [], "0 graphs"),
    ("a page", Array("<!DOCTYPE html><html></html>".utf8), "damaged, or not an ONNX file"),
    ("two graphs", field(7, []) + field(7, []), "2 graphs"),
    (
      "two of a name", file(tensor("w", [1], floats([1])) + tensor("w", [1], floats([1]))),
      "two tensors called w"
    ),
    ("too few bytes", file(tensor("w", [2], floats([1]))), "has 4 bytes for a shape of [2]"),
    ("a negative extent", file(tensor("w", [.max], floats([1]))), "impossible shape"),
    (
      "a product beyond all numbers", file(tensor("w", [1 << 40, 1 << 40], floats([1]))),
      "impossible shape"
    ),
    ("many axes", file(tensor("w", [UInt64](repeating: 1, count: 99), floats([1]))), "impossible"),
    ("numbers twice", file(tensor("w", [1], floats([1]), more: field(9, floats([2])))), "twice"),
    (
      "elsewhere", file(tensor("w", [1], [], more: field(14, 1))), "lies in another file"
    ),
    ("a length beyond the end", varint(7 << 3 | 2) + varint(.max >> 1), "beyond its end"),
    ("a number without end", [UInt8](repeating: 255, count: 40), "damaged"),
    ("a name that is not text", file(field(5, field(8, [0xff, 0xfe]))), "not text"),
  ]

  @Test("What cannot be is refused in a sentence", arguments: bad.indices)
  func hostile(index: Int) {
    let (name, bytes, reason) = Self.bad[index]
    let text = sentence { _ = try ONNXFile(bytes: bytes, name: "bad.onnx") }
    #expect(text.contains("bad.onnx") && text.contains(reason), "\(name): \(text)")
  }

  @Test("A flipped bit never crashes")
  func flips() {
    for place in Self.good.indices {
      for bit in 0..<8 {
        var bytes = Self.good
        bytes[place] ^= 1 << UInt8(bit)
        guard let file = try? ONNXFile(bytes: bytes, name: "flipped.onnx") else { continue }
        for name in file.names {
          _ = try? file.tensor(name, axes: Array(0..<(file.shape(of: name) ?? []).count))
        }
      }
    }
  }
}
