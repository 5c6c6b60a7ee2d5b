import Foundation

/// The three products of a convolution: its result, and the gradients of its operands.
enum ConvolutionProduct: Hashable, CaseIterable {
  case forward, inputGradient, kernelGradient
}

/// Who computes a convolution.
enum ConvolutionProvider: CaseIterable {
  /// Plain loops in double precision: what the others are tested against.
  case plain
  /// Patches of the image as the rows of a matrix, and matrix products; on every machine.
  case patches
  /// Patches of the result instead of the image, for kernels with few filters: ``MirroredConvolution``.
  case mirrored
  /// Winograd's way on tiles of 8 x 8 pixels, for kernels of 2 x 2 to 7 x 7: ``WinogradConvolution``.
  case tiles
  /// Matrix products without the matrices: ``ImplicitConvolution``, and ``DepthwiseConvolution``; on every machine.
  case implicit
  #if OneDNN
    /// oneDNN, each product added up as it stands.
    case direct
    /// oneDNN, Winograd's way on tiles of 6 x 6 pixels, for kernels of 3 x 3.
    case winograd
  #endif
}

/// The kernels for convolutions.
///
/// Winograd's algorithm (Lavin and Gray, 2015) needs 4 times fewer multiplications for 3 x 3 kernels and 6 times fewer
/// for 5 x 5 ones: both image tiles and kernel are transformed, multiplied and transformed back. The transformations
/// round more: results differ from exact sums by up to 2.5·10⁻⁵ of the largest one, against 5·10⁻⁷ for plain matrix
/// products. Who wants every product added up as it stands sets ``Engine/isExact`` or the
/// environment variable `DLWP_EXACT=1`.
enum Convolution {
  /// Computes `input * kernel + bias`, rectified if wanted.
  ///
  /// - Parameters:
  ///   - input: `[batch, height, width, channels]`
  ///   - kernel: `[height, width, channels, filters]`
  ///   - bias: `[filters]`, or nil.
  ///   - isTraining: whether the kernel is about to change.
  /// - Returns: `[batch, height, width, filters]`
  static func forward(
    _ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool,
    _ geometry: ConvolutionGeometry, isTraining: Bool = false,
    provider: ConvolutionProvider? = nil
  ) -> Tensor {
    if let tiles = WinogradConvolution.chosen(geometry, provider) {
      return tiles.forward(input, kernel, bias: bias, isRectified: isRectified)
    }
    let mirror = MirroredConvolution(geometry, provider)
    #if OneDNN
      let pieces =
        mirror != nil
        ? nil
        : OneDNNPieces(
          .forward, geometry, provider, bias != nil, isRectified, hasConstantKernel: !isTraining)
      if let pieces { return pieces.forward(input, kernel, bias) }
    #endif
    if mirror == nil, isImplicit(provider) {
      if let own = DepthwiseConvolution(geometry) {
        return own.forward(input, kernel, bias: bias, isRectified: isRectified)
      }
      if let own = ImplicitConvolution(geometry) {
        return own.forward(input, kernel, bias: bias, isRectified: isRectified)
      }
    }
    let result = Tensor(uninitialized: geometry.outputShape)
    if let mirror {
      mirror.forward(input.pointer, kernel.pointer, result.pointer)
    } else if provider == .plain {
      PlainConvolution.forward(input.pointer, kernel.pointer, result.pointer, geometry)
    } else {
      requirePatches(provider, geometry)
      PatchConvolution.forward(input.pointer, kernel.pointer, result.pointer, geometry)
    }
    withExtendedLifetime((input, kernel)) {}
    if let bias {
      RowKernels.addRow(
        bias.pointer, to: result.pointer, rows: result.rowCount, columns: result.rowLength)
      withExtendedLifetime(bias) {}
    }
    if isRectified {
      Elementwise.activate(.relu, result.pointer, result.pointer, result.elementCount)
    }
    return result
  }

