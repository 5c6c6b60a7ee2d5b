import CVector

/// The algorithm on tensors, and when it pays.
extension WinogradConvolution: ConvolutionAlgorithm {
  /// Whether the algorithm pays, as far as can be told without measuring.
  ///
  /// Along each axis a number of a tile costs the transformations as much time as about 10 multiplications. A large
  /// kernel becomes too large for any cache: reading it takes longer than the products of a few tiles.
  ///
  /// - Parameter product: what is to be computed; the input's gradient is the result of the mirrored convolution.
  func isFastest(for product: ConvolutionTask.Product) -> Bool {
    if product == .inputGradient, let mirror = WinogradConvolution(g.mirrored) {
      return mirror.isFastest(for: .forward)
    }
    let tiles = g.batch * tileRows * tileColumns
    if tiles < 8 && g.channels * g.filters >= 1 << 16 { return false }
    let points = tiles * pointCount
    #if OneDNN
      // oneDNN's tiles yield 4 x 4 results for 36 multiplications: less waste at the borders of small images.
      if g.kernel == 3 && OneDNN.hasWinograd
        && g.batch * ((g.outputHeight + 3) / 4) * ((g.outputWidth + 3) / 4) * 36 < points
      {
        return false
      }
    #endif
    let axes = g.kernel.height == 1 || g.kernel.width == 1 ? 1 : 2
    return points * (g.channels * g.filters + 10 * axes * (g.channels + g.filters)) < g.work
  }

  /// `[batch, height, width, filters]` in the layout of convolutions.
  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    let layout = Layout.ofConvolutions(g.outputShape)
    let result = Tensor(uninitialized: g.outputShape, layout: layout)
    withPoints(of: kernel) { points in
      forward(
        ImageMemory(input), points, bias: bias.map { Source($0.pointer) },
        isRectified: isRectified, ImageMemory(result))
    }
    withExtendedLifetime((input, bias)) {}
    return result
  }

  /// `[batch, height, width, channels]` in the layout of convolutions.
  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
    guard let mirror = WinogradConvolution(g.mirrored) else { fail("Every kernel has a mirror.") }
    let layout = Layout.ofConvolutions(g.inputShape)
    let result = Tensor(uninitialized: g.inputShape, layout: layout)
    mirror.withPoints(of: kernel, isTurned: true) { points in
      mirror.forward(
        ImageMemory(upstream), points, bias: nil, isRectified: false, ImageMemory(result))
    }
    withExtendedLifetime(upstream) {}
    return result
  }

  /// `[height, width, channels, filters]`
  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?) {
    let result = Tensor(uninitialized: g.kernelShape)
    kernelGradient(ImageMemory(input), ImageMemory(upstream), result.pointer)
    withExtendedLifetime((input, upstream)) {}
    return (result, hasBias ? upstream.summedOverPixels() : nil)
  }

  /// What a transformed kernel is known by: memory may hold several kernels.
  private struct KernelPoints: Hashable {
    let shape: Shape
    let offset: Int
    let isTurned: Bool
  }

  /// Calls `body` with the kernel at the points: computed once for as long as it does not change, but each time where
  /// it is large, which takes less than a tenth of the time.
  ///
  /// - Parameter isTurned: whether the kernel is turned by half a circle first, its channels and filters exchanged.
  private func withPoints(of kernel: Tensor, isTurned: Bool = false, _ body: (Source) -> Void) {
    let plain = kernel.pointer
    func transform(into points: Target) {
      if isTurned {
        let turned = TransposedConvolution.turned(
          plain, taps: g.kernel.height * g.kernel.width, channels: g.filters, filters: g.channels)
        self.transform(turned.buffer, into: points)
        withExtendedLifetime(turned) {}
      } else {
        self.transform(plain, into: points)
      }
    }
    if g.kernel == 3 && g.channels * g.filters > 1 << 15 {
      let scratch = ScratchMemory(bytes: kernelPointCount * 4)
      transform(into: scratch.pointer)
      body(scratch.pointer)
      return withExtendedLifetime((kernel, scratch)) {}
    }
    let order = KernelPoints(shape: kernel.shape, offset: kernel.offset, isTurned: isTurned)
    let points = kernel.storage.copy(order) {
      let points = Storage(count: kernelPointCount)
      transform(into: points.buffer)
      return points
    }
    body(points.buffer)
    withExtendedLifetime((kernel, points)) {}
  }
}
