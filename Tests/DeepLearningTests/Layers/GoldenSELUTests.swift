import Testing

@testable import DeepLearning

/// What self-normalizing networks are made of, beside Keras'; `Golden/generate_selu.py` tells how.
@Suite("Self-normalizing networks")
struct GoldenSELUTests {
  struct Content: Decodable {
    struct Activation: Decodable {
      let x: [Float]
      let y: [Float]
    }
    let activation: Activation
    let dropout: [Dropout]
    let initializer: [Draws]
  }
  struct Dropout: Decodable, Sendable, CustomTestStringConvertible {
    let rate: Float
    let x: [Float]
    let kept: [Float]
    let dropped: Float
    var testDescription: String { "rate \(rate)" }
  }
  struct Draws: Decodable, Sendable, CustomTestStringConvertible {
    let shape: [Int]
    let deviation: Float
    let largest: Float
    var testDescription: String { "\(shape)" }
  }
  private static func golden() throws -> Content { try Golden.decode(Content.self, from: "selu") }

  @Test("SELU's values are Keras'")
  func activation() throws {
    let golden = try Self.golden().activation
    expectClose(Tensor(golden.x).activated(.selu), Tensor(golden.y), "selu")
  }

  @Test(
    "AlphaDropout makes of kept and dropped elements what Keras makes",
    arguments: try golden().dropout)
  func dropout(_ golden: Dropout) {
    let rows = 2_000
    let x = Tensor((0..<rows).flatMap { _ in golden.x }, shape: [rows, golden.x.count])
    let model = Sequential(input: [golden.x.count]) { AlphaDropout(golden.rate) }
    let y = model(x, training: true).scalars
    var dropped = 0
    for (index, value) in y.enumerated() {
      let kept = golden.kept[index % golden.x.count]
      let isDropped = abs(value - golden.dropped) < 1e-5
      #expect(isDropped || abs(value - kept) < 1e-5 * max(1, abs(kept)), "\(value)")
      dropped += isDropped ? 1 : 0
    }
    // Six standard deviations of the share of 8,000 draws.
    let share = Float(dropped) / Float(y.count)
    #expect(abs(share - golden.rate) < 6 * (golden.rate * (1 - golden.rate) / 8_000).squareRoot())
    #expect(model(x) == x)
  }

  @Test("Its gradient passes where elements do, scaled")
  func gradient() {
    let model = Sequential(input: [50]) { AlphaDropout(0.3) }
    var output: Tensor?
    let x = randomTensor([8, 50], seed: 12)
    let (_, gradient) = valueAndGradient(at: x) {
      let y = model($0, training: true)
      output = y.detached
      return y.sum()
    }
    let values = output?.scalars ?? []
    let dropped = values.min() ?? .nan
    let scales = Set(zip(gradient.scalars, values).map { $1 == dropped ? $0 : -$0 })
    // Nothing where an element was dropped, else the one scale.
    #expect(scales.count == 2 && scales.contains(0))
  }

  @Test("LeCun's initial weights are spread as Keras'", arguments: try golden().initializer)
  func initializer(_ golden: Draws) {
    var random = RandomGenerator(seed: 5)
    let weights = Initializer.lecunNormal.draw(Shape(golden.shape), using: &random)
    let deviation = weights.squared().mean().item.squareRoot()
    expectClose(deviation, Double(golden.deviation), relative: 0.01, "deviation")
    // Both come close to the bound of two deviations before truncation.
    let largest = max(weights.max(), -weights.min())
    expectClose(largest, Double(golden.largest), relative: 0.002, "largest")
    expectClose(weights.mean().item, 0, absolute: Double(0.02 * golden.deviation), "mean")
  }

  @Test("Through thirty layers of SELU mean and variance stay near 0 and 1, dropout or not")
  func selfNormalization() {
    for rate in [0, 0.1] as [Float] {
      let model = Sequential(input: [256], seed: 3) {
        for _ in 0..<30 {
          Dense(256, activation: .selu, kernelInitializer: .lecunNormal)
          AlphaDropout(rate)
        }
      }
      var random = RandomGenerator(seed: 4)
      let y = model(
        Tensor.normal([200, 256], standardDeviation: 1, using: &random), training: true)
      let mean = y.mean().item
      let variance = (y - mean).squared().mean().item
      #expect(abs(mean) < 0.25 && variance > 0.6 && variance < 1.6, "\(rate): \(mean), \(variance)")
    }
  }
}
