/// Convolutions with few filters, such as the last of a network that draws.
///
/// A matrix of patches of the image would be large and its product narrow. The other way round, each pixel times the
/// whole kernel makes a patch of the result; patches are small, and are added up where they overlap. That is what
/// ``Im2colConvolution`` does to gradients; so this convolution's result is the gradient of its mirror image, and its
/// gradient the mirror's result, for which the engine chooses an algorithm.
struct TransposedConvolution: ConvolutionAlgorithm {
  private let geometry, mirror: ConvolutionGeometry

  /// Nil if the convolution has no such counterpart.
  init?(_ g: ConvolutionGeometry) {
    guard g.stride == 1, g.dilation == 1, !g.isDepthwise, g.outputShape.elementCount > 0
    else { return nil }
    (geometry, mirror) = (g, g.mirrored)
  }

  /// Whether there are so few filters, and so many channels, that it pays.
  static func isFastest(_ g: ConvolutionGeometry) -> Bool {
    g.filters < Layout.block && g.channels >= 2 * Layout.block
  }

  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    let result = Tensor.zeros(geometry.outputShape)
    let turned = turned(kernel.pointer)
    Im2colConvolution.inputGradient(input.pointer, turned.buffer, result.pointer, mirror)
    withExtendedLifetime((input, kernel, turned)) {}
    return result.addingBias(bias, isRectified: isRectified)
  }

  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
    let turned = Tensor(shape: mirror.kernelShape, storage: turned(kernel.pointer))
    withExtendedLifetime(kernel) {}
    return Convolution.forward(upstream, turned, bias: nil, isRectified: false, mirror)
  }

  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?) {
    let gradient = Convolution.kernelGradient(upstream, input, hasBias: false, mirror).kernel
    let turned = Self.turned(
      gradient.pointer, taps: taps, channels: mirror.channels, filters: mirror.filters)
    withExtendedLifetime(gradient) {}
    return (
      Tensor(shape: geometry.kernelShape, storage: turned),
      hasBias ? upstream.summedOverPixels() : nil
    )
  }

  private var taps: Int { geometry.kernel.height * geometry.kernel.width }

  private func turned(_ kernel: UnsafePointer<Float>) -> Storage {
    Self.turned(
      kernel, taps: taps, channels: geometry.channels, filters: geometry.filters)
  }

  /// A kernel turned by half a circle, channels and filters exchanged.
  static func turned(
    _ kernel: UnsafePointer<Float>, taps: Int, channels: Int, filters: Int
  ) -> Storage {
    let result = Storage(count: taps * channels * filters)
    let target = result.buffer
    // Some filters at a time: their lines of the result stay in the cache.
    let stretches = (filters + 15) / 16
    let grain = max((1 << 13) / max(channels * 16, 1), 1)
    Parallel.ranges(taps * stretches, grain: grain, alignment: 1) { range in
      for item in range {
        let (tap, first) = (item / stretches, item % stretches * 16)
        let (from, to) = (tap * channels * filters, (taps - 1 - tap) * channels * filters)
        for channel in 0..<channels {
          for filter in first..<min(first + 16, filters) {
            target[to + filter * channels + channel] = kernel[from + channel * filters + filter]
          }
        }
      }
    }
    return result
  }
}
