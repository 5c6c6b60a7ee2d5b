/// A transposed convolution, which makes images larger where a convolution makes them smaller.
///
/// Takes `[batch, height, width, channels]`, returns `[batch, height · stride, width · stride, filters]` with `same`
/// padding. As in Keras, the kernel is `[height, width, filters, channels]`.
public final class Conv2DTranspose: Layer {
  private let window: SlidingWindow
  private let filters: Int
  private let activation: Activation
  private let usesBias: Bool

  /// The weights that each pixel is multiplied with, `[height, width, filters, channels]`.
  public private(set) var kernel: Parameter?
  /// The weights that are added, `[filters]`.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - filters: the number of output channels.
  ///   - kernel: the extent of what each pixel spreads over.
  ///   - stride: the step from one pixel's spread to the next.
  ///   - padding: with `same` the result is the input times the stride; with `valid` it holds all spreads in full.
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

  /// The geometry of the convolution that leads back from the result.
  private func geometry(_ input: Shape) -> ConvolutionGeometry {
    require(
      input.rank == 4,
      "\(name) takes images [height, width, channels], but got samples of shape \(input.droppingFirst). Put Reshape([height, width, channels]) first."
    )
    func extent(_ input: Int, _ kernel: Int, _ stride: Int) -> Int {
      input * stride + (window.padding == .valid ? max(kernel - stride, 0) : 0)
    }
    let result: Shape = [
      input[0], extent(input[1], window.kernel.height, window.stride.height),
      extent(input[2], window.kernel.width, window.stride.width), filters,
    ]
    return window.geometry(result, filters: input[3], for: name)
  }

  /// Each pixel spreads over a window of the result.
  public override func build(_ inputs: [Shape]) -> Shape {
    let geometry = geometry(inputs[0].prepending(1))
    kernel = addWeight("kernel", shape: geometry.kernelShape)
    if usesBias { bias = addWeight("bias", shape: [filters], initializer: .zeros) }
    return geometry.inputShape.droppingFirst
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let kernel else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let x = inputs[0].tensor(for: name)
    return x.transposeConvolved(
      kernel: kernel.value, bias: bias?.value, geometry(x.shape), activation: activation)
  }
}
