import DeepLearning
import PretrainedModels

extension Workload {
  /// Chapter 8 after section 8.1: the loops that the chapters write themselves.
  static let generative = [
    Workload(
      name: "deepdream", batchSize: 1, samples: 60, megaflops: 19_809.9,
      needsFewerOperations: true, task: .steps(dreaming)),
    Workload(
      name: "style_transfer", batchSize: 1, samples: 400, megaflops: 248_176.64,
      needsFewerOperations: true, task: .steps(stylising)),
    Workload(
      name: "vae_mnist", batchSize: 16, samples: 60_000, megaflops: 2157.98,
      needsFewerOperations: true, task: .steps(encodingAndDecoding)),
    Workload(
      name: "gan_cifar", batchSize: 20, samples: 5000, megaflops: 640_210.25,
      needsFewerOperations: true, task: .steps(counterfeiting)),
  ]

  /// One step of gradient ascent of section 8.2, on a picture of the book's last octave.
  private static func dreaming(_ random: inout RandomGenerator) -> () -> Void {
    let weights: [(layer: String, weight: Float)] = [
      ("mixed2", 0.2), ("mixed3", 3), ("mixed4", 2), ("mixed5", 1.5),
    ]
    let network = InceptionV3.base(input: [350, 350, 3]).foldingNormalization()
      .outputs(of: weights.map(\.layer))
    var picture = Tensor.uniform([1, 350, 350, 3], in: -1..<1, using: &random)
    return {
      let (_, gradient) = valueAndGradient(at: picture) { picture in
        zip(network.outputs(for: picture), weights).reduce(Tensor.scalar(0)) {
          sum, part in
          let (x, weight) = (part.0, part.1.weight)
          let inner = x[.all, .trimming(2), .trimming(2)]
          return sum + inner.squared().sum() * (weight / Float(x.elementCount))
        }
      }
      let strength = Swift.max((gradient * gradient.sign()).mean().item, 1e-7)
      picture = picture + gradient * (0.01 / strength)
    }
  }

  /// One evaluation of the loss of section 8.3 and of its gradient, as L-BFGS asks for them.
  private static func stylising(_ random: inout RandomGenerator) -> () -> Void {
    let styleLayers = (1...5).map { "block\($0)_conv1" }
    let network = VGG19.base(input: [400, 400, 3]).outputs(of: styleLayers + ["block5_conv2"])
    func features(_ picture: Tensor) -> [Tensor] { network.outputs(for: picture) }
    func noise() -> Tensor {
      .normal([1, 400, 400, 3], standardDeviation: 50, using: &random)
    }
    let content = features(noise())[5]
    let styles = features(noise()).prefix(5).map { $0.gramMatrix() }
    let start = noise().scalars.map(Double.init)
    let scale: Float = 1 / 5 / (4 * 9 * 160_000 * 160_000)
    return {
      let picture = Tensor(start.map(Float.init), shape: [1, 400, 400, 3])
      let (_, gradient) = valueAndGradient(at: picture) { picture in
        let found = features(picture)
        let likeContent = 0.025 * (found[5] - content).squared().sum()
        let likeStyle = zip(found, styles).reduce(Tensor.scalar(0)) { sum, pair in
          sum + (pair.0.gramMatrix() - pair.1).squared().sum() * scale
        }
        return likeContent + likeStyle + 1e-4 * picture.totalVariation()
      }
      withExtendedLifetime(gradient.scalars.map(Double.init)) {}
    }
  }

