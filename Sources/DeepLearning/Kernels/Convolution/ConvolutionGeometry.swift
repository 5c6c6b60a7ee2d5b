/// The extents of a convolution of an image batch, or of its gradients.
///
/// Inputs are `[batch, height, width, channels]`, kernels `[height, width, channels, filters]`, outputs `[batch,
/// height, width, filters]`.
struct ConvolutionGeometry: Hashable {
  var batch, height, width, channels, filters: Int
  let kernel, stride, dilation: Extent2D
  /// Rows above and below, columns left and right, that count as zeros.
  private(set) var top, bottom, left, right: Int
  /// Whether each channel has a kernel of its own, `[height, width, channels, 1]`, and makes one channel.
  let isDepthwise: Bool

  /// - Parameter owner: what the sentence about a kernel that does not fit names.
  init(
    input: Shape, filters: Int, kernel: Extent2D, stride: Extent2D, dilation: Extent2D,
    padding: Padding, isDepthwise: Bool = false
  ) {
    (batch, height, width, channels) = (input[0], input[1], input[2], input[3])
    self.filters = isDepthwise ? input[3] : filters
    (self.kernel, self.stride, self.dilation) = (kernel, stride, dilation)
    self.isDepthwise = isDepthwise
    (top, bottom) = padding.amounts(height, kernel.height, stride.height, dilation.height)
    (left, right) = padding.amounts(width, kernel.width, stride.width, dilation.width)
  }

  var outputHeight: Int {
    (height + top + bottom - (kernel.height - 1) * dilation.height - 1) / stride.height + 1
  }
  var outputWidth: Int {
    (width + left + right - (kernel.width - 1) * dilation.width - 1) / stride.width + 1
  }
  var inputShape: Shape { [batch, height, width, channels] }
  var outputShape: Shape { [batch, outputHeight, outputWidth, filters] }
  var kernelShape: Shape {
    [kernel.height, kernel.width, channels, isDepthwise ? 1 : filters]
  }

  /// The convolution that does to results and gradients what this one, of stride 1, does the other way round: with the
  /// kernel turned by half a circle, and its channels and filters exchanged.
  var mirrored: ConvolutionGeometry {
    var mirror = self
    (mirror.height, mirror.width) = (outputHeight, outputWidth)
    (mirror.channels, mirror.filters) = (filters, channels)
    (mirror.top, mirror.bottom) = (kernel.height - 1 - top, kernel.height - 1 - bottom)
    (mirror.left, mirror.right) = (kernel.width - 1 - left, kernel.width - 1 - right)
    return mirror
  }

  /// The number of multiplications.
  var work: Int {
    batch * outputHeight * outputWidth * filters * kernel.height * kernel.width
      * (isDepthwise ? 1 : channels)
  }
}
