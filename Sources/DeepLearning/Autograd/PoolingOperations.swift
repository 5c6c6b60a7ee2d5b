extension Tensor {
  /// The largest or the mean of each window of an image batch, channel by channel.
  ///
  /// The gradient of a maximum goes to the first of the largest pixels; means are over the pixels of a window
  /// that lie inside the image, as in Keras.
  ///
  /// - Returns: `[batch, height, width, channels]`
  func pooled(_ kind: Pooling.Kind, _ geometry: ConvolutionGeometry) -> Tensor {
    let pooling = Pooling(kind: kind, geometry: geometry)
    let layout: Layout = layout == .rowMajor ? .rowMajor : .channelBlocks(geometry.outputShape)
    var result = Tensor(uninitialized: geometry.outputShape, layout: layout)
    let maxIndices =
      kind == .max && node != nil
      ? Tensor(uninitialized: geometry.outputShape, layout: layout) : nil
    pooling.forward(self, into: result, maxIndices: maxIndices)
    guard var source = node else { return result }
    // A relu before a maximum is differentiated with it: the images need not be kept, nor gone through again.
    if let maxIndices, let activation = source.activation, activation.kind == .relu {
      Pooling.rectify(maxIndices: maxIndices, maxima: result)
      source = activation.input
    }
    let inputShape = shape
    result.node = Node(inputs: [source]) { upstream in
      // The indices know one order; what comes in another is brought into it.
      let upstream = upstream.reordered(to: layout)
      let isBlocked = layout != .rowMajor
      let gradient = Tensor(
        uninitialized: inputShape, layout: isBlocked ? .channelBlocks(inputShape) : .rowMajor)
      pooling.backward(upstream, maxIndices: maxIndices, into: gradient)
      return [gradient]
    }
    return result
  }

  /// The largest of each channel over the two middle axes. The gradient goes to the first of the largest.
  ///
  /// - Returns: `[batch, channels]` for a tensor of shape `[batch, height, width, channels]`.
  func globalMaximum() -> Tensor { globallyPooled(.max) }

  /// The mean of each channel over the two middle axes.
  ///
  /// - Returns: `[batch, channels]` for a tensor of shape `[batch, height, width, channels]`.
  func globalMean() -> Tensor { globallyPooled(.average) }

  /// Pools with one window that covers the whole image.
  private func globallyPooled(_ kind: Pooling.Kind) -> Tensor {
    let window = Extent2D(height: shape[1], width: shape[2])
    let geometry = ConvolutionGeometry(
      input: shape, filters: shape[3], kernel: window, stride: window, dilation: 1,
      padding: .valid, isDepthwise: true)
    return pooled(kind, geometry).reshaped([shape[0], shape[3]])
  }
}
