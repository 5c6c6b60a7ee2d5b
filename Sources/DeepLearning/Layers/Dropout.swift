/// Sets a random share of the elements to zero during training (Srivastava et al., 2014).
///
/// What is kept is scaled up by 1/(1 - rate), so that nothing needs to change outside of training.
public final class Dropout: Layer {
  private let rate: Float

  /// Creates a layer that drops elements with probability `rate`, at least 0 and below 1.
  public init(_ rate: Float, name: String? = nil) {
    require(
      rate >= 0 && rate < 1,
      "A dropout rate lies between 0 and 1, not at \(rate). It is the share that is dropped, such as 0.5."
    )
    self.rate = rate
    super.init(name: name)
  }

  public override var passesMask: Bool { true }

  /// Drops in training, passes on otherwise.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    guard context.training, rate > 0 else { return x }
    return x * .dropoutFactors(x.shape, rate: rate, using: &context.random)
  }
}

extension Tensor {
  /// 0 with probability `rate`, else 1/(1 - rate).
  static func dropoutFactors(
    _ shape: Shape, rate: Float, using random: inout RandomGenerator
  ) -> Tensor {
    let scale = 1 / (1 - rate)
    let threshold = UInt32(Double(rate) * 0x1p32)
    return Tensor(shape: shape) { buffer in
      var bits: UInt64 = 0
      for i in buffer.indices {
        // Each draw serves two elements.
        bits = i & 1 == 0 ? random.next() : bits >> 32
        buffer[i] = UInt32(truncatingIfNeeded: bits) < threshold ? 0 : scale
      }
    }
  }
}
