/// The distribution from which a weight's initial value is drawn.
public enum Initializer: Sendable {
  /// All zeros, the default of biases.
  case zeros
  /// All ones.
  case ones
  /// Zeros, but ones for the second of four blocks: an LSTM's forget gates start open (Jozefowicz et al., 2015).
  case openForgetGates
  /// Uniform between ±√(6 / (fan in + fan out)), the default of kernels (Glorot and Bengio, 2010).
  case glorotUniform
  /// Uniform between ±limit, the default of embeddings with 0.05.
  case uniform(limit: Float)
  /// A matrix whose rows (or columns, if there are fewer) are perpendicular and of length 1, the default of
  /// recurrent kernels (Saxe et al., 2013).
  case orthogonal
  /// Normal around 0.
  case normal(standardDeviation: Float)
  /// Normal around 0 with the standard deviation √(1 / fan in), nothing beyond two deviations: for `selu` (LeCun et
  /// al., 1998).
  case lecunNormal

  /// Draws a value.
  ///
  /// - Parameter shape: the last two axes are inputs and outputs, those before them a receptive field.
  func draw(_ shape: Shape, using random: inout RandomGenerator) -> Tensor {
    switch self {
    case .zeros: return .zeros(shape)
    case .ones: return .ones(shape)
    case .openForgetGates:
      let block = shape.elementCount / 4
      return Tensor(shape: shape) { target in
        for i in target.indices { target[i] = i / max(block, 1) == 1 ? 1 : 0 }
      }
    case .glorotUniform:
      let limit = Initializer.glorotLimit(shape)
      return .uniform(shape, in: -limit..<limit, using: &random)
    case .uniform(let limit): return .uniform(shape, in: -limit..<limit, using: &random)
    case .orthogonal: return .orthogonal(shape, using: &random)
    case .normal(let deviation):
      return .normal(shape, standardDeviation: deviation, using: &random)
    case .lecunNormal: return Initializer.truncatedNormal(shape, using: &random)
    }
  }

  /// Redraws what lies beyond two deviations; what is left deviates less, by a factor that is made up for.
  private static func truncatedNormal(
    _ shape: Shape, using random: inout RandomGenerator
  ) -> Tensor {
    let fanIn = shape.rank < 2 ? shape.elementCount : shape.dropLast().reduce(1, *)
    let deviation = (1 / Float(max(fanIn, 1))).squareRoot() / 0.879_625_66
    return Tensor(shape: shape) { target in
      for i in target.indices {
        var value = random.normal()
        while abs(value) > 2 { value = random.normal() }
        target[i] = deviation * value
      }
    }
  }

  /// √(6 / (fan in + fan out)); the fans of a convolution count its receptive field.
  static func glorotLimit(_ shape: Shape) -> Float {
    guard shape.rank >= 2 else { return (3 / Float(max(shape.elementCount, 1))).squareRoot() }
    let field = shape.dropLast(2).reduce(1, *)
    let fans = field * (shape[shape.rank - 2] + shape[shape.rank - 1])
    return (6 / Float(max(fans, 1))).squareRoot()
  }
}
