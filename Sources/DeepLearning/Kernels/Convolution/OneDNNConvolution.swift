#if OneDNN
  import COneDNN
  import Synchronization

  /// One of a convolution's three products as oneDNN computes it, ready to run.
  final class OneDNNConvolution: Sendable {
    /// Which product, for which extents; what primitives are cached by.
    struct Key: Hashable {
      let geometry: ConvolutionGeometry
      let product: ConvolutionTask.Product
      var isWinograd: Bool
      var hasBias = false
      var isRectified = false
      /// Whether the kernel will be used again as it is, so that preparing it well pays.
      var hasConstantKernel = true
      /// How many of oneDNN's own threads compute it: the order of its sums depends on that.
      var threads = 1
    }

    private let key: Key
    /// Whether reordering the kernel is long work that pays because the kernel stays.
    var isPreparedOnce: Bool { key.isWinograd && key.hasConstantKernel && key.product == .forward }
    nonisolated(unsafe) private let primitive: dnnl_primitive_t
    /// The formats in which oneDNN computes.
    let input, kernel, output: OneDNN.Format
    private let bias: OneDNN.Format
    private let scratch: OneDNN.Format
    /// Whether oneDNN computes it by plain loops, hundreds of times slower than its other kernels.
    let isReference: Bool

    private static let known = Mutex<[Key: OneDNNConvolution?]>([:])

    /// The convolution for a key, made on first use; nil if oneDNN has none.
    static func find(_ key: Key) -> OneDNNConvolution? {
      known.withLock { known in
        if let found = known[key] { return found }
        let made = OneDNNConvolution(key)
        known[key] = .some(made)
        return made
      }
    }

    private init?(_ key: Key) {
      LibraryThreads.limit(to: key.threads)
      let g = key.geometry
      let any = dnnl_format_tag_any
      let blocks = OneDNN.usesBlocks ? dnnl_nChw16c : dnnl_nhwc
      // Few channels: the first layer of a network, for which oneDNN has other kernels.
      let input = OneDNN.Format(
        [g.batch, g.channels, g.height, g.width], g.channels < Layout.block ? any : blocks)
      let output = OneDNN.Format(
        [g.batch, g.filters, g.outputHeight, g.outputWidth],
        g.filters < Layout.block ? any : blocks)
      let kernel = OneDNN.Format(OneDNNConvolution.kernelExtents(g), any)
      var bias = OneDNN.Format([g.filters], dnnl_x)
      func pair(_ extent: Extent2D) -> [Int64] { [Int64(extent.height), Int64(extent.width)] }
      let description = withUnsafePointer(to: input.value) { input in
        withUnsafePointer(to: output.value) { output in
          withUnsafePointer(to: kernel.value) { kernel in
            withUnsafePointer(to: &bias.value) { bias in
              onednn_convolution(
                OneDNN.engine, key.product.direction, key.isWinograd, key.isRectified,
                key.hasConstantKernel, input,
                kernel, key.hasBias ? bias : nil, output, pair(g.stride), pair(g.dilation),
                [Int64(g.top), Int64(g.left)], [Int64(g.bottom), Int64(g.right)])
            }
          }
        }
      }
      guard let description else { return nil }
      defer { dnnl_primitive_desc_destroy(description) }
      func wanted(_ argument: Int32) -> OneDNN.Format {
        .init(onednn_wanted(description, argument))
      }
      var primitive: dnnl_primitive_t?
      guard dnnl_primitive_create(&primitive, description) == dnnl_success, let primitive else {
        return nil
      }
      self.key = key
      isReference = onednn_is_reference(description)
      self.primitive = primitive
      self.bias = bias
      scratch = wanted(DNNL_ARG_SCRATCHPAD)
      let product = key.product
      self.input = wanted(product == .inputGradient ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC)
      self.kernel = wanted(product == .kernelGradient ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS)
      self.output = wanted(product == .forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST)
    }

    /// oneDNN's order of a kernel's extents: filters, channels, height, width; groups in front.
    private static func kernelExtents(_ g: ConvolutionGeometry) -> [Int] {
      g.isDepthwise
        ? [g.channels, 1, 1, g.kernel.height, g.kernel.width]
        : [g.filters, g.channels, g.kernel.height, g.kernel.width]
    }

    /// How the engine holds the kernel: height, width, channels, filters.
    static func kernelFormat(_ g: ConvolutionGeometry) -> OneDNN.Format {
      OneDNN.Format(kernelExtents(g), g.isDepthwise ? dnnl_hwigo : dnnl_hwio)
    }

    /// How the engine holds an image batch.
    static func imageFormat(_ shape: Shape, _ layout: Layout) -> OneDNN.Format {
      OneDNN.Format(
        [shape[0], shape[3], shape[1], shape[2]], layout == .rowMajor ? dnnl_nhwc : dnnl_nChw16c)
    }

    /// Computes the product.
    ///
    /// What lies in another format than oneDNN computes in goes through temporary memory.
    ///
    /// - Parameters:
    ///   - input: the images, or their gradient, which is written.
    ///   - kernel: in the format ``kernel``; or its gradient, which is written.
    ///   - bias: added, or its gradient, which is written; nil if the key has none.
    ///   - output: the result, which is written, or its gradient.
    func run(
      input: OneDNN.Operand, kernel: UnsafeMutablePointer<Float>,
      bias: UnsafeMutablePointer<Float>?, output: OneDNN.Operand
    ) {
      LibraryThreads.limit(to: key.threads)
      let product = key.product
      let (ownInput, ownOutput) = (temporary(self.input, input), temporary(self.output, output))
      if product != .inputGradient { ownInput?.fill(from: input) }
      if product != .forward { ownOutput?.fill(from: output) }
      let scratch = ScratchMemory(bytes: self.scratch.bytes)
      var operands: [(Int32, OneDNN.Operand)] = [
        (
          product == .inputGradient ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC,
          ownInput?.operand ?? input
        ),
        (
          product == .kernelGradient ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS,
          .init(pointer: kernel, format: self.kernel)
        ),
        (product == .forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, ownOutput?.operand ?? output),
        (DNNL_ARG_SCRATCHPAD, .init(pointer: scratch.pointer, format: self.scratch)),
      ]
      if let bias {
        operands.append(
          (
            product == .kernelGradient ? DNNL_ARG_DIFF_BIAS : DNNL_ARG_BIAS,
            .init(pointer: bias, format: self.bias)
          ))
      }
      OneDNN.execute(primitive, operands)
      if product == .inputGradient { ownInput?.empty(into: input) }
      if product == .forward { ownOutput?.empty(into: output) }
      withExtendedLifetime((ownInput, ownOutput, scratch)) {}
    }

    /// Memory in a format that an operand does not have.
    private struct Temporary {
      let storage: Storage
      let operand: OneDNN.Operand
      func fill(from other: OneDNN.Operand) { OneDNN.reorder(other, into: operand) }
      func empty(into other: OneDNN.Operand) { OneDNN.reorder(operand, into: other) }
    }

    private func temporary(_ format: OneDNN.Format, _ operand: OneDNN.Operand) -> Temporary? {
      if format == operand.format { return nil }
      let storage = Storage(count: (format.bytes + 3) / 4)
      return Temporary(
        storage: storage, operand: .init(pointer: storage.buffer, format: format))
    }
  }

  extension ConvolutionTask.Product {
    fileprivate var direction: onednn_direction {
      switch self {
      case .forward: onednn_forward
      case .inputGradient: onednn_input_gradient
      case .kernelGradient: onednn_kernel_gradient
      }
    }
  }
#endif
