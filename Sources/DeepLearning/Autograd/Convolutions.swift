extension Tensor {
  /// The convolution of an image batch with a kernel, as in Keras: the kernel is not mirrored.
  ///
  /// - Parameters:
  ///   - kernel: `[height, width, channels, filters]`; or `[height, width, channels, 1]` if depthwise.
  ///   - bias: `[filters]`, or nil.
  ///   - geometry: extents, stride, padding; its batch is this tensor's.
  ///   - activation: applied to the result; relu costs nothing extra.
  /// - Returns: `[batch, height, width, filters]` for a tensor of shape `[batch, height, width, channels]`.
  func convolved(
    kernel: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry,
    activation: Activation = .linear
  ) -> Tensor {
    let isRectified = activation == .relu
    let input = detached.inConvolutionLayout()
    let weights = kernel.detached
    let result = Convolution.forward(
      input, weights, bias: bias, isRectified: isRectified, geometry,
      isTraining: kernel.node != nil)
    let needs = (input: node != nil, kernel: kernel.node != nil, bias: bias?.node != nil)
    let hasBias = bias != nil
    // Frozen weights do not keep the input in memory.
    let kept = needs.kernel || needs.bias ? input : nil
    let recorded = result.recorded(from: [self, kernel] + (bias.map { [$0] } ?? [])) { upstream in
      let upstream = upstream.inConvolutionLayout()
      var (toKernel, toBias): (Tensor?, Tensor?)
      if let kept {
        (toKernel, toBias) = Convolution.kernelGradient(
          kept, upstream, hasBias: needs.bias, geometry)
      }
      let toInput =
        needs.input ? Convolution.inputGradient(upstream, weights, geometry) : nil
      return [toInput, toKernel] + (hasBias ? [toBias] : [])
    }
    return isRectified ? recorded.rectifiedAlready() : recorded.activated(activation)
  }

  /// The transposed convolution: what a convolution does to gradients, used as a layer.
  ///
  /// - Parameters:
  ///   - kernel: `[height, width, filters, channels]`, as in Keras.
  ///   - bias: `[filters]`, or nil.
  ///   - geometry: of the convolution from the result's shape to this tensor's.
  ///   - activation: applied to the result; relu costs nothing extra.
  /// - Returns: `[batch, height, width, filters]` for a tensor of shape `[batch, height, width, channels]`.
  func transposeConvolved(
    kernel: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry,
    activation: Activation = .linear
  ) -> Tensor {
    let isRectified = activation == .relu
    let input = detached.inConvolutionLayout()
    let weights = kernel.detached
    let result = Convolution.inputGradient(input, weights, geometry)
      .adding(channelBias: bias?.detached, isRectified: isRectified)
    let needs = (input: node != nil, kernel: kernel.node != nil, bias: bias?.node != nil)
    let hasBias = bias != nil
    let recorded = result.recorded(from: [self, kernel] + (bias.map { [$0] } ?? [])) { upstream in
      let upstream = upstream.inConvolutionLayout()
      let toKernel =
        needs.kernel
        ? Convolution.kernelGradient(upstream, input, hasBias: false, geometry).kernel : nil
      let toInput =
        needs.input
        ? Convolution.forward(upstream, weights, bias: nil, isRectified: false, geometry) : nil
      let toBias = needs.bias ? upstream.summedOverPixels() : nil
      return [toInput, toKernel] + (hasBias ? [toBias] : [])
    }
    return isRectified ? recorded.rectifiedAlready() : recorded.activated(activation)
  }

  /// The same elements in the order in which convolutions read them.
  ///
  /// Copied here, once, rather than in each of the convolution's three products. Not recorded.
  fileprivate func inConvolutionLayout() -> Tensor {
    let wanted = Layout.ofConvolutions(shape)
    return wanted == .rowMajor ? self : reordered(to: wanted)
  }
}
