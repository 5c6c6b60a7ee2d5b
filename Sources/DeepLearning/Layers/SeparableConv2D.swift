/// A convolution of each channel by itself, then one of kernel 1 x 1 across channels.
///
/// Does nearly what a `Conv2D` does with far fewer weights (Chollet, 2016). Takes `[batch, height, width, channels]`,
/// returns `[batch, height, width, filters]`.
public final class SeparableConv2D: Layer {
  private let window: SlidingWindow
  private let filters: Int
  private let activation: Activation
  private let usesBias: Bool

  /// The weights that multiply each channel's patch, `[height, width, channels, 1]`.
  public private(set) var depthwiseKernel: Parameter?
  /// The weights that mix channels, `[1, 1, channels, filters]`.
  public private(set) var pointwiseKernel: Parameter?
  /// The weights that are added, `[filters]`.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - filters: the number of output channels.
  ///   - kernel: the extent of the window.
  ///   - stride: the step from one window to the next.
  ///   - padding: what lies beyond the border.
  ///   - activation: the function that the outputs go through.
  ///   - usesBias: whether a bias is added.
  ///   - name: a name of your choice.
  public init(
    _ filters: Int, kernel: Extent2D, stride: Extent2D = 1, padding: Padding = .valid,
    activation: Activation = .linear, usesBias: Bool = true, name: String? = nil
  ) {
    requireFilters(filters, name)
    self.filters = filters
    self.activation = activation
    self.usesBias = usesBias
    window = SlidingWindow(kernel, stride, 1, padding)
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let geometry = window.geometry(inputs[0].prepending(1), for: name)
    depthwiseKernel = addWeight("depthwise_kernel", shape: geometry.kernelShape)
    pointwiseKernel = addWeight("pointwise_kernel", shape: [1, 1, geometry.channels, filters])
    if usesBias { bias = addWeight("bias", shape: [filters], initializer: .zeros) }
    return [geometry.outputHeight, geometry.outputWidth, filters]
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let depthwiseKernel, let pointwiseKernel else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let x = inputs[0].tensor(for: name)
    let each = x.convolved(
      kernel: depthwiseKernel.value, bias: nil, window.geometry(x.shape, for: name))
    return each.convolved(
      kernel: pointwiseKernel.value, bias: bias?.value,
      SlidingWindow(1, 1, 1, .valid).geometry(each.shape, filters: filters, for: name),
      activation: activation)
  }
}
