/// One way to compute the three products of a convolution, made for one ``ConvolutionGeometry``.
///
/// To add one: conform to this, add a case to ``ConvolutionProvider`` (by which tests ask for it, and compare it with
/// ``ReferenceConvolution``), and say in ``Convolution/select(_:)`` when it is the fastest.
protocol ConvolutionAlgorithm {
  /// Computes `input * kernel + bias`, rectified if wanted.
  ///
  /// - Parameters:
  ///   - input: `[batch, height, width, channels]`
  ///   - kernel: `[height, width, channels, filters]`
  ///   - bias: `[filters]`, or nil.
  /// - Returns: `[batch, height, width, filters]`
  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor

  /// Computes the gradient of the input, `[batch, height, width, channels]`, from that of the output.
  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor

  /// Computes the gradients of the kernel, `[height, width, channels, filters]`, and, if there is one, of the bias.
  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?)
}

/// What is to be computed: all that the choice of an algorithm depends on.
struct ConvolutionTask {
  /// The three products of a convolution: its result, and the gradients of its operands.
  enum Product: Hashable, CaseIterable {
    case forward, inputGradient, kernelGradient
  }

  let product: Product
  let geometry: ConvolutionGeometry
  var hasBias = false
  var isRectified = false
  /// Whether the kernel will be used again as it is, so that preparing it well pays.
  var hasConstantKernel = true
}

/// The algorithms by name, for tests and comparisons.
enum ConvolutionProvider: CaseIterable {
  /// ``ReferenceConvolution``: plain loops in double precision, what the others are tested against.
  case reference
  /// ``Im2colConvolution``: matrix products with the patches of the image.
  case im2col
  /// ``TransposedConvolution``: the transposed convolution's gradient, for kernels with few filters.
  case transposed
  /// ``WinogradConvolution``: our own, on tiles of 8 x 8 pixels or 8 in a line, for kernels of up to 7 x 7.
  case winograd
  /// ``ImplicitConvolution`` (implicit GEMM), and ``DepthwiseConvolution``.
  case implicit
  #if OneDNN
    /// oneDNN's direct convolution.
    case oneDNNDirect
    /// oneDNN's Winograd, on tiles of 6 x 6 pixels, for kernels of 3 x 3.
    case oneDNNWinograd
  #endif

  /// The algorithm, or nil if it does not apply to the task, at least not on this machine with these libraries.
  func algorithm(for task: ConvolutionTask) -> (any ConvolutionAlgorithm)? {
    let geometry = task.geometry
    switch self {
    case .reference: return ReferenceConvolution(geometry)
    case .im2col: return Im2colConvolution(geometry)
    case .transposed: return TransposedConvolution(geometry)
    case .winograd: return WinogradConvolution(geometry)
    case .implicit:
      if geometry.isDepthwise { return DepthwiseConvolution(geometry) }
      return ImplicitConvolution(geometry)
    #if OneDNN
      case .oneDNNDirect: return OneDNNPieces(task, isWinograd: false)
      case .oneDNNWinograd: return OneDNNPieces(task, isWinograd: true)
    #endif
    }
  }
}

extension Tensor {
  /// This row-major result of a convolution with the bias added, rectified if wanted; changed in place.
  func addingBias(_ bias: Tensor?, isRectified: Bool) -> Tensor {
    if let bias {
      RowKernels.addRow(bias.pointer, to: pointer, rows: rowCount, columns: rowLength)
      withExtendedLifetime(bias) {}
    }
    if isRectified { Elementwise.activate(.relu, pointer, pointer, elementCount) }
    return self
  }
}