  /// One training step of section 8.4.
  private static func encodingAndDecoding(_ random: inout RandomGenerator) -> () -> Void {
    let (encoder, decoder) = (self.encoder(), self.decoder())
    let weights = encoder.trainableWeights + decoder.trainableWeights
    let optimizer = RMSprop()
    let digits = Tensor.uniform([2000, 28, 28, 1], using: &random)
    var (source, start) = (random, 0)
    return {
      let x = digits[start..<start + 16]
      start = (start + 16) % 2000
      let context = ForwardContext(training: true, random: source.split())
      let noise = Tensor.normal([16, 2], using: &source)
      let (_, gradients) = valueAndGradients(of: weights) {
        let code = encoder.outputs(for: [.dense(x)], context)
        let (mean, logVariance) = (code[0], code[1])
        let decoded = decoder(mean + logVariance.exp() * noise, training: true)
        let divergence = (1 + logVariance - mean.squared() - logVariance.exp()).mean()
        return binaryCrossEntropy(decoded, x) - 5e-4 * divergence
      }
      optimizer.apply(gradients)
    }
  }

  private static func encoder() -> Model {
    let image = Input([28, 28, 1])
    var x = Conv2D(32, kernel: 3, padding: .same, activation: .relu)(image)
    x = Conv2D(64, kernel: 3, stride: 2, padding: .same, activation: .relu)(x)
    for _ in 0..<2 { x = Conv2D(64, kernel: 3, padding: .same, activation: .relu)(x) }
    x = Dense(32, activation: .relu)(Flatten()(x))
    return Model(inputs: image, outputs: Dense(2)(x), Dense(2)(x))
  }

  private static func decoder() -> Model {
    Sequential(input: [2]) {
      Dense(14 * 14 * 64, activation: .relu)
      Reshape([14, 14, 64])
      Conv2DTranspose(32, kernel: 3, stride: 2, padding: .same, activation: .relu)
      Conv2D(1, kernel: 3, padding: .same, activation: .sigmoid)
    }
  }

  /// One step of section 8.5: the discriminator learns, then the generator.
  private static func counterfeiting(_ random: inout RandomGenerator) -> () -> Void {
    let (noise, generator, discriminator) = (32, self.generator(), self.discriminator())
    let (optimizer, discriminatorOptimizer) = (
      RMSprop(learningRate: 4e-4, decay: 1e-8), RMSprop(learningRate: 8e-4, decay: 1e-8)
    )
    optimizer.clipValue = 1
    discriminatorOptimizer.clipValue = 1
    let real = Tensor.normal([20, 32, 32, 3], using: &random)
    var source = random
    return {
      let fake = generator(Tensor.normal([20, noise], using: &source))
      let both = Tensor.concatenated([fake, real], axis: 0)
      let labels =
        Tensor.concatenated([.ones([20, 1]), .zeros([20, 1])], axis: 0)
        + .uniform([40, 1], in: 0..<0.05, using: &source)
      let (_, toDiscriminator) = valueAndGradients(of: discriminator.trainableWeights) {
        binaryCrossEntropy(discriminator(both, training: true), labels)
      }
      discriminatorOptimizer.apply(toDiscriminator)
      let (_, toGenerator) = valueAndGradients(of: generator.trainableWeights) {
        let fake = generator(Tensor.normal([20, noise], using: &source), training: true)
        return binaryCrossEntropy(discriminator(fake, training: true), .zeros([20, 1]))
      }
      optimizer.apply(toGenerator)
    }
  }

  private static func generator() -> Model {
    Sequential(input: [32]) {
      Dense(128 * 16 * 16)
      LeakyReLU()
      Reshape([16, 16, 128])
      Conv2D(256, kernel: 5, padding: .same)
      LeakyReLU()
      Conv2DTranspose(256, kernel: 4, stride: 2, padding: .same)
      LeakyReLU()
      Conv2D(256, kernel: 5, padding: .same)
      LeakyReLU()
      Conv2D(256, kernel: 5, padding: .same)
      LeakyReLU()
      Conv2D(3, kernel: 7, padding: .same, activation: .tanh)
    }
  }

  private static func discriminator() -> Model {
    Sequential(input: [32, 32, 3]) {
      Conv2D(128, kernel: 3)
      LeakyReLU()
      for _ in 0..<3 {
        Conv2D(128, kernel: 4, stride: 2)
        LeakyReLU()
      }
      Flatten()
      Dropout(0.4)
      Dense(1, activation: .sigmoid)
    }
  }
}
