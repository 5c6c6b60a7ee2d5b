extension Tensor {
  /// The largest or the mean of each window of an image batch, channel by channel.
  ///
  /// The gradient of a maximum goes to the first of the largest pixels; means are over the pixels of a window
  /// that lie inside the image, as in Keras.
  ///
  /// - Returns: `[batch, height, width, channels]`
  func pooled(_ kind: Pooling.Kind, _ geometry: ConvolutionGeometry) -> Tensor {
    let pooling = Pooling(kind: kind, geometry: geometry)
    let input = detached
    let layout: Layout =
      input.layout == .rowMajor ? .rowMajor : .channelBlocks(geometry.outputShape)
    let result = Tensor(uninitialized: geometry.outputShape, layout: layout)
    pooling.forward(input, into: result)
    return result.recorded(from: self) { upstream in
      let layout = upstream.layout == .rowMajor ? .rowMajor : input.layout
      let gradient = Tensor(uninitialized: input.shape, layout: layout)
      gradient.pointer(in: layout).update(repeating: 0, count: gradient.elementCount)
      pooling.backward(upstream, input: input, output: result, into: gradient)
      return [gradient]
    }
  }

  /// The largest of each channel over the two middle axes. The gradient goes to the first of the largest.
  ///
  /// - Returns: `[batch, channels]` for a tensor of shape `[batch, height, width, channels]`.
  func globalMaximum() -> Tensor {
    let window = Extent2D(height: shape[1], width: shape[2])
    let geometry = ConvolutionGeometry(
      input: shape, filters: shape[3], kernel: window, stride: window, dilation: 1,
      padding: .valid, isDepthwise: true)
    return pooled(.max, geometry).reshaped([shape[0], shape[3]])
  }

  /// The mean of each channel over the two middle axes.
  ///
  /// - Returns: `[batch, channels]` for a tensor of shape `[batch, height, width, channels]`.
  func globalMean() -> Tensor {
    let window = Extent2D(height: shape[1], width: shape[2])
    let geometry = ConvolutionGeometry(
      input: shape, filters: shape[3], kernel: window, stride: window, dilation: 1,
      padding: .valid, isDepthwise: true)
    return pooled(.average, geometry).reshaped([shape[0], shape[3]])
  }
}
