/// An activation function as a layer of its own.
public final class ActivationLayer: Layer {
  private let activation: Activation

  /// Creates a layer that applies `activation`.
  public init(_ activation: Activation, name: String? = nil) {
    self.activation = activation
    super.init(name: name, kind: activation.rawValue)
  }

  public override var passesMask: Bool { true }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    inputs[0].tensor(for: name).activated(activation)
  }
}
