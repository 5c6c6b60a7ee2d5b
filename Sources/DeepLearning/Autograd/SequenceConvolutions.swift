extension Tensor {
  /// The convolution of sequences over time.
  ///
  /// - Parameters:
  ///   - kernel: `[time, channels, filters]`
  ///   - bias: `[filters]`, or nil.
  ///   - geometry: extents, stride, padding, for sequences as images of height 1.
  ///   - activation: applied to the result; relu costs nothing extra.
  /// - Returns: `[batch, time, filters]` for a tensor of shape `[batch, time, channels]`.
  func convolvedOverTime(
    kernel: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry, activation: Activation
  ) -> Tensor {
    let isRectified = activation == .relu
    // Words that were just looked up are multiplied once each: see `Storage.lookup`.
    let linear =
      if let lookup = storage.lookup, lookup.stands(for: self),
        lookup.ids.count * geometry.channels == elementCount,
        let convolution = LookupConvolution(lookup, geometry)
      {
        convolution.recorded(lookup.table, kernel, bias, isRectified: isRectified)
      } else {
        SequenceConvolution(geometry).recorded(self, kernel, bias, isRectified: isRectified)
      }
    return isRectified ? linear.rectifiedAlready() : linear.activated(activation)
  }
}

extension SequenceConvolution {
  /// The result of ``forward(_:_:bias:isRectified:)`` with its gradients.
  fileprivate func recorded(
    _ x: Tensor, _ kernel: Tensor, _ bias: Tensor?, isRectified: Bool
  ) -> Tensor {
    let (input, weights) = (x.detached, kernel.detached)
    let needs = (input: x.node != nil, weights: kernel.node != nil || bias?.node != nil)
    let hasBias = bias != nil
    return forward(input, weights, bias: bias, isRectified: isRectified)
      .recorded(from: [x, kernel] + (bias.map { [$0] } ?? [])) { upstream in
        let toWeights = needs.weights ? kernelGradient(input, upstream) : nil
        let toInput = needs.input ? inputGradient(upstream, weights) : nil
        return [toInput, toWeights?.kernel] + (hasBias ? [toWeights?.bias] : [])
      }
  }
}

extension LookupConvolution {
  /// The result of ``forward(_:bias:isRectified:)`` with its gradients.
  fileprivate func recorded(
    _ table: Tensor, _ kernel: Tensor, _ bias: Tensor?, isRectified: Bool
  ) -> Tensor {
    let weights = kernel.detached
    let needs = (table: table.node != nil, weights: kernel.node != nil || bias?.node != nil)
    let (hasBias, tableShape) = (bias != nil, table.shape)
    return forward(weights, bias: bias, isRectified: isRectified)
      .recorded(from: [table, kernel] + (bias.map { [$0] } ?? [])) { upstream in
        let sums = summedByWord(upstream)
        let toTable = needs.table ? tableGradient(sums, weights, shape: tableShape) : nil
        let toWeights = needs.weights ? kernelGradient(sums, upstream) : nil
        return [toTable, toWeights?.kernel] + (hasBias ? [toWeights?.bias] : [])
      }
  }
}
