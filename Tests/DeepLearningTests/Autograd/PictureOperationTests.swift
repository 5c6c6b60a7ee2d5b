import Foundation
import TestSupport
import Testing

@testable import DeepLearning

/// What programs that paint with a network need of tensors.
@Suite struct PictureOperationTests {
  private static let images = Tensor((0..<24).map { Float($0) }, shape: [2, 2, 3, 2])

  @Test("Rolled images come in again at the other side")
  func rolled() {
    let rolled = Self.images.rolled(down: 1, across: -1)
    #expect(rolled.shape == Self.images.shape)
    #expect(rolled.scalars.prefix(12) == [8, 9, 10, 11, 6, 7, 2, 3, 4, 5, 0, 1])
    #expect(rolled.scalars.suffix(12) == [20, 21, 22, 23, 18, 19, 14, 15, 16, 17, 12, 13])
    #expect(Self.images.rolled(down: 0, across: 0) == Self.images)
    #expect(Self.images.rolled(down: -4, across: 9) == Self.images)
  }

  @Test("Each image can be rolled by its own shift")
  func shifts() {
    let rolled = Self.images.rolled(by: [(0, 1), (1, 0)])
    #expect(rolled[0..<1] == Self.images[0..<1].rolled(down: 0, across: 1))
    #expect(rolled[1..<2] == Self.images[1..<2].rolled(down: 1, across: 0))
    #expect(Tensor.zeros([1, 0, 3, 2]).rolled(by: [(1, 1)]).shape == [1, 0, 3, 2])
  }

  @Test("The gradient rolls back")
  func gradient() {
    let weights = randomTensor([2, 2, 3, 2], seed: 41)
    let (_, gradient) = valueAndGradient(at: Self.images) {
      ($0.rolled(by: [(1, 1), (0, 2)]) * weights).sum()
    }
    #expect(gradient == weights.rolled(by: [(-1, -1), (0, -2)]))
  }

  @Test("A multiple is added in place")
  func multiples() {
    let step = Tensor([1, 2, 3])
    var x = Tensor([0.1, 0.2, 0.3])
    let (before, address) = (x.scalars, x.withUnsafeBuffer { $0.baseAddress })
    x.add(step, times: 0.7)
    #expect(x.scalars == zip(before, step.scalars).map { $0 + 0.7 * $1 })
    #expect(x.withUnsafeBuffer { $0.baseAddress } == address)
    let kept = x
    x.add(x, times: 1)
    #expect(kept.scalars == x.scalars.map { $0 / 2 }, "Tensors that shared the memory keep theirs.")
  }

  @Test("A recorded sum is differentiated")
  func recorded() {
    let (_, gradient) = valueAndGradient(at: Tensor([1, 2])) { x in
      var sum = Tensor([5, 5])
      sum.add(x, times: 3)
      return sum.sum()
    }
    #expect(gradient.scalars == [3, 3])
  }

  @Test("Slices can be replaced")
  func replaced() {
    var images = Self.images
    images[.all, .range(1..<2), .index(2)] = Tensor(repeating: -1, shape: [2, 1, 1, 2])
    #expect(images.scalars.indices.filter { images.scalars[$0] == -1 } == [10, 11, 22, 23])
    #expect(Self.images.scalars[10] == 10)
    images[0..<1] = Self.images[1..<2]
    #expect(images.scalars.prefix(12) == Self.images.scalars.suffix(12))
  }

  @Test("Bytes are rounded and stay in their range")
  func bytes() {
    #expect(Tensor([-1, 0, 0.5, 1, 2, .nan]).bytes() == [0, 0, 128, 255, 255, 0])
    #expect(Tensor([-.infinity, 1.4, 1.5, .infinity]).bytes(scale: 1) == [0, 1, 2, 255])
  }

  @Test("Each mistake ends with a sentence", .ahead)
  func mistakes() async throws {
    func message(_ result: ExitTest.Result) -> String {
      String(decoding: result.standardErrorContent, as: UTF8.self)
    }
    let shift = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 3, 3, 1]).rolled(by: [(1, 1)])
    }
    #expect(message(try #require(shift)).contains("[1, height, width, channels]"))
    let slice = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var x = Tensor.zeros([2, 3])
      x[0..<1] = Tensor.zeros([3])
    }
    #expect(message(try #require(slice)).contains("[3] does not fit into a slice of shape [1, 3]"))
    let sum = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var x = Tensor.zeros([2, 3])
      x.add(.zeros([3]), times: 1)
    }
    #expect(message(try #require(sum)).contains("shape [3]"))
  }
}
