/// Lays all axes but the batch out in one row.
public final class Flatten: Layer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(name: name) }

  /// The product of all extents.
  public override func build(_ inputs: [Shape]) -> Shape { [inputs[0].elementCount] }

  /// `[batch, elements]`
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.reshaped([x.count, x.shape.droppingFirst.elementCount])
  }
}

/// Gives each sample another shape with as many elements.
public final class Reshape: Layer {
  private let target: Shape

  /// Creates a layer that turns each sample into the given shape, without the batch axis.
  public init(_ target: Shape, name: String? = nil) {
    self.target = target
    super.init(name: name)
  }

  /// The given shape.
  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      target.elementCount == inputs[0].elementCount,
      "\(name): a sample of shape \(inputs[0]) cannot become \(target).")
    return target
  }

  /// `[batch, ...]`
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.reshaped(target.prepending(x.count))
  }
}

/// An activation function as a layer of its own.
public final class ActivationLayer: Layer {
  private let activation: Activation

  /// Creates a layer that applies `activation`.
  public init(_ activation: Activation, name: String? = nil) {
    self.activation = activation
    super.init(name: name, kind: activation.rawValue)
  }

  /// What is skipped stays so.
  public override var passesMask: Bool { true }

  /// Applies the function to each element, or to each row for softmax.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    inputs[0].tensor(for: name).activated(activation)
  }
}

/// x for positive x, else a small multiple of x, so that no unit ever stops learning.
public final class LeakyReLU: Layer {
  private let slope: Float

  /// Creates a layer; `slope` is the factor for negative inputs.
  public init(_ slope: Float = 0.3, name: String? = nil) {
    self.slope = slope
    super.init(name: name, kind: "leaky_re_lu")
  }

  /// What is skipped stays so.
  public override var passesMask: Bool { true }

  /// Applies the function to each element.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    inputs[0].tensor(for: name).leakyRectified(slope: slope)
  }
}
