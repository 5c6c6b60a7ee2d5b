import Testing

@testable import DeepLearning

/// Initial weights: the limits of Keras, and what is drawn within them.
@Suite struct InitializerTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let shape: [Int]
    let glorotUniformLimit: Double
    var testDescription: String { "\(shape)" }
  }

  @Test(
    "Glorot's limit is the reference's, and draws reach it",
    arguments: try Golden.cases("initializers") as [Case])
  func glorot(_ golden: Case) {
    var random = RandomGenerator(seed: 5)
    let weights = Initializer.glorotUniform.draw(Shape(golden.shape), using: &random).scalars
    let limit = Float(golden.glorotUniformLimit)
    let extremes = (low: weights.min() ?? .nan, high: weights.max() ?? .nan)
    expectClose(Initializer.glorotLimit(Shape(golden.shape)), golden.glorotUniformLimit, "limit")
    #expect(extremes.low >= -limit * 1.00001 && extremes.high <= limit * 1.00001)
    if weights.count >= 250 {
      #expect(extremes.low < -0.9 * limit && extremes.high > 0.9 * limit)
    }
  }

  @Test("Uniform and normal draws have the limits, mean and deviation that were asked for")
  func spread() {
    var random = RandomGenerator(seed: 6)
    let uniform = Initializer.uniform(limit: 0.05).draw([100, 100], using: &random)
    #expect(uniform.max() <= 0.05 && uniform.max() > 0.0499)
    #expect(uniform.min() >= -0.05 && uniform.min() < -0.0499)
    expectClose(uniform.mean().item, 0, absolute: 0.0015, "mean")

    let normal = Initializer.normal(standardDeviation: 0.3).draw([100, 100], using: &random)
    expectClose(normal.mean().item, 0, absolute: 0.015, "mean")
    expectClose(normal.squared().mean().item.squareRoot(), 0.3, relative: 0.03, "deviation")
  }

  @Test("Zeros, ones and constants are what they say")
  func constants() {
    var random = RandomGenerator(seed: 7)
    #expect(Initializer.zeros.draw([2, 3], using: &random) == .zeros([2, 3]))
    #expect(Initializer.ones.draw([3], using: &random) == .ones([3]))
  }

  @Test("A seed decides what is drawn")
  func seeds() {
    func draw(_ seed: UInt64) -> Tensor {
      var random = RandomGenerator(seed: seed)
      return Initializer.glorotUniform.draw([7, 9], using: &random)
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
  }
}
