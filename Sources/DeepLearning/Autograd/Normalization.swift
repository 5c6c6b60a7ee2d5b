extension Tensor {
  /// Each channel shifted and scaled to the given mean and variance, then scaled by `gamma` and shifted by `beta`.
  ///
  /// `y = γ (x - μ) / √(σ² + ε) + β` (Ioffe and Szegedy, 2015).
  ///
  /// - Parameters:
  ///   - gamma: `[channels]`
  ///   - beta: `[channels]`
  ///   - statistics: mean and variance, each `[channels]`; nil for those of this batch, through which the gradient
  ///     then flows too.
  /// - Returns: the result in this tensor's shape `[batch, ..., channels]`, and the statistics used.
  func normalized(
    gamma: Tensor, beta: Tensor, epsilon: Float,
    statistics: (mean: Tensor, variance: Tensor)? = nil
  ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    let channels = rowLength
    let layout = layout
    let kernels = ChannelKernels(shape, layout)
    let x = detached
    var (mean, variance) = (
      Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels])
    )
    if let statistics {
      (mean, variance) = (statistics.mean.detached, statistics.variance.detached)
    } else {
      kernels.statistics(pointer(in: layout), mean: mean.pointer, variance: variance.pointer)
    }
    let inverse = (variance + epsilon).squareRoot().reciprocal()
    let scale = gamma.detached * inverse
    let shift = beta.detached - scale * mean
    let result = Tensor(uninitialized: shape, layout: layout)
    kernels.affine(
      pointer(in: layout), scale: scale.pointer, shift: shift.pointer,
      into: result.pointer(in: layout))
    withExtendedLifetime((self, scale, shift)) {}

    let isOwn = statistics == nil
    let center = mean
    let recorded = result.recorded(from: self, gamma, beta) { upstream in
      let layout = Tensor.commonLayout(x, upstream)
      let kernels = ChannelKernels(x.shape, layout)
      let (sum, product) = (
        Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels])
      )
      let (g, values) = (upstream.pointer(in: layout), x.pointer(in: layout))
      kernels.sums(g, values, center: center.pointer, into: sum.pointer, product.pointer)
      // With statistics of this very batch, shifting or scaling all inputs changes nothing: those parts go.
      let count = Float(x.elementCount / Swift.max(channels, 1))
      let ownScale = isOwn ? -(scale * inverse * inverse * product) / count : scale * 0
      let ownShift = isOwn ? -(scale * sum) / count - ownScale * center : scale * 0
      withExtendedLifetime((upstream, x)) {}
      // A single value is its own mean: it changes nothing, and rounding must not pretend that it did.
      if isOwn && count == 1 { return [.zeros(x.shape), product * inverse, sum] }
      let gradient = Tensor(uninitialized: x.shape, layout: layout)
      kernels.combine(
        g, values, a: scale.pointer, b: ownScale.pointer, c: ownShift.pointer,
        into: gradient.pointer(in: layout))
      withExtendedLifetime((upstream, x, scale, ownScale, ownShift)) {}
      return [gradient, product * inverse, sum]
    }
    return (recorded, mean, variance)
  }
}
