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
    if let lookup = storage.lookup, lookup.stands(for: self),
      lookup.ids.count * geometry.channels == elementCount,
      let convolution = LookupConvolution(lookup, geometry)
    {
      let (table, weights) = (lookup.table, kernel.detached)
      let (hasBias, tableShape) = (bias != nil, table.shape)
      let result = convolution.forward(weights, bias: bias, isRectified: isRectified)
      let linear = result.recorded(from: [table, kernel] + (bias.map { [$0] } ?? [])) {
        let (toTable, toKernel, toBias) = convolution.backward(
          weights, $0, tableShape: tableShape)
        return [toTable, toKernel] + (hasBias ? [toBias] : [])
      }
      return isRectified ? linear.rectifiedAlready() : linear.activated(activation)
    }
    let convolution = SequenceConvolution(geometry)
    let (input, weights) = (detached, kernel.detached)
    let result = convolution.forward(input, weights, bias: bias, isRectified: isRectified)
    let needs = (input: node != nil, kernel: kernel.node != nil || bias?.node != nil)
    let hasBias = bias != nil
    let linear = result.recorded(from: [self, kernel] + (bias.map { [$0] } ?? [])) { upstream in
      let toWeights = needs.kernel ? convolution.kernelGradient(input, upstream) : nil
      let toInput = needs.input ? convolution.inputGradient(upstream, weights) : nil
      return [toInput, toWeights?.kernel] + (hasBias ? [toWeights?.bias] : [])
    }
    return isRectified ? linear.rectifiedAlready() : linear.activated(activation)
  }

  /// This result, to which relu has been applied, with relu's gradient as a step of its own, which pooling may skip.
  func rectifiedAlready() -> Tensor {
    guard let linear = node else { return self }
    let value = detached
    let rectified = value.recorded(from: self) { [value.activationPullback(.relu, $0)] }
    rectified.node?.activation = (.relu, linear)
    return rectified
  }
}
