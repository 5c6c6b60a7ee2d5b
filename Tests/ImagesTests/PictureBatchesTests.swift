import DeepLearning
import Testing

@testable import Images

@Suite("Batches of pictures")
struct PictureBatchesTests {
  /// Pictures of 2 x 3 pixels, each of one shade, which is its label.
  private func batches(
    _ count: Int, batchSize: Int, isShuffled: Bool = true, augmentation: Augmentation? = nil,
    seed: UInt64 = 1
  ) -> PictureBatches {
    PictureBatches(
      pixels: (0..<count).flatMap { [UInt8](repeating: UInt8($0), count: 18) }, height: 2, width: 3,
      labels: (0..<count).map { Float($0) }, augmentation: augmentation, batchSize: batchSize,
      isShuffled: isShuffled, scale: 1, seed: seed)
  }

  @Test("A pass has every picture once, its last batch is short, and the next pass follows")
  func passes() {
    let batches = batches(10, batchSize: 4)
    #expect(batches.batchesPerPass == 3)
    var orders: [[Float]] = []
    for _ in 0..<3 {
      var seen: [Float] = []
      for size in [4, 4, 2] {
        let (x, y) = batches.nextPictures()
        #expect(x.shape == [size, 2, 3, 3] && y.shape == [size])
        #expect(x.scalars == y.scalars.flatMap { [Float](repeating: $0, count: 18) })
        seen += y.scalars
      }
      #expect(seen.sorted() == (0..<10).map { Float($0) })
      orders.append(seen)
    }
    #expect(Set(orders).count == 3)
  }

  @Test("Without shuffling the order is the one given")
  func inOrder() {
    let batches = batches(5, batchSize: 3, isShuffled: false)
    #expect(
      (0..<4).map { _ in batches.nextPictures().y.scalars } == [
        [0, 1, 2], [3, 4], [0, 1, 2], [3, 4],
      ]
    )
  }

  @Test("The same seed gives the same batches")
  func determinism() {
    func run(_ seed: UInt64) -> [Tensor] {
      let image = noise(width: 8, height: 8 * 6)
      let batches = PictureBatches(
        pixels: image.pixels, height: 8, width: 8, labels: [0, 1, 0, 1, 0, 1],
        augmentation: AugmentationTests.book, batchSize: 4, seed: seed)
      return (0..<5).map { _ in batches.nextPictures().x }
    }
    #expect(run(7) == run(7))
    #expect(run(7) != run(8))
  }

  @Test("Batches that are skipped are the ones that would have come")
  func skipping() throws {
    func stream() -> PictureBatches {
      let image = noise(width: 8, height: 8 * 10)
      return PictureBatches(
        pixels: image.pixels, height: 8, width: 8, labels: (0..<10).map { Float($0) },
        augmentation: AugmentationTests.book, batchSize: 4, seed: 3)
    }
    let (whole, rest): (any BatchStream, PictureBatches) = (stream(), stream())
    let all = try (0..<9).map { _ in try whole.nextBatch() }
    rest.skip(5)
    for batch in all[5...] {
      let next = rest.nextBatch()
      #expect(next.x.tensor == batch.x.tensor)
      #expect(next.y.tensor == batch.y.tensor)
    }
  }

  @Test("Each picture is changed in its own way, by what the augmentation draws")
  func augmented() {
    let image = noise(width: 8, height: 8)
    let batches = PictureBatches(
      pixels: image.pixels + image.pixels, height: 8, width: 8, labels: [0, 1],
      augmentation: AugmentationTests.book, batchSize: 2, scale: 1, seed: 9)
    var random = RandomGenerator(seed: 9)
    _ = random.permutation(2)
    let x = batches.nextPictures().x.scalars
    let first = AugmentationTests.book.apply(to: image, using: &random)
    let second = AugmentationTests.book.apply(to: image, using: &random)
    #expect(first != second)
    #expect(x == (first.pixels + second.pixels).map { Float($0) })
  }
}
