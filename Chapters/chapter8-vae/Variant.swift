import DeepLearning

/// A network of the experiments.
struct Variant {
  let name: String
  let plan: Autoencoder.Plan

  /// The book's network, then what follows from each of its choices.
  static let all = [
    Variant(name: "as printed", plan: .init()),
    corrected("sampling corrected"),
    corrected("no divergence", weight: 0),
    corrected("divergence x 1e-4", weight: 1e-4),
    corrected("divergence x 6.4e-4", weight: 6.4e-4),
    // The bound on the likelihood weighs the sum over both numbers 1/784 as much as the mean over the pixels.
    corrected("divergence x 1.28e-3", weight: 1.28e-3),
    corrected("divergence x 5e-3", weight: 5e-3),
    Variant(
      name: "squared error", plan: .init(rule: .corrected, loss: .meanSquaredError)),
    Variant(name: "ten numbers, plain", plan: .init(rule: nil, latent: 10)),
    Variant(name: "plain autoencoder", plan: .init(rule: nil)),
    // The divergence is a mean over the numbers: five times as many, so five times the weight.
    Variant(
      name: "ten numbers", plan: .init(rule: .corrected, latent: 10, divergenceWeight: 25e-4)),
  ]

  private static func corrected(_ name: String, weight: Float = 5e-4) -> Variant {
    Variant(name: name, plan: .init(rule: .corrected, divergenceWeight: weight))
  }
}
