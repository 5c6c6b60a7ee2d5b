import DeepLearning
import Foundation
import Testing

@testable import TensorBoard

/// Bytes that the tensorboard package wrote; see golden.py.
@Suite("Events")
struct EventTests {
  private static let time = 1_511_800_000.5

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test(
    "The check sum is CRC-32C",
    arguments: [("123456789", 0xe306_9283), ("", 0), ("a", 0xc1d0_4330)])
  func checksum(text: String, sum: UInt32) {
    #expect(TFRecord.crc32c(Array(text.utf8)) == sum)
  }

  @Test("The first record names the version")
  func version() {
    #expect(
      hex(TFRecord.frame(Event.version(time: Self.time).bytes))
        == "1800000000000000a37f4b2209000020300f87d6411a0d627261696e2e4576656e743a32d2c95223")
  }

  @Test("A number")
  func scalar() {
    #expect(
      hex(TFRecord.frame(Event.scalar("loss", 0.25, step: 3, time: Self.time).bytes))
        == "300000000000000095f5d05f09000020300f87d64110032a230a210a046c6f7373420a080112002a04"
        + "0000803e4a0d0a090a077363616c6172732001b35a58be")
  }

  @Test("A histogram, with a tag and a step of more than one byte")
  func histogram() {
    let histogram = ValueHistogram(Tensor([-1, 0.5, 0, 1]), bins: 2)
    #expect(histogram.counts == [1, 3])
    #expect(
      hex(
        TFRecord.frame(
          Event.histogram("dense_1/kernel", histogram, step: 300, time: Self.time).bytes))
        == "720000000000000025053a8209000020300f87d64110ac022a640a620a0e64656e73655f312f6b6572"
        + "6e656c423e0802120812020802120208032230000000000000f0bf0000000000000000000000000000f0"
        + "3f0000000000000000000000000000f03f00000000000008404a100a0c0a0a686973746f6772616d7320"
        + "02ba2a7c58")
  }

  @Test("A graph: layers and weights with their shapes, the batch of any size")
  func graph() {
    let model = Sequential(input: [3]) { Dense(2) }
    #expect(
      hex(GraphDefinition.message(of: model).bytes)
        == "0a390a07696e7075745f311205496e7075742a270a0e5f6f75747075745f73686170657312150a133a11"
        + "120b08ffffffffffffffffff01120208030a3a0a0e64656e73655f312f6b65726e656c12085661726961"
        + "626c652a1e0a0e5f6f75747075745f736861706573120c0a0a3a0812020803120208020a340a0c64656e"
        + "73655f312f6269617312085661726961626c652a1a0a0e5f6f75747075745f73686170657312080a063a"
        + "04120208020a600a0764656e73655f31120544656e73651a07696e7075745f311a0e64656e73655f312f"
        + "6b65726e656c1a0c64656e73655f312f626961732a270a0e5f6f75747075745f73686170657312150a13"
        + "3a11120b08ffffffffffffffffff011202080222020816")
  }

  @Test("A layer that is used twice is two nodes, and its weights one")
  func sharedLayer() {
    let layer = Dense(3, usesBias: false)
    let start = Input([3])
    let message = GraphDefinition.message(
      of: Model(inputs: start, outputs: layer(layer(start)))
    ).bytes
    let text = String(decoding: message, as: UTF8.self)
    #expect(text.split(separator: "Variable").count == 2)
    #expect(text.contains("dense_1_use2"))
  }
}

@Suite("Histograms of values")
struct ValueHistogramTests {
  @Test("Bins are of equal width, and the greatest value belongs to the last")
  func bins() {
    let histogram = ValueHistogram(Tensor([0, 1, 2, 3, 4, .nan, .infinity]), bins: 4)
    #expect(histogram.edges == [0, 1, 2, 3, 4] && histogram.counts == [1, 1, 1, 2])
  }

  @Test("What lies outside a given range is left out")
  func range() {
    let histogram = ValueHistogram(Tensor([-1, 0, 0.5, 1, 2]), bins: 2, in: 0...1)
    #expect(histogram.edges == [0, 0.5, 1] && histogram.counts == [1, 2])
  }

  @Test("Equal values have one bin around them; without values it is empty")
  func singular() {
    let same = ValueHistogram(Tensor([2, 2, 2]))
    #expect(same.edges == [1.5, 2.5] && same.counts == [3])
    let none = ValueHistogram(Tensor([.nan]))
    #expect(none.edges == [-0.5, 0.5] && none.counts == [0])
  }
}
