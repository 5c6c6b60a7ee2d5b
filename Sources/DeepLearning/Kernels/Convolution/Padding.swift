/// What lies beyond the border of an image for a convolution or pooling.
public enum Padding: String, Sendable {
  /// Nothing: windows stay inside, and the output is smaller than the input.
  case valid
  /// Zeros, as many as make the output as large as the input divided by the stride; the odd one comes last.
  case same
  /// Zeros before the beginning only, so that no output depends on what comes after it in a sequence.
  case causal

  /// How much is added before and after an axis, as in TensorFlow.
  func amounts(_ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> (Int, Int) {
    if self == .valid { return (0, 0) }
    if self == .causal { return ((kernel - 1) * dilation, 0) }
    let output = (extent + stride - 1) / stride
    let total = max((output - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0)
    return (total / 2, total - total / 2)
  }
}
