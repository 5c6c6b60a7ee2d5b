/// Dropout for self-normalizing networks, those of `selu` layers (Klambauer et al., 2017).
///
/// A random share of the elements becomes the value that `selu` has far below zero, and all are then scaled and shifted
/// so that mean 0 and variance 1 stay what they are. Takes and returns tensors of any shape.
///
///     Dense(64, activation: .selu, kernelInitializer: .lecunNormal)
///     AlphaDropout(0.1)
public final class AlphaDropout: Layer {
  private let rate: Float
  /// What `selu` approaches far below zero: -scale · alpha.
  private static let floor: Float = -1.758_099_340_847_376_6

  /// Creates a layer that drops elements with probability `rate`, at least 0 and below 1.
  public init(_ rate: Float, name: String? = nil) {
    require(
      rate >= 0 && rate < 1,
      "A dropout rate lies between 0 and 1, not at \(rate). It is the share that is dropped, such as 0.5."
    )
    self.rate = rate
    super.init(name: name)
  }

  /// What is skipped stays so.
  public override var passesMask: Bool { true }

  /// Drops in training, passes on otherwise.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    guard context.training, rate > 0 else { return x }
    // 1 where an element is kept.
    let kept = (1 - rate) * Tensor.dropoutFactors(x.shape, rate: rate, using: &context.random)
    let floor = Self.floor
    let scale = 1 / ((1 - rate) * (1 + rate * floor * floor)).squareRoot()
    let shift = -scale * floor * rate
    return scale * (x * kept + floor * (1 - kept)) + shift
  }
}
