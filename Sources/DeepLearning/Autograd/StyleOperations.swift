extension Tensor {
  /// Which channels of an image are strong together: the inner products of all pairs of channels, summed over all pixels.
  ///
  /// With F, one row for each pixel and one column for each channel, this is FᵀF: it keeps what there is and forgets
  /// where. Neural style transfer compares pictures by it (Gatys et al., 2015).
  ///
  ///     let texture = features.gramMatrix()  // [1, 50, 50, 512] -> [512, 512]
  ///
  /// - Returns: `[channels, channels]` for a tensor of shape `[1, height, width, channels]`.
  public func gramMatrix() -> Tensor {
    require(
      rank == 4 && count == 1,
      "A Gram matrix is made of one image [1, height, width, channels], not of the shape \(shape).")
    let features = detached
    return GramKernel(features).product().recorded(from: self) { upstream in
      // d(FᵀF) leads to F(U + Uᵀ); the sum is tiny beside the product.
      [GramKernel(features).times(upstream + upstream.transposed())]
    }
  }

  /// How much neighbouring pixels differ: Σ (a² + b²)^exponent, with a the difference from the pixel below and b from
  /// the one to the right, for each channel, at every pixel but those of the last row and column.
  ///
  /// With an exponent of 1 these are squared differences; the book's 1.25 makes strong edges dearer still.
  ///
  ///     let roughness = picture.totalVariation()  // [1, 400, 381, 3] -> []
  ///
  /// - Parameter exponent: at least 1, so that there is a slope where neighbours are equal.
  /// - Returns: a scalar for a tensor of shape `[batch, height, width, channels]`.
  public func totalVariation(exponent: Float = 1.25) -> Tensor {
    require(
      rank == 4 && elementCount > 0,
      "Total variation is that of images [batch, height, width, channels], not of the shape \(shape)."
    )
    require(exponent >= 1, "Total variation needs an exponent of at least 1, not \(exponent).")
    let image = detached
    let kernel = VariationKernel(shape, exponent: exponent)
    return Tensor.scalar(Float(kernel.sum(pointer))).recorded(from: self) { upstream in
      let gradient = Tensor(uninitialized: image.shape)
      kernel.gradient(image.pointer, scale: upstream.item, into: gradient.pointer)
      return [gradient]
    }
  }
}
