/// A convolution over time: `activation(input * kernel + bias)`.
///
/// Takes `[batch, time, channels]`, returns `[batch, time, filters]`; the kernel is `[time, channels, filters]`.
public final class Conv1D: Layer {
  private let window: SlidingWindow
  private let filters: Int
  private let activation: Activation
  private let usesBias: Bool
  private let kernelInitializer: Initializer

  /// The weights that multiply a stretch of the input, `[time, channels, filters]`.
  public private(set) var kernel: Parameter?
  /// The weights that are added, `[filters]`.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - filters: the number of output channels.
  ///   - kernel: the length of the window.
  ///   - stride: the step from one window to the next.
  ///   - padding: what lies beyond the ends.
  ///   - dilation: the step from one time step of a window to the next.
  ///   - activation: the function that the outputs go through.
  ///   - usesBias: whether a bias is added.
  ///   - kernelInitializer: the distribution of the initial kernel.
  ///   - name: a name of your choice.
  public init(
    _ filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, dilation: Int = 1,
    activation: Activation = .linear, usesBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, name: String? = nil
  ) {
    requireFilters(filters, name)
    self.filters = filters
    self.activation = activation
    self.usesBias = usesBias
    self.kernelInitializer = kernelInitializer
    window = SlidingWindow([1, kernel], [1, stride], [1, dilation], padding)
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let geometry = window.geometry(
      inputs[0].asImages(for: name).prepending(1), filters: filters, for: name)
    kernel = addWeight(
      "kernel", shape: geometry.kernelShape.droppingFirst, initializer: kernelInitializer)
    if usesBias { bias = addWeight("bias", shape: [filters], initializer: .zeros) }
    return geometry.outputShape.droppingFirst.droppingFirst
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let kernel else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let x = inputs[0].tensor(for: name)
    let images = Shape([x.shape[0], 1] + x.shape.droppingFirst)
    return x.convolvedOverTime(
      kernel: kernel.value, bias: bias?.value,
      window.geometry(images, filters: filters, for: name), activation: activation)
  }
}
