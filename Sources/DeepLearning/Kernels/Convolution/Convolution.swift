/// The convolutions that layers call: each takes the algorithm that suits it best.
///
/// Winograd's algorithm (Lavin and Gray, 2015) needs 4 times fewer multiplications for 3 x 3 kernels and 6 times fewer
/// for 5 x 5 ones: both image tiles and kernel are transformed, multiplied and transformed back. The transformations
/// round more: results differ from exact sums by up to 2.5·10⁻⁵ of the largest one, against 5·10⁻⁷ for plain matrix
/// products. For a plain sum of all products, set ``Engine/isExact`` or the environment variable
/// `DLWP_EXACT=1`.
enum Convolution {
  /// See ``ConvolutionAlgorithm/forward(_:_:bias:isRectified:)``.
  ///
  /// - Parameters:
  ///   - isTraining: whether the kernel is about to change.
  ///   - provider: an algorithm asked for by name; by default the engine chooses.
  static func forward(
    _ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool,
    _ geometry: ConvolutionGeometry, isTraining: Bool = false,
    provider: ConvolutionProvider? = nil
  ) -> Tensor {
    let task = ConvolutionTask(
      product: .forward, geometry: geometry, hasBias: bias != nil, isRectified: isRectified,
      hasConstantKernel: !isTraining)
    return algorithm(for: task, provider)
      .forward(input, kernel, bias: bias, isRectified: isRectified)
  }

  /// See ``ConvolutionAlgorithm/inputGradient(_:_:)``; also a transposed convolution's result.
  static func inputGradient(
    _ upstream: Tensor, _ kernel: Tensor, _ geometry: ConvolutionGeometry,
    provider: ConvolutionProvider? = nil
  ) -> Tensor {
    algorithm(for: ConvolutionTask(product: .inputGradient, geometry: geometry), provider)
      .inputGradient(upstream, kernel)
  }

  /// See ``ConvolutionAlgorithm/kernelGradient(_:_:hasBias:)``.
  static func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool, _ geometry: ConvolutionGeometry,
    provider: ConvolutionProvider? = nil
  ) -> (kernel: Tensor, bias: Tensor?) {
    let task = ConvolutionTask(product: .kernelGradient, geometry: geometry, hasBias: hasBias)
    return algorithm(for: task, provider).kernelGradient(input, upstream, hasBias: hasBias)
  }

  /// The fastest algorithm. A rule, not a measurement: the choice shows in the last bits.
  static func select(_ task: ConvolutionTask) -> any ConvolutionAlgorithm {
    let geometry = task.geometry
    if !Engine.isExact, let winograd = WinogradConvolution(geometry),
      winograd.isFastest(for: task.product)
    {
      return winograd
    }
    if TransposedConvolution.isFastest(geometry),
      let transposed = TransposedConvolution(geometry)
    {
      return transposed
    }
    // For the few channels of a picture the others would compute as many as fill a vector.
    if task.product == .inputGradient, geometry.channels < Layout.block, !geometry.isDepthwise {
      return Im2colConvolution(geometry)
    }
    #if OneDNN
      if let pieces = OneDNNPieces(task) { return pieces }
    #endif
    if let implicit = ConvolutionProvider.implicit.algorithm(for: task) { return implicit }
    return Im2colConvolution(geometry)
  }

  /// - Parameter provider: which algorithm is wanted; if it does not apply, the program stops, as another's result would
  ///   pass for its work.
  private static func algorithm(
    for task: ConvolutionTask, _ provider: ConvolutionProvider?
  ) -> any ConvolutionAlgorithm {
    guard let provider else { return select(task) }
    guard let algorithm = provider.algorithm(for: task) else {
      fail(
        "The provider \(provider) does not compute convolutions of \(task.geometry.inputShape) with a kernel of \(task.geometry.kernelShape), at least not here. Ask for none, and the engine chooses."
      )
    }
    return algorithm
  }
}
