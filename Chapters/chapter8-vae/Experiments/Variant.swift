import DeepLearning

/// A network of the experiments.
struct Variant: Sendable {
  let name: String
  /// What the divergence from the standard normal distribution weighs in the loss.
  var divergenceWeight: Float = 5e-4
  /// How many numbers describe a picture.
  var latentSize = 2
  /// Whether it is a plain autoencoder, which draws no points.
  var isPlain = false
  /// How a picture and its reconstruction are compared.
  var loss = Loss.binaryCrossEntropy

  /// What follows from each of the book's choices, with the sampling corrected but in the first.
  static let all = [
    Variant(name: asPrinted),
    Variant(name: "sampling corrected"),
    Variant(name: "no divergence", divergenceWeight: 0),
    Variant(name: "divergence x 1e-4", divergenceWeight: 1e-4),
    Variant(name: "divergence x 6.4e-4", divergenceWeight: 6.4e-4),
    // The bound on the likelihood weighs the sum over both numbers 1/784 as much as the mean over the pixels.
    Variant(name: "divergence x 1.28e-3", divergenceWeight: 1.28e-3),
    Variant(name: "divergence x 5e-3", divergenceWeight: 5e-3),
    Variant(name: "squared error", loss: .meanSquaredError),
    Variant(name: "ten numbers, plain", latentSize: 10, isPlain: true),
    Variant(name: "plain autoencoder", isPlain: true),
    // The divergence is a mean over the numbers: five times as many, so five times the weight.
    Variant(name: "ten numbers", divergenceWeight: 25e-4, latentSize: 10),
  ]

  private static let asPrinted = "as printed"

  /// The compiled network.
  func network(seed: UInt64) -> VariationalAutoencoder {
    if isPlain { return .plain(latentSize: latentSize, seed: seed) }
    if name == Self.asPrinted { return VariationalAutoencoder(seed: seed) }
    let vae = VariationalAutoencoder(
      latentSize: latentSize, sampling: CorrectedSampling(divergenceWeight: divergenceWeight),
      seed: seed)
    vae.whole.compile(optimizer: RMSprop(), loss: loss)
    return vae
  }
}

extension VariationalAutoencoder {
  /// The same encoder and decoder without a draw between them.
  static func plain(latentSize: Int = 2, seed: UInt64) -> VariationalAutoencoder {
    let image = Input([28, 28, 1])
    let z = Dense(latentSize, name: "z_mean")(features(of: image))
    let whole = Model(inputs: image, outputs: self.image(at: z), seed: seed)
    whole.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy)
    return VariationalAutoencoder(
      whole: whole, encoder: whole.outputs(of: ["z_mean"]), decoder: whole.starting(after: "z_mean")
    )
  }
}
