import ArgumentParser
import DeepLearning

/// The heart of a variational autoencoder: draws a point from where the encoder says that a picture may lie.
///
/// The encoder's two answers are the mean of a normal distribution and the logarithm of its variance. The layer also
/// adds to the loss how far that distribution is from the standard normal one (the Kullback-Leibler divergence), as
/// the book's last layer does.
final class Sampling: Layer {
  /// How far from the mean a point is drawn.
  enum Rule: String, CaseIterable, ExpressibleByArgument, Codable {
    /// ε · exp(z_log_var), as the book prints it: takes the logarithm of a variance for that of a deviation.
    case printed
    /// ε · exp(z_log_var / 2): the square root of the variance.
    case corrected

    var formula: String {
      switch self {
      case .printed: "exp(z_log_var), as printed"
      case .corrected: "exp(z_log_var / 2), corrected"
      }
    }

    /// The standard deviation that the rule makes of the logarithm of a variance.
    func deviation(_ logVariance: Tensor) -> Tensor {
      switch self {
      case .printed: logVariance.exp()
      case .corrected: (logVariance / 2).exp()
      }
    }

    /// μ + σ·ε
    func point(mean: Tensor, logVariance: Tensor, epsilon: Tensor) -> Tensor {
      mean + deviation(logVariance) * epsilon
    }
  }

  private let rule: Rule
  private let divergenceWeight: Float

  init(_ rule: Rule, divergenceWeight: Float) {
    (self.rule, self.divergenceWeight) = (rule, divergenceWeight)
    super.init(name: "z")
  }

  /// −mean(1 + lv − μ² − e^lv): twice the divergence from the standard normal distribution, per number, in nats.
  static func divergence(mean: Tensor, logVariance: Tensor) -> Tensor {
    -(1 + logVariance - mean.squared() - logVariance.exp()).mean()
  }

  /// A point with an ε drawn anew each time, in training and in validation.
  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let (mean, logVariance) = (inputs[0].tensor(for: name), inputs[1].tensor(for: name))
    context.addLoss(divergenceWeight * Self.divergence(mean: mean, logVariance: logVariance))
    return rule.point(
      mean: mean, logVariance: logVariance,
      epsilon: .normal(mean.shape, using: &context.random))
  }
}
