extension Tensor {
  /// e to the power of each element.
  public func exp() -> Tensor {
    let result = unary(.exp)
    return result.recorded(from: self) { [$0 * result] }
  }

  /// The natural logarithm of each element.
  public func log() -> Tensor {
    let input = detached
    return unary(.log).recorded(from: self) { [$0 / input] }
  }

  /// The square root of each element.
  public func squareRoot() -> Tensor {
    let result = unary(.squareRoot)
    return result.recorded(from: self) { [$0 / (2 * result)] }
  }

  /// The square of each element.
  public func squared() -> Tensor {
    let input = detached
    return unary(.square).recorded(from: self) { [$0 * (2 * input)] }
  }

  /// The absolute value of each element.
  public var magnitude: Tensor {
    let input = detached
    return unary(.magnitude).recorded(from: self) { [$0 * input.sign()] }
  }

  /// One divided by each element.
  public func reciprocal() -> Tensor {
    let result = unary(.reciprocal)
    return result.recorded(from: self) { [-($0 * result * result)] }
  }

  /// -1, 0 or 1 for each element. Not differentiable: no gradient flows.
  public func sign() -> Tensor { unary(.sign) }

  private func unary(_ function: Elementwise.Unary) -> Tensor {
    let result = Tensor(uninitialized: shape, layout: layout)
    Elementwise.unary(function, pointer(in: layout), result.pointer(in: layout), elementCount)
    return result
  }

  /// x for positive x, else `slope` times x.
  public func leakyRectified(slope: Float) -> Tensor {
    let layout = layout
    let result = Tensor(uninitialized: shape, layout: layout)
    let input = detached
    Elementwise.leakyRelu(
      pointer(in: layout), result.pointer(in: layout), elementCount, slope: slope)
    return result.recorded(from: self) { upstream in
      let layout = Tensor.commonLayout(input, upstream)
      let gradient = Tensor(uninitialized: input.shape, layout: layout)
      Elementwise.leakyReluGradient(
        input.pointer(in: layout), upstream.pointer(in: layout), gradient.pointer(in: layout),
        input.elementCount, slope: slope)
      return [gradient]
    }
  }

  /// An activation function of each element, or of each row for softmax.
  public func activated(_ activation: Activation) -> Tensor {
    if activation == .linear { return self }
    // The only one whose derivative does not follow from its value.
    if activation == .swish { return self * activated(.sigmoid) }
    let layout = activation == .softmax ? .rowMajor : layout
    let result = Tensor(uninitialized: shape, layout: layout)
    Elementwise.activate(
      activation, pointer(in: layout), result.pointer(in: layout), elementCount)
    if activation == .softmax {
      RowKernels.softmax(result.pointer, rows: result.rowCount, columns: result.rowLength)
    }
    let recorded = result.recorded(from: self) { [result.activationPullback(activation, $0)] }
    if let input = node { recorded.node?.activation = (activation, input) }
    return recorded
  }

  /// The gradient of an activation's input, from this, its output, and the gradient of the output.
  func activationPullback(_ activation: Activation, _ upstream: Tensor) -> Tensor {
    let layout =
      activation == .softmax ? .rowMajor : Tensor.commonLayout(self, upstream)
    let gradient = Tensor(uninitialized: shape, layout: layout)
    if activation == .softmax {
      RowKernels.softmaxGradient(
        output: pointer, upstream: upstream.pointer, into: gradient.pointer, rows: rowCount,
        columns: rowLength)
    } else {
      Elementwise.activationGradient(
        activation, output: pointer(in: layout), upstream: upstream.pointer(in: layout),
        into: gradient.pointer(in: layout), elementCount)
    }
    return gradient
  }

  /// The extent of the last axis; 1 for a scalar.
  var rowLength: Int { rank == 0 ? 1 : shape[rank - 1] }
  /// The number of rows along the last axis.
  var rowCount: Int { rowLength == 0 ? 0 : elementCount / rowLength }
}

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
