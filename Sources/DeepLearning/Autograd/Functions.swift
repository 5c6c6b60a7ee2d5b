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

  /// This result, to which relu has been applied, with relu's gradient as a step of its own, which pooling may skip.
  func rectifiedAlready() -> Tensor {
    guard let linear = node else { return self }
    let value = detached
    let rectified = value.recorded(from: self) { [value.activationPullback(.relu, $0)] }
    rectified.node?.activation = (.relu, linear)
    return rectified
  }
}
