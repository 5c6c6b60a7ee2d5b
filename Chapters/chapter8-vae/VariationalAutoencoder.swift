// Section 8.4: a map of all digits.
//
// An encoder says where on a plane a digit lies, and how exactly that can be told; a point is drawn there, and a
// decoder makes a digit of it again. As each digit is spread over a neighbourhood, and all of them are pulled
// together, one digit turns into another on the way between them. Whether every point becomes a digit is measured by
// the experiments.

import DeepLearning
import Foundation

/// Draws a point from the normal distribution that the encoder describes by its mean and the logarithm of its variance.
///
/// The layer also adds to the loss how far that distribution is from the standard normal one (the Kullback-Leibler
/// divergence), as the book's last layer does.
class Sampling: Layer {
  private let divergenceWeight: Float

  init(divergenceWeight: Float = 5e-4) {
    self.divergenceWeight = divergenceWeight
    super.init(name: "z")
  }

  /// The standard deviation as the book prints it, which takes the logarithm of a variance for that of a deviation.
  func deviation(_ logVariance: Tensor) -> Tensor { logVariance.exp() }

  /// μ + σ·ε
  func point(mean: Tensor, logVariance: Tensor, epsilon: Tensor) -> Tensor {
    mean + deviation(logVariance) * epsilon
  }

  /// −mean(1 + lv − μ² − e^lv): twice the divergence from the standard normal distribution, per number, in nats.
  static func divergence(mean: Tensor, logVariance: Tensor) -> Tensor {
    -(1 + logVariance - mean.squared() - logVariance.exp()).mean()
  }

  /// A point with a new ε each time, in training and in validation.
  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let (mean, logVariance) = (inputs[0].tensor(for: name), inputs[1].tensor(for: name))
    context.addLoss(divergenceWeight * Self.divergence(mean: mean, logVariance: logVariance))
    return point(
      mean: mean, logVariance: logVariance,
      epsilon: .normal(mean.shape, using: &context.random))
  }
}

/// The book's variational autoencoder: 494,244 parameters in the encoder and 56,385 in the decoder.
struct VariationalAutoencoder {
  /// From images to their reconstructions: what is trained.
  let whole: Model
  /// From images to the means of their points in the latent space and the logarithms of their variances.
  let encoder: Model
  /// From points of the latent space to images.
  let decoder: Model

  init(latentSize: Int = 2, sampling: Sampling = Sampling(), seed: UInt64) {
    let image = Input([28, 28, 1])
    let features = Self.features(of: image)
    let mean = Dense(latentSize, name: "z_mean")(features)
    let logVariance = Dense(latentSize, name: "z_log_var")(features)
    let z = sampling(mean, logVariance)

    whole = Model(inputs: image, outputs: Self.image(at: z), seed: seed)
    whole.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy)
    encoder = whole.outputs(of: ["z_mean", "z_log_var"])
    decoder = whole.starting(after: "z")
  }

  init(whole: Model, encoder: Model, decoder: Model) {
    (self.whole, self.encoder, self.decoder) = (whole, encoder, decoder)
  }

  /// The encoder up to its last layer but one.
  static func features(of image: SymbolicTensor) -> SymbolicTensor {
    var x = Conv2D(32, kernel: 3, padding: .same, activation: .relu)(image)
    x = Conv2D(64, kernel: 3, stride: 2, padding: .same, activation: .relu)(x)
    x = Conv2D(64, kernel: 3, padding: .same, activation: .relu)(x)
    x = Conv2D(64, kernel: 3, padding: .same, activation: .relu)(x)
    return Dense(32, activation: .relu)(Flatten()(x))
  }

  /// The decoder.
  static func image(at z: SymbolicTensor) -> SymbolicTensor {
    var x = Dense(14 * 14 * 64, activation: .relu)(z)
    x = Reshape([14, 14, 64])(x)
    x = Conv2DTranspose(32, kernel: 3, stride: 2, padding: .same, activation: .relu)(x)
    return Conv2D(1, kernel: 3, padding: .same, activation: .sigmoid)(x)
  }

  /// Learns to reconstruct images, without labels.
  func fit(
    _ train: Pixels, test: Pixels, epochs: Int = 10, batchSize: Int = 16,
    resuming past: History = History(), callbacks: [any Callback] = []
  ) throws -> History {
    try whole.fit(
      train, train, epochs: epochs, batchSize: batchSize, validation: (test, test), resuming: past,
      callbacks: callbacks)
  }

  /// The images at points of the latent space, `[points, 28, 28, 1]`.
  func images(at points: [[Float]]) -> Tensor {
    let latentSize = decoder.inputShapes[0].elementCount
    let z = Tensor(points.flatMap { $0 }, shape: [points.count, latentSize])
    return decoder.predict(z, batchSize: 250)
  }

  /// The images at the points of a grid over the first two numbers of the latent space, like a map.
  ///
  /// Equal shares of a normal distribution lie between the points: they are closest in the middle, as the images are.
  /// As in the book, the second number grows downwards.
  ///
  /// - Parameters:
  ///   - count: how many images along a side.
  ///   - center: the middle of the distribution; by default 0.
  ///   - spread: its standard deviation along each axis; by default 1.
  func manifold(_ count: Int, center: [Float]? = nil, spread: [Float]? = nil) -> Tensor {
    let latentSize = decoder.inputShapes[0].elementCount
    let quantiles = Self.quantiles(count)
    let points = quantiles.flatMap { y in
      quantiles.map { x in
        var point = center ?? Array(repeating: 0, count: latentSize)
        for (axis, quantile) in zip(0..<latentSize, [x, y]) {
          point[axis] += Float(quantile) * (spread?[axis] ?? 1)
        }
        return point
      }
    }
    return images(at: points)
  }

  /// The book's places along an axis: the inverse normal distribution of 0.05 to 0.95 in equal steps.
  static func quantiles(_ count: Int) -> [Double] {
    (0..<count).map { normalQuantile(0.05 + 0.9 * Double($0) / Double(max(count - 1, 1))) }
  }

  /// The number below which a standard normal number lies with a probability, found by bisection.
  private static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-10.0, 10.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }
}
