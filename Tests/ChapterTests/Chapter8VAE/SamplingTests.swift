import Testing

@testable import DeepLearning
@testable import chapter8_vae

/// The layer that draws, and the loss, against Keras 3 on PyTorch.
///
/// Made once with
/// ```python
/// z = mean + ops.exp(f * lv) * eps               # f is 1 as printed, 0.5 corrected
/// y = ops.sigmoid(ops.matmul(z, w) + b)
/// xent = losses.binary_crossentropy(x, y)
/// kl = -0.05 * ops.mean(1 + lv - ops.square(mean) - ops.exp(lv), axis=-1)
/// loss = ops.mean(xent + kl); loss.backward()
/// ```
@Suite("chapter8-vae: sampling and loss")
struct SamplingTests {
  private static let mean = Tensor(
    [1.788_628_5, 0.436_509_85, 0.096_497_47, -1.863_492_7, -0.277_388_2, -0.354_758_98],
    shape: [3, 2])
  private static let logVariance = Tensor(
    [-0.557_919, -0.938_900_5, -0.530_672_7, -0.834_052_6, -1.419_705_3, 0.119_235_665],
    shape: [3, 2])
  private static let epsilon = Tensor(
    [-0.923_792, -1.023_875_7, 1.123_977_9, -0.131_914_23, -1.623_285_4, 0.646_675_47],
    shape: [3, 2])
  private static let x = Tensor([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 4])
  private static let w = Tensor(
    [
      -1.023_785_1, -0.712_993_2, 0.625_245, -0.160_513_36, -0.768_836_4, -0.230_030_72,
      0.745_056_27, 1.976_110_8,
    ], shape: [2, 4])
  private static let b = Tensor([-1.244_123_3, -0.626_416_9, -0.803_766_07, -2.419_083])

  /// What Keras makes of it with a rule.
  struct Golden: Sendable {
    let rule: SamplingRule
    let z: [Float]
    let loss: Float
    let meanGradient: [Float]
    let logVarianceGradient: [Float]
  }

  private static let golden = [
    Golden(
      rule: .printed,
      z: [1.259_850_9, 0.036_115_497, 0.757_631_54, -1.920_781_1, -0.669_874_73, 0.373_808_5],
      loss: 1.236_997,
      meanGradient: [
        0.123_688_295, 0.106_491_16, -0.028_140_938, -0.216_138_69, -0.030_811_686, -0.152_613_61,
      ],
      logVarianceGradient: [
        -0.053_203_83, -0.044_800_047, -0.023_099_82, 0.005_888_690_2, 0.003_960_196, -0.105_826_26,
      ]),
    Golden(
      rule: .corrected,
      z: [1.089_714_6, -0.203_766_7, 0.958_53, -1.950_424_7, -1.075_584_7, 0.331_642_27],
      loss: 1.219_450_6,
      meanGradient: [
        0.116_335_76, 0.095_694_04, -0.022_169_458, -0.212_117_05, -0.046_659_84, -0.164_303_76,
      ],
      logVarianceGradient: [
        -0.033_800_2, -0.033_380_788, -0.013_680_187, 0.003_155_612_4, 0.010_458_318, -0.053_304_64,
      ]),
  ]

  @Test("Points, loss and gradients through the drawing are those of Keras", arguments: golden)
  func matches(_ golden: Golden) {
    let (loss, gradients) = valueAndGradients(at: [Self.mean, Self.logVariance]) { inputs in
      let z = golden.rule.layer.point(
        mean: inputs[0], logVariance: inputs[1], epsilon: Self.epsilon)
      expectClose(z, golden.z)
      let y = (z.matmul(Self.w) + Self.b).activated(.sigmoid)
      return binaryCrossEntropy(y, Self.x)
        + 0.05 * Sampling.divergence(mean: inputs[0], logVariance: inputs[1])
    }
    #expect(abs(loss.item - golden.loss) < 2e-6)
    expectClose(gradients[0], golden.meanGradient)
    expectClose(gradients[1], golden.logVarianceGradient)
    let divergence = Sampling.divergence(mean: Self.mean, logVariance: Self.logVariance)
    #expect(abs(0.05 * divergence.item - 0.071_590_29) < 1e-6)
  }

  private func expectClose(
    _ tensor: Tensor, _ expected: [Float], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(tensor.elementCount == expected.count, sourceLocation: sourceLocation)
    for (value, expected) in zip(tensor.scalars, expected) {
      #expect(abs(value - expected) < 2e-6, sourceLocation: sourceLocation)
    }
  }

  @Test("The layer draws anew each time, by its rule, and adds the weighed divergence")
  func layer() {
    let layer = CorrectedSampling(divergenceWeight: 0.05)
    let context = ForwardContext(training: true, random: RandomGenerator(seed: 5))
    var random = RandomGenerator(seed: 5)
    for turn in 1...2 {
      let z = layer.forward([.dense(Self.mean), .dense(Self.logVariance)], context)
      let expected = CorrectedSampling().point(
        mean: Self.mean, logVariance: Self.logVariance, epsilon: .normal([3, 2], using: &random))
      #expect(z == expected, "\(turn)")
      #expect(abs(context.total(.scalar(1)).item - 1.071_590_3) < 1e-6)
    }
  }

  @Test("What training makes small is cross-entropy and divergence; the parts share their weights")
  func whole() {
    var random = RandomGenerator(seed: 3)
    let pictures = Pixels(
      (0..<4 * 784).map { _ in UInt8(random.below(256)) }, shape: [4, 28, 28, 1])
    let vae = VariationalAutoencoder(seed: 1)
    #expect(vae.whole.parameterCount == 550_629)
    #expect(vae.encoder.parameterCount == 494_244)
    #expect(vae.decoder.parameterCount == 56_385)
    let divergence = Sampling.divergence(
      mean: vae.means(of: pictures), logVariance: vae.logVariances(of: pictures))
    let entropy = binaryCrossEntropy(vae.whole.predict(pictures), pictures.tensor)
    let loss = vae.whole.evaluate(pictures, pictures).loss
    #expect(abs(loss - (entropy.item + 5e-4 * divergence.item)) < 1e-6)
    for weight in vae.decoder.weights + vae.encoder.weights {
      #expect(vae.whole.weights.contains { $0 === weight })
    }
    // The whole is the decoder behind the encoder and the draw.
    let plain = VariationalAutoencoder.plain(seed: 1)
    let means = plain.means(of: pictures)
    #expect(plain.whole.predict(pictures) == plain.decoder.predict(means))
  }

  @Test("The places of the map part the normal distribution evenly")
  func places() {
    let places = VariationalAutoencoder.quantiles(15)
    for (place, expected) in [
      (0, -1.644_853_627), (3, -0.697_141_434_8), (7, 0), (14, 1.644_853_627),
    ] {
      #expect(abs(places[place] - expected) < 1e-8)
    }
    let vae = VariationalAutoencoder(seed: 1)
    let sheet = vae.manifold(3)
    #expect(sheet.shape == [9, 28, 28, 1])
    // Second row, third column: the middle of z[1], the end of z[0].
    let image = vae.images(at: [[Float(1.644_853_627), 0]])
    #expect(zip(sheet[5..<6].scalars, image.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
