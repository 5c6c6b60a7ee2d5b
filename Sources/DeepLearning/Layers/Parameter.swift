/// A weight of a layer: a named tensor that training changes.
public final class Parameter {
  /// The name within the model, such as `dense_1/kernel`.
  public internal(set) var name: String
  /// The current value.
  public var value: Tensor
  /// Whether training changes the value; moving averages are kept by their layer instead.
  public internal(set) var isTrainable = true
  /// How the value is drawn when the model is built.
  let initializer: Initializer

  /// Creates a weight; its value is drawn when the model that it belongs to is created.
  ///
  /// - Parameters:
  ///   - name: the name within the layer, such as `kernel`.
  ///   - shape: the extents.
  ///   - initializer: the distribution of the initial value.
  public init(_ name: String, shape: Shape, initializer: Initializer) {
    self.name = name
    self.initializer = initializer
    value = .zeros(shape)
  }

  /// The extents of the value.
  public var shape: Shape { value.shape }
}

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

  /// Draws anew what lies beyond two deviations; what is left deviates less, by a factor that is made up for.
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

/// A penalty on large weights, added to the loss in training *and* evaluation, as in Keras.
public struct Regularizer: Sendable {
  let l1: Float
  let l2: Float

  /// λ·Σ|w|
  public static func l1(_ strength: Float) -> Regularizer { .init(l1: strength, l2: 0) }
  /// λ·Σw²
  public static func l2(_ strength: Float) -> Regularizer { .init(l1: 0, l2: strength) }
  /// λ₁·Σ|w| + λ₂·Σw²
  public static func l1l2(_ l1: Float, _ l2: Float) -> Regularizer { .init(l1: l1, l2: l2) }

  /// The penalty, a differentiable scalar.
  func penalty(_ weight: Tensor) -> Tensor {
    let value = weight.detached
    let sum =
      (l1 == 0 ? 0 : l1 * value.magnitude.sum().item)
      + (l2 == 0 ? 0 : l2 * value.squared().sum().item)
    return Tensor.scalar(sum).recorded(from: weight) { upstream in
      [upstream.item * (l1 * value.sign() + 2 * l2 * value)]
    }
  }
}
