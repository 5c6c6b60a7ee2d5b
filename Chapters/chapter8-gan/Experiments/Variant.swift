import Datasets
import DeepLearning

/// The book's training with one thing changed.
struct Variant {
  let name: String
  var dataRange = GANTraining.Recipe().dataRange
  /// Makes the networks and how they learn; the channels and the seed are given.
  var gan: (Int, UInt64) -> GAN = { GAN(channels: $0, seed: $1) }

  static var all: [Variant] {
    [
      Variant(name: "as printed"),
      Variant(name: "pictures from -1 to 1", dataRange: .tanh),
      Variant(name: "no noise on labels") {
        let gan = GAN(channels: $0, seed: $1)
        gan.labelNoise = 0
        return gan
      },
      Variant(name: "no dropout") { GAN(channels: $0, dropout: 0, seed: $1) },
      Variant(name: "ReLU") { GAN(channels: $0, slope: 0, seed: $1) },
      Variant(name: "no clipping") {
        let gan = GAN(channels: $0, seed: $1)
        gan.generatorOptimizer.clipValue = nil
        gan.discriminatorOptimizer.clipValue = nil
        return gan
      },
      Variant(name: "made and real apart") { SeparateBatchesGAN(channels: $0, seed: $1) },
    ]
  }

  /// A training of this variant.
  func training(
    _ book: GANTraining.Recipe, _ pictures: ClassPictures, seed: UInt64
  ) -> GANTraining {
    var recipe = book
    recipe.dataRange = dataRange
    return GANTraining(.init(recipe, pictures, seed: seed), gan: gan(recipe.channels, seed))
  }
}

/// Shows the discriminator generated and real images one after the other, instead of in one batch.
private final class SeparateBatchesGAN: GAN {
  override func trainDiscriminator(real: Tensor) -> Float {
    let count = real.count
    let generated = generator(latentPoints(count))
    let labels = [Float(1), 0].map { label in
      Tensor((0..<count).map { _ in noisy(label) }, shape: [count, 1])
    }
    return (updateDiscriminator(generated, labels[0]) + updateDiscriminator(real, labels[1])) / 2
  }
}
