import ArgumentParser
import DeepLearning

/// How far from the mean a point is drawn.
enum SamplingRule: String, CaseIterable, ExpressibleByArgument {
  /// ε · exp(z_log_var), as the book prints it.
  case printed
  /// ε · exp(z_log_var / 2): the square root of the variance.
  case corrected

  var formula: String {
    switch self {
    case .printed: "exp(z_log_var), as printed"
    case .corrected: "exp(z_log_var / 2), corrected"
    }
  }

  /// The layer that draws by the rule.
  var layer: Sampling { self == .printed ? Sampling() : CorrectedSampling() }
}

/// Draws with the standard deviation that the logarithm of the variance stands for.
final class CorrectedSampling: Sampling {
  override func deviation(_ logVariance: Tensor) -> Tensor { (logVariance / 2).exp() }
}
