import DeepLearning

/// The book's variational autoencoder, and for the experiments its relatives.
struct Autoencoder {
  /// What kind of autoencoder to make; by default the book's.
  struct Plan: Sendable {
    /// How a point is drawn; nil for a plain autoencoder, which draws none.
    var rule: Sampling.Rule? = .printed
    /// How many numbers describe a picture.
    var latent = 2
    /// What the divergence from the standard normal distribution weighs in the loss.
    var divergenceWeight: Float = 5e-4
    /// How a picture and its reconstruction are compared.
    var loss = Loss.binaryCrossEntropy
  }

  /// From pictures to their reconstructions: what is trained.
  let whole: Model
  /// From pictures to the means of their places in the latent space and, if there are any, the logarithms of their
  /// variances.
  let encoder: Model
  /// From points of the latent space to pictures.
  let decoder: Model

  /// 494,244 parameters in the encoder and 56,385 in the decoder, if the plan is the book's.
  init(_ plan: Plan = Plan(), seed: UInt64) {
    let picture = Input([28, 28, 1])
    var x = Conv2D(32, kernel: 3, padding: .same, activation: .relu)(picture)
    x = Conv2D(64, kernel: 3, stride: 2, padding: .same, activation: .relu)(x)
    x = Conv2D(64, kernel: 3, padding: .same, activation: .relu)(x)
    x = Conv2D(64, kernel: 3, padding: .same, activation: .relu)(x)
    x = Dense(32, activation: .relu)(Flatten()(x))
    let mean = Dense(plan.latent, name: "z_mean")(x)

    var z = mean
    if let rule = plan.rule {
      let logVariance = Dense(plan.latent, name: "z_log_var")(x)
      z = Sampling(rule, divergenceWeight: plan.divergenceWeight)(mean, logVariance)
    }

    x = Dense(14 * 14 * 64, activation: .relu)(z)
    x = Reshape([14, 14, 64])(x)
    x = Conv2DTranspose(32, kernel: 3, stride: 2, padding: .same, activation: .relu)(x)
    x = Conv2D(1, kernel: 3, padding: .same, activation: .sigmoid)(x)

    whole = Model(inputs: picture, outputs: x, seed: seed)
    whole.compile(optimizer: RMSprop(), loss: plan.loss)
    encoder = whole.outputs(of: plan.rule == nil ? ["z_mean"] : ["z_mean", "z_log_var"])
    decoder = whole.starting(after: plan.rule == nil ? "z_mean" : "z")
  }

  /// Where pictures lie: the means, `[pictures, latent]`.
  func means(of pictures: Pixels) -> Tensor {
    whole.outputs(of: ["z_mean"]).predict(pictures, batchSize: 250)
  }

  /// The logarithms of the variances around the means; of a plain autoencoder there are none.
  func logVariances(of pictures: Pixels) -> Tensor {
    whole.outputs(of: ["z_log_var"]).predict(pictures, batchSize: 250)
  }

  /// The pictures at points of the latent space, 784 pixels each, row by row.
  func pictures(at points: [[Float]]) -> [[Float]] {
    if points.isEmpty { return [] }
    let z = Tensor(points.flatMap { $0 }, shape: [points.count, points[0].count])
    let pixels = decoder.predict(z, batchSize: 250).scalars
    let area = pixels.count / points.count
    return points.indices.map { Array(pixels[$0 * area..<($0 + 1) * area]) }
  }
}