  /// Computes the gradient of the input from that of the output; also a transposed convolution's result.
  ///
  /// - Returns: `[batch, height, width, channels]`
  static func inputGradient(
    _ upstream: Tensor, _ kernel: Tensor, _ geometry: ConvolutionGeometry,
    provider: ConvolutionProvider? = nil
  ) -> Tensor {
    if let tiles = WinogradConvolution.chosen(geometry, provider) {
      return tiles.inputGradient(upstream, kernel)
    }
    if let mirror = MirroredConvolution(geometry, provider) {
      return mirror.inputGradient(upstream, kernel)
    }
    // For the few channels of a picture others would compute as many as fill a vector.
    let isNarrow = geometry.channels < Layout.block && !geometry.isDepthwise
    let provider = provider ?? (isNarrow ? .patches : nil)
    #if OneDNN
      if let result = OneDNNPieces(.inputGradient, geometry, provider)?
        .inputGradient(upstream, kernel)
      {
        return result
      }
    #endif
    if isImplicit(provider) {
      if let own = DepthwiseConvolution(geometry) { return own.inputGradient(upstream, kernel) }
      if let own = ImplicitConvolution(geometry) { return own.inputGradient(upstream, kernel) }
    }
    let result = Tensor.zeros(geometry.inputShape)
    if provider == .plain {
      PlainConvolution.inputGradient(upstream.pointer, kernel.pointer, result.pointer, geometry)
    } else {
      requirePatches(provider, geometry)
      PatchConvolution.inputGradient(upstream.pointer, kernel.pointer, result.pointer, geometry)
    }
    withExtendedLifetime((upstream, kernel)) {}
    return result
  }

  /// Computes the gradients of the kernel and, if there is one, of the bias.
  static func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool, _ geometry: ConvolutionGeometry,
    provider: ConvolutionProvider? = nil
  ) -> (kernel: Tensor, bias: Tensor?) {
    if let tiles = WinogradConvolution.chosen(geometry, provider) {
      let gradient = tiles.kernelGradient(input, upstream)
      return (gradient, hasBias ? upstream.summedOverPixels() : nil)
    }
    if let mirror = MirroredConvolution(geometry, provider) {
      let gradient = mirror.kernelGradient(input, upstream)
      return (gradient, hasBias ? upstream.summedOverPixels() : nil)
    }
    #if OneDNN
      if let result = OneDNNPieces(.kernelGradient, geometry, provider, hasBias)?
        .kernelGradient(input, upstream)
      {
        return result
      }
    #endif
    if isImplicit(provider) {
      let gradient =
        DepthwiseConvolution(geometry)?.kernelGradient(input, upstream)
        ?? ImplicitConvolution(geometry)?.kernelGradient(input, upstream)
      if let gradient { return (gradient, hasBias ? upstream.summedOverPixels() : nil) }
    }
    let result = Tensor.zeros(geometry.kernelShape)
    if provider == .plain {
      PlainConvolution.kernelGradient(input.pointer, upstream.pointer, result.pointer, geometry)
    } else {
      requirePatches(provider, geometry)
      PatchConvolution.kernelGradient(input.pointer, upstream.pointer, result.pointer, geometry)
    }
    withExtendedLifetime((input, upstream)) {}
    return (result, hasBias ? upstream.summedOverPixels() : nil)
  }

  private static func isImplicit(_ provider: ConvolutionProvider?) -> Bool {
    provider == nil || provider == .implicit
  }

  /// Stops if another provider was asked for: it has no such convolution, and patches would pass for its work.
  private static func requirePatches(
    _ provider: ConvolutionProvider?, _ geometry: ConvolutionGeometry
  ) {
    require(
      provider == nil || provider == .patches,
      "The provider \(provider.map { "\($0)" } ?? "") does not compute convolutions of \(geometry.inputShape) with a kernel of \(geometry.kernelShape), at least not here. Ask for none, and the engine chooses."
    )
  }
}
