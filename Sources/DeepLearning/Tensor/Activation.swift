/// The non-linear functions that a layer can end in, as in Keras 2.0.
public enum Activation: String, CaseIterable, Sendable {
  /// x itself.
  case linear
  /// max(x, 0)
  case relu
  /// 1 / (1 + exp(-x))
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// exp(x) divided by the sum of exp over the last axis.
  case softmax
  /// clip(0.2 x + 0.5, 0, 1), the gate of Keras 2.0's recurrent layers.
  case hardSigmoid = "hard_sigmoid"
  /// x for positive x, else exp(x) - 1.
  case elu
  /// Scaled elu (Klambauer et al., 2017).
  case selu
  /// log(1 + exp(x))
  case softplus
  /// x / (1 + |x|)
  case softsign
  /// min(max(x, 0), 6)
  case relu6
  /// x · sigmoid(x) (Ramachandran et al., 2017)
  case swish
}
