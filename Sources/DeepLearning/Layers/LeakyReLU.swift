/// x for positive x, else a small multiple of x, so that no unit ever stops learning.
public final class LeakyReLU: Layer {
  private let slope: Float

  /// Creates a layer; `slope` is the factor for negative inputs.
  public init(_ slope: Float = 0.3, name: String? = nil) {
    self.slope = slope
    super.init(name: name, kind: "leaky_re_lu")
  }

  public override var passesMask: Bool { true }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    inputs[0].tensor(for: name).leakyRectified(slope: slope)
  }
}
