/// A convolution of each channel by itself.
///
/// Takes `[batch, height, width, channels]`, returns as many channels; the kernel is `[height, width, channels, 1]`.
public final class DepthwiseConv2D: Layer {
  let window: SlidingWindow
  let activation: Activation
  private let usesBias: Bool

  /// The weights that multiply each channel's patch, `[height, width, channels, 1]`.
  public private(set) var kernel: Parameter?
  /// The weights that are added, `[channels]`.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - kernel: the extent of the window.
  ///   - stride: the step from one window to the next.
  ///   - padding: what lies beyond the border.
  ///   - activation: the function that the outputs go through.
  ///   - usesBias: whether a bias is added.
  ///   - name: a name of your choice.
  public init(
    kernel: Extent2D, stride: Extent2D = 1, padding: Padding = .valid,
    activation: Activation = .linear, usesBias: Bool = true, name: String? = nil
  ) {
    self.activation = activation
    self.usesBias = usesBias
    window = SlidingWindow(kernel, stride, 1, padding)
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let geometry = window.geometry(inputs[0].prepending(1), for: name)
    kernel = addWeight("depthwise_kernel", shape: geometry.kernelShape)
    if usesBias { bias = addWeight("bias", shape: [geometry.channels], initializer: .zeros) }
    return geometry.outputShape.droppingFirst
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let kernel else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let x = inputs[0].tensor(for: name)
    return x.convolved(
      kernel: kernel.value, bias: bias?.value, window.geometry(x.shape, for: name),
      activation: activation)
  }
}
