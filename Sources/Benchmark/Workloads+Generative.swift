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
    let network = InceptionV3.base(input: [350, 350, 3]).tapping(weights.map(\.layer))
    let context = ForwardContext(training: false, random: random)
    var picture = Tensor.uniform([1, 350, 350, 3], in: -1..<1, using: &random)
    return {
      let (_, gradient) = valueAndGradient(at: picture) { picture in
        zip(network.outputs(for: [.dense(picture)], context), weights).reduce(Tensor.scalar(0)) {
          sum, part in
          let (x, weight) = (part.0, part.1.weight)
          let inner = x[.all, .trimming(2), .trimming(2)]
          return sum + inner.squared().sum() * (weight / Float(x.elementCount))
        }
      }
      let strength = Swift.max((gradient * gradient.sign()).mean().scalars[0], 1e-7)
      picture = picture + gradient * (0.01 / strength)
    }
  }

  /// One evaluation of the loss of section 8.3 and its gradient.
  private static func stylising(_ random: inout RandomGenerator) -> () -> Void {
    fatalError()
  }

  /// One training step of section 8.4.
  private static func encodingAndDecoding(_ random: inout RandomGenerator) -> () -> Void {
    fatalError()
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
