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
