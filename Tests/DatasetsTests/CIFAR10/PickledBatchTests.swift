import Testing

@testable import DataFiles
@testable import Datasets

@Suite("Batches of pictures in pickles")
struct PickledBatchTests {
  private func refused(_ bytes: [UInt8], _ word: String) {
    let text = sentence { _ = try PickledBatch(bytes, name: "batch") }
    #expect(text.contains("batch") && text.contains(word), "\(text)")
  }

  @Test("Pictures and labels come out as they went in")
  func whole() throws {
    let batch = try PickledBatch(CIFAR10Files.python(3), name: "batch")
    #expect(batch.labels == CIFAR10Files.labels(3).map(Int32.init))
    let pixels = batch.bytes[batch.start..<batch.start + 4 * 3072]
    #expect(Array(pixels) == CIFAR10Files.numbers(3).flatMap(CIFAR10Files.planes))
  }

  @Test("Python 3 writes the same as text in protocol 2, from which every byte comes out again")
  func python3() throws {
    let data = CIFAR10Files.planes(1) + (0..<3072).map { UInt8(truncatingIfNeeded: $0) }
    let whole = CIFAR10Files.pickle(
      data: data, shape: [2, 3072], labels: [6, 9], isPython3: true)
    let batch = try PickledBatch(whole, name: "batch")
    #expect(batch.labels == [6, 9] && Array(batch.bytes[batch.start...]) == data)
    func pickle(_ data: [UInt8]) -> [UInt8] {
      CIFAR10Files.pickle(data: data, shape: [2, 3072], labels: [6, 9], isPython3: true)
    }
    refused(pickle(data.dropLast()), "shape differ")
    refused(pickle(data + [0]), "shape differ")
    // Characters beyond 255, and the first half of one.
    for spoiled: [UInt8] in [[0xc4, 0x80], [0xc3, 0x41], [0x41, 0xc3]] {
      var copy = whole
      let place = try #require(copy.indices.last { copy[$0...].starts(with: [0xc3, 0xbf]) })
      copy.replaceSubrange(place..<place + 2, with: spoiled)
      refused(copy, "is a damaged pickle")
    }
  }

  @Test("Dictionaries that hold something else")
  func others() {
    let data = [UInt8](repeating: 7, count: 2 * 3072)
    func pickle(
      _ data: [UInt8], _ shape: [Int], _ labels: [UInt8], type: String = "u1", key: String = "data"
    ) -> [UInt8] {
      CIFAR10Files.pickle(data: data, shape: shape, labels: labels, type: type, key: key)
    }
    refused(pickle(data, [2, 3072], [1]), "each with a label")
    refused(pickle(data, [3072, 2], [1, 2]), "each with a label")
    refused(pickle(data, [6144], [1, 2]), "each with a label")
    refused(pickle(data, [3, 3072], [1, 2, 3]), "shape differ")
    refused(pickle([], [0, 3072], []), "each with a label")
    refused(pickle(data, [2, 3072], [1, 2], key: "dato"), "no \"data\"")
    refused(pickle(data, [2, 3072], [1, 2], type: "i1"), "array without")
    // A product of extents that overflows.
    refused(pickle(data, [65535, 65535, 2], [1, 2]), "shape differ")
    refused([0x80, 2, 0x5d, 0x2e], "should hold a dictionary")
    refused([0x80, 2, 0x7d, 0x2e], "no \"data\"")
    refused([0x80, 2, 0x7d, 0x28, 0x4b, 1, 0x75, 0x2e], "no dictionary")
    refused([0x80, 2, 0x4b, 1, 0x4b, 2, 0x73, 0x2e], "no dictionary")
    refused([0x80, 2, 0x73, 0x2e], "no dictionary")
    refused([0x80, 2, 0x7d, 0x75, 0x2e], "missing mark")
    refused(Array("cos\nsystem\n".utf8), "would run code")
  }

  @Test("Cut off or with a flipped bit: an error, or the same pictures, and never a crash")
  func damaged() throws {
    let whole = CIFAR10Files.pickle(
      data: CIFAR10Files.planes(1), shape: [1, 3072], labels: [6])
    for length in sampledLengths(whole.count) where length < whole.count {
      _ = sentence { _ = try PickledBatch(Array(whole[..<length]), name: "batch") }
    }
    for position in sampledLengths(whole.count) {
      for bit in 0..<8 {
        var copy = whole
        copy[position] ^= 1 << UInt8(bit)
        guard let batch = try? PickledBatch(copy, name: "batch") else { continue }
        #expect(batch.labels.count == 1 && batch.start + 3072 <= copy.count)
      }
    }
  }

  @Test("A list of texts is not a list of numbers")
  func texts() {
    let pickle: [UInt8] = [0x80, 2, 0x5d, 0x28, 0x5d, 0x55, 1, 65, 0x61, 0x65, 0x2e]
    let text = sentence { _ = try Unpickler.integerLists(pickle, from: 0, name: "lists") }
    #expect(text.contains("not of lists or texts"))
    let mixed: [UInt8] = [0x80, 2, 0x5d, 0x28, 0x4b, 1, 0x55, 1, 65, 0x65, 0x2e]
    #expect(
      sentence { _ = try Unpickler.integerLists(mixed, from: 0, name: "lists") }
        .contains("something else"))
  }
}
