#if OneDNN
  import COneDNN

  /// A convolution by oneDNN, the batch spread over the cores.
  struct OneDNNPieces {
    private let geometry: ConvolutionGeometry
    /// How many images each piece has; the convolution that computes it.
    private let pieces: [(images: Range<Int>, convolution: OneDNNConvolution)]

    /// Nil if oneDNN has no such convolution, or another provider is wanted.
    init?(
      _ product: ConvolutionProduct, _ geometry: ConvolutionGeometry,
      _ provider: ConvolutionProvider?, _ hasBias: Bool = false, _ isRectified: Bool = false,
      hasConstantKernel: Bool = true
    ) {
      guard provider == nil || provider == .direct || provider == .winograd,
        geometry.outputShape.elementCount > 0
      else { return nil }
      self.geometry = geometry
      let isWinograd =
        provider.map { $0 == .winograd } ?? OneDNNPieces.winogradWins(product, geometry)
      let count = max(min(Parallel.threads, geometry.batch), 1)
      // One image alone is left to oneDNN's own threads.
      let threads = count == 1 && geometry.work >> 20 > 0 ? Parallel.threads : 1
      var pieces: [(Range<Int>, OneDNNConvolution)] = []
      for piece in 0..<count {
        let images = Parallel.part(piece, of: count, geometry.batch, alignment: 1)
        var part = geometry
        part.batch = images.count
        var key = OneDNNConvolution.Key(
          geometry: part, product: product, isWinograd: isWinograd, hasBias: hasBias,
          isRectified: isRectified, hasConstantKernel: hasConstantKernel, threads: threads)
        var convolution = OneDNNConvolution.find(key)
        if convolution == nil, isWinograd, provider == nil {
          key.isWinograd = false
          convolution = OneDNNConvolution.find(key)
        }
        guard let convolution else { return nil }
        pieces.append((images, convolution))
      }
      self.pieces = pieces
    }

    /// Whether Winograd's algorithm is the faster one. A rule, not a measurement: the choice shows in the last bits.
    ///
    /// Tiles of 4 x 4 that reach over the border compute for nothing; many channels make up for more of that.
    private static func winogradWins(
      _ product: ConvolutionProduct, _ g: ConvolutionGeometry
    ) -> Bool {
      guard !Engine.isExact, g.kernel == 3, g.stride == 1, g.dilation == 1, !g.isDepthwise,
        g.channels >= Layout.block, g.filters >= Layout.block
      else { return false }
      let (height, width) =
        product == .inputGradient ? (g.height, g.width) : (g.outputHeight, g.outputWidth)
      let tiles = ((height + 3) / 4 * 4) * ((width + 3) / 4 * 4)
      let used = Double(height * width) / Double(tiles)
      return used * (min(g.channels, g.filters) >= 256 ? 1.4 : 1) > 0.7
    }

    private func run(_ body: (Int) -> Void) { Parallel.run(pieces.count, body) }

    /// The images of a piece.
    private func operand(_ tensor: Tensor, _ images: Range<Int>) -> OneDNN.Operand {
      let layout = tensor.layout
      let size = tensor.shape.droppingFirst.elementCount
      return .init(
        pointer: tensor.pointer(in: layout) + images.lowerBound * size,
        format: OneDNNConvolution.imageFormat(
          tensor.shape.droppingFirst.prepending(images.count), layout))
    }

    /// What a reordered kernel is known by: memory may hold several kernels.
    private struct KernelOrder: Hashable {
      let format: OneDNN.Format
      let offset: Int
    }

    /// The kernel as a convolution wants it, reordered once for as long as it does not change.
    private func reordered(_ kernel: Tensor, for convolution: OneDNNConvolution) -> Storage {
      let format = convolution.kernel
      let original = kernel.pointer
      return kernel.storage.copy(KernelOrder(format: format, offset: kernel.offset)) {
        let copy = Storage(count: (format.bytes + 3) / 4)
        // oneDNN's other threads go on looking for work for a while; only what is done once may wake them.
        LibraryThreads.limit(to: convolution.isPreparedOnce ? Parallel.threads : 1)
        OneDNN.reorder(
          .init(pointer: original, format: OneDNNConvolution.kernelFormat(geometry)),
          into: .init(pointer: copy.own, format: format))
        return copy
      }
    }

    func forward(_ input: Tensor, _ kernel: Tensor, _ bias: Tensor?) -> Tensor {
      let shape = geometry.outputShape
      let result = Tensor(uninitialized: shape, layout: .ofConvolutions(shape))
      let kernels = pieces.map { reordered(kernel, for: $0.convolution) }
      run { index in
        let (images, convolution) = pieces[index]
        convolution.run(
          input: operand(input, images), kernel: kernels[index].own, bias: bias?.pointer,
          output: operand(result, images))
      }
      withExtendedLifetime((input, kernel, bias, kernels)) {}
      return result
    }

    func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
      let shape = geometry.inputShape
      let result = Tensor(uninitialized: shape, layout: .ofConvolutions(shape))
      let kernels = pieces.map { reordered(kernel, for: $0.convolution) }
      run { index in
        let (images, convolution) = pieces[index]
        convolution.run(
          input: operand(result, images), kernel: kernels[index].own, bias: nil,
          output: operand(upstream, images))
      }
      withExtendedLifetime((upstream, kernel, kernels)) {}
      return result
    }

    func kernelGradient(_ input: Tensor, _ upstream: Tensor) -> (kernel: Tensor, bias: Tensor?) {
      let parts = pieces.map { Storage(count: ($0.convolution.kernel.bytes + 3) / 4) }
      let hasBias = pieces[0].convolution.hasBias
      let biases = pieces.map { _ in Tensor(uninitialized: [hasBias ? geometry.filters : 0]) }
      run { index in
        let (images, convolution) = pieces[index]
        convolution.run(
          input: operand(input, images), kernel: parts[index].own,
          bias: hasBias ? biases[index].pointer : nil, output: operand(upstream, images))
      }
      let format = pieces[0].convolution.kernel
      let result = Tensor(uninitialized: geometry.kernelShape)
      let whole = OneDNN.Operand(
        pointer: result.pointer, format: OneDNNConvolution.kernelFormat(geometry))
      if pieces.allSatisfy({ $0.convolution.kernel == format }) {
        for part in parts.dropFirst() {
          Elementwise.accumulate(part.own, into: parts[0].own, part.count)
        }
        LibraryThreads.limit()
        OneDNN.reorder(.init(pointer: parts[0].own, format: format), into: whole)
      } else {
        LibraryThreads.limit()
        let part = Tensor(uninitialized: geometry.kernelShape)
        for (index, piece) in pieces.enumerated() {
          OneDNN.reorder(
            .init(pointer: parts[index].own, format: piece.convolution.kernel),
            into: .init(pointer: index == 0 ? result.pointer : part.pointer, format: whole.format))
          if index > 0 {
            Elementwise.accumulate(part.pointer, into: result.pointer, part.elementCount)
          }
        }
        withExtendedLifetime(part) {}
      }
      for bias in biases.dropFirst() {
        Elementwise.accumulate(bias.pointer, into: biases[0].pointer, bias.elementCount)
      }
      withExtendedLifetime((input, upstream, biases, parts)) {}
      return (result, hasBias ? biases[0] : nil)
    }
  }
#endif
