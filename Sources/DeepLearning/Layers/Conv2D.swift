/// A two-dimensional convolution: `activation(input * kernel + bias)`.
///
/// Takes `[batch, height, width, channels]`, returns `[batch, height, width, filters]`. Follows Keras: the kernel is
/// `[height, width, channels, filters]`, and `same` padding puts the odd zero last.
///
///     Conv2D(32, kernel: 3, activation: .relu)
public final class Conv2D: Layer {
  let window: SlidingWindow
  private let filters: Int
  let activation: Activation
  private let usesBias: Bool
  private let kernelInitializer: Initializer
  private let kernelRegularizer: Regularizer?

  /// The weights that multiply a patch of the input, `[height, width, channels, filters]`.
  public private(set) var kernel: Parameter?
  /// The weights that are added, `[filters]`.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - filters: the number of output channels.
  ///   - kernel: the extent of the window, such as `3` or `[3, 5]`.
  ///   - stride: the step from one window to the next.
  ///   - padding: what lies beyond the border.
  ///   - dilation: the step from one pixel of a window to the next.
  ///   - activation: the function that the outputs go through.
  ///   - usesBias: whether a bias is added.
  ///   - kernelInitializer: the distribution of the initial kernel.
  ///   - kernelRegularizer: a penalty on the kernel.
  ///   - name: a name of your choice.
  public init(
    _ filters: Int, kernel: Extent2D, stride: Extent2D = 1, padding: Padding = .valid,
    dilation: Extent2D = 1, activation: Activation = .linear, usesBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, kernelRegularizer: Regularizer? = nil,
    name: String? = nil
  ) {
    requireFilters(filters, name)
    self.filters = filters
    self.activation = activation
    self.usesBias = usesBias
    self.kernelInitializer = kernelInitializer
    self.kernelRegularizer = kernelRegularizer
    window = SlidingWindow(kernel, stride, dilation, padding)
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let geometry = window.geometry(inputs[0].prepending(1), filters: filters, for: name)
    kernel = addWeight("kernel", shape: geometry.kernelShape, initializer: kernelInitializer)
    if usesBias { bias = addWeight("bias", shape: [filters], initializer: .zeros) }
    return geometry.outputShape.droppingFirst
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let kernel else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let x = inputs[0].tensor(for: name)
    return x.convolved(
      kernel: kernel.value, bias: bias?.value,
      window.geometry(x.shape, filters: filters, for: name), activation: activation)
  }

  public override func penalty() -> Tensor? {
    guard let kernel, let kernelRegularizer else { return nil }
    return kernelRegularizer.penalty(kernel.value)
  }
}
