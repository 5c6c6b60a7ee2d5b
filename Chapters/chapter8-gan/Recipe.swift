import ArgumentParser
import DeepLearning

/// What the pictures' darkest and brightest become for the networks.
enum DataRange: String, Codable, CaseIterable, ExpressibleByArgument {
  /// 0 and 1, as printed.
  case unit
  /// -1 and 1, all that a tanh can reach.
  case tanh

  /// Pictures from 0 to 1 as the networks are to see them.
  func encoded(_ pictures: Tensor) -> Tensor { self == .unit ? pictures : pictures * 2 - 1 }

  /// What the generator makes, as pictures; numbers below 0 and above 1 are cut off when they are drawn.
  func decoded(_ made: Tensor) -> Tensor { self == .unit ? made : made * 0.5 + 0.5 }
}

/// How the two networks are made and trained; by default as the book does.
struct Recipe: Codable, Equatable {
  /// The numbers that the generator makes a picture from.
  static let latentSize = 32

  var dataRange = DataRange.unit
  /// Labels are raised by up to so much, by chance.
  var labelNoise: Float = 0.05
  /// The discriminator's dropout.
  var dropout: Float = 0.4
  /// The LeakyReLUs' factor for negative numbers; 0 makes them ReLUs.
  var slope: Float = 0.3
  /// Gradients are clipped to ± this.
  var clipValue: Float? = 1
  /// Whether made and real pictures are shown to the discriminator in one batch or one after the other.
  var mixesBatches = true
  /// The channels of the generator's convolutions; the discriminator's have half as many.
  var channels = 256
  /// How many made and how many real pictures there are in a step.
  var batchSize = 20

  /// Whether there are such networks; a damaged file might ask for anything.
  var isPossible: Bool {
    (2...1024).contains(channels) && (1...1 << 20).contains(batchSize) && (0..<1).contains(dropout)
      && slope.isFinite && labelNoise.isFinite
  }

  /// Makes a picture of 32 x 32 pixels from 32 numbers: 6,264,579 parameters.
  func generator(seed: UInt64) -> Sequential {
    Sequential(input: [Self.latentSize], seed: seed) {
      Dense(16 * 16 * (channels / 2))
      LeakyReLU(slope)
      Reshape([16, 16, channels / 2])
      Conv2D(channels, kernel: 5, padding: .same)
      LeakyReLU(slope)
      // The kernel's extent is a multiple of the stride, or else the picture would show a chessboard.
      Conv2DTranspose(channels, kernel: 4, stride: 2, padding: .same)
      LeakyReLU(slope)
      Conv2D(channels, kernel: 5, padding: .same)
      LeakyReLU(slope)
      Conv2D(channels, kernel: 5, padding: .same)
      LeakyReLU(slope)
      Conv2D(3, kernel: 7, padding: .same, activation: .tanh)
    }
  }

  /// Tells made pictures (1) from real ones (0): 790,913 parameters.
  func discriminator(seed: UInt64) -> Sequential {
    let channels = channels / 2
    return Sequential(input: [32, 32, 3], seed: seed) {
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

  /// The rule by which a network is changed.
  func optimizer(learningRate: Float) -> RMSprop {
    let optimizer = RMSprop(learningRate: learningRate, decay: 1e-8)
    optimizer.clipValue = clipValue
    return optimizer
  }
}
