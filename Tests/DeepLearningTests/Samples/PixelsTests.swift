import Testing

@testable import DeepLearning

/// Pictures as bytes are samples like any other.
@Suite struct PixelsTests {
  private static let shape: Shape = [11, 5, 4, 3]
  private static let bytes = (0..<Self.shape.elementCount).map { UInt8(($0 * 97 + 13) % 256) }
  private static let pixels = Pixels(bytes, shape: shape)
  private static let dense = Tensor(bytes.map { Float($0) * (1 / 255) }, shape: shape)

  @Test("A byte becomes a number")
  func number() {
    #expect(haveEqualBits(Self.pixels.tensor, Self.dense))
    #expect(Self.pixels.count == 11 && Self.pixels.shape == Self.shape)
    let few = Pixels([0, 51, 255], shape: [3, 1, 1, 1])
    expectClose(few.tensor, Tensor([0, 0.2, 1], shape: [3, 1, 1, 1]), absolute: 1e-7, "scaled")
    let raw = Pixels([0, 51, 255], shape: [1, 3], scale: 1)
    #expect(raw.tensor.scalars == [0, 51, 255] && raw.count == 1)
  }

  @Test("Parts of pixels are parts of their tensor")
  func parts() {
    #expect(haveEqualBits(Self.pixels[3..<7].tensor, Self.dense[3..<7]))
    #expect(Self.pixels[4..<4].count == 0)
    let order = [10, 0, 0, 7][...]
    #expect(haveEqualBits(Self.pixels.gathering(order), Self.dense.gathering(rows: order)))
    let samples = Self.pixels.samples
    #expect(samples.count == 11)
    #expect(haveEqualBits(samples.tensor(for: "test"), Self.dense))
    #expect(haveEqualBits(samples[2..<5].tensor(for: "test"), Self.dense[2..<5]))
    #expect(
      haveEqualBits(
        samples.gathering(order).tensor(for: "test"), Self.dense.gathering(rows: order)))
  }

  @Test("Training and predicting are the same to the last bit")
  func sameBits() throws {
    func train(_ images: any SamplesConvertible) throws -> (Sequential, History) {
      let model = Sequential(input: [5, 4, 3]) {
        Conv2D(16, kernel: 2, activation: .relu)
        Flatten()
        Dense(2, activation: .softmax)
      }
      model.compile(
        optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
      let labels = (0..<11).map { Int32($0 % 2) }
      let history = try model.fit(
        images, labels, epochs: 2, batchSize: 4, validationSplit: 0.3)
      return (model, history)
    }
    let (a, b) = (try train(Self.pixels), try train(Self.dense))
    #expect(zip(a.0.weights, b.0.weights).allSatisfy { haveEqualBits($0.value, $1.value) })
    #expect(a.1.csv == b.1.csv)
    #expect(
      haveEqualBits(
        a.0.predict(Self.pixels, batchSize: 3), b.0.predict(Self.dense, batchSize: 3)))
    #expect(haveEqualBits(a.0(Self.pixels), b.0(Self.dense)))
    let labels = (0..<11).map { Int32($0 % 2) }
    #expect(a.0.evaluate(Self.pixels, labels).loss == b.0.evaluate(Self.dense, labels).loss)
  }
}
