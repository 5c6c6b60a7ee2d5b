// Section 8.5: two networks that teach each other to draw frogs.
//
// The generator makes images out of 32 random numbers. The discriminator learns to tell generated images from real
// ones, the generator what the discriminator takes for real. No loss falls: both stay while the images change.

import DeepLearning

/// The book's generative adversarial network for images of 32 x 32 pixels.
class GAN {
  /// How many numbers the generator makes an image from.
  static let latentSize = 32

  let generator: Sequential
  let discriminator: Sequential
  let generatorOptimizer = GAN.optimizer(learningRate: 0.0004)
  let discriminatorOptimizer = GAN.optimizer(learningRate: 0.0008)
  /// Labels are raised by a random number up to this.
  var labelNoise: Float = 0.05
  /// Where latent points and noise come from.
  var random: RandomGenerator
  /// The first of the next real images.
  var start = 0

  /// - Parameters:
  ///   - channels: those of the generator's convolutions; the discriminator's have half as many.
  ///   - slope: the factor of the LeakyReLUs for negative numbers.
  ///   - dropout: the share of the discriminator's features that is dropped.
  ///   - seed: the seed of all random numbers.
  init(channels: Int = 256, slope: Float = 0.3, dropout: Float = 0.4, seed: UInt64) {
    var random = RandomGenerator(seed: seed)
    generator = GAN.generator(channels: channels, slope: slope, seed: random.next())
    discriminator = GAN.discriminator(
      channels: channels / 2, slope: slope, dropout: dropout, seed: random.next())
    self.random = random
  }

  /// Makes an image of 32 x 32 pixels from 32 numbers: 6,264,579 parameters.
  static func generator(channels: Int, slope: Float, seed: UInt64) -> Sequential {
    Sequential(input: [latentSize], seed: seed) {
      Dense(16 * 16 * (channels / 2))
      LeakyReLU(slope)
      Reshape([16, 16, channels / 2])
      Conv2D(channels, kernel: 5, padding: .same)
      LeakyReLU(slope)
      // The kernel's extent is a multiple of the stride, or else the image would show a checkerboard.
      Conv2DTranspose(channels, kernel: 4, stride: 2, padding: .same)
      LeakyReLU(slope)
      Conv2D(channels, kernel: 5, padding: .same)
      LeakyReLU(slope)
      Conv2D(channels, kernel: 5, padding: .same)
      LeakyReLU(slope)
      Conv2D(3, kernel: 7, padding: .same, activation: .tanh)
    }
  }

  /// Tells generated images (1) from real ones (0): 790,913 parameters.
  static func discriminator(
    channels: Int, slope: Float, dropout: Float, seed: UInt64
  ) -> Sequential {
    Sequential(input: [32, 32, 3], seed: seed) {
      Conv2D(channels, kernel: 3)
      LeakyReLU(slope)
      for _ in 0..<3 {
        Conv2D(channels, kernel: 4, stride: 2)
        LeakyReLU(slope)
      }
      Flatten()
      Dropout(dropout)
      Dense(1, activation: .sigmoid)
    }
  }

  private static func optimizer(learningRate: Float) -> RMSprop {
    let optimizer = RMSprop(learningRate: learningRate, decay: 1e-8)
    optimizer.clipValue = 1
    return optimizer
  }

  /// One step with a batch of real images: the discriminator learns to tell them from generated ones, then the generator
  /// to deceive it.
  func step(real: Tensor) -> (discriminator: Float, adversarial: Float) {
    (trainDiscriminator(real: real), trainGenerator(count: real.count))
  }

  func trainDiscriminator(real: Tensor) -> Float {
    let count = real.count
    let generated = generator(latentPoints(count))
    let labels = Tensor((0..<2 * count).map { noisy($0 < count ? 1 : 0) }, shape: [2 * count, 1])
    return updateDiscriminator(.concatenated([generated, real], axis: 0), labels)
  }

  func updateDiscriminator(_ images: Tensor, _ labels: Tensor) -> Float {
    let (loss, gradients) = valueAndGradients(of: discriminator.trainableWeights) {
      binaryCrossEntropy(discriminator(images, training: true), labels)
    }
    discriminatorOptimizer.apply(gradients)
    return loss.item
  }

  private func trainGenerator(count: Int) -> Float {
    let points = latentPoints(count)
    // Only the generator's weights are asked for, so the discriminator's stay as they are; its dropout is on.
    let (loss, gradients) = valueAndGradients(of: generator.trainableWeights) {
      binaryCrossEntropy(
        discriminator(generator(points, training: true), training: true), .zeros([count, 1]))
    }
    generatorOptimizer.apply(gradients)
    return loss.item
  }

  func latentPoints(_ count: Int) -> Tensor { .normal([count, GAN.latentSize], using: &random) }

  func noisy(_ label: Float) -> Float { label + labelNoise * random.uniform() }

  /// The next real images, in order; what does not fill a batch at the end is left out.
  func nextBatch(of images: Pixels, size: Int = 20) -> Tensor {
    defer { start = start + size > images.count - size ? 0 : start + size }
    return images[start..<start + size].tensor
  }
}
