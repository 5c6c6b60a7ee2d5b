#if OneDNN
  import COneDNN

  /// A convolution by oneDNN, spread over the cores: images of a batch, or the channels of an image alone.
  ///
  /// oneDNN's own threads would go on looking for work for a while, and take the cores from ours.
  struct OneDNNPieces: ConvolutionAlgorithm {
    private let geometry: ConvolutionGeometry
    private let pieces: [Piece]

    /// What one core computes, and how.
    private struct Piece {
      let part: Part
      let convolution: OneDNNConvolution
    }

    private enum Part: Hashable {
      case images(Range<Int>)
      /// Channels of the one image's gradient, or filters of the one result.
      case channels(Range<Int>)
    }

    /// oneDNN's fastest convolution; nil if it has none, only reference code, or is not a match for our own kernels.
    init?(_ task: ConvolutionTask) {
      // Without vectors of 16 numbers oneDNN gives many convolutions to its reference code.
      guard OneDNN.usesBlocks else { return nil }
      let isWinograd = Self.winogradWins(task.product, task.geometry)
      guard
        let pieces = Self(task, isWinograd: isWinograd)
          ?? (isWinograd ? Self(task, isWinograd: false) : nil), !pieces.isReference
      else { return nil }
      self = pieces
    }

    /// Nil if oneDNN has no such convolution.
    init?(_ task: ConvolutionTask, isWinograd: Bool) {
      geometry = task.geometry
      guard geometry.outputShape.elementCount > 0 else { return nil }
      let parts = Self.parts(task.product, geometry)
      // What cannot be cut is left to oneDNN's own threads.
      let threads = parts.count == 1 && geometry.work >> 20 > 0 ? Parallel.threads : 1
      var pieces: [Piece] = []
      for part in parts {
        let key = OneDNNConvolution.Key(
          geometry: Self.cut(geometry, to: part, task.product), product: task.product,
          isWinograd: isWinograd, hasBias: task.hasBias, isRectified: task.isRectified,
          hasConstantKernel: task.hasConstantKernel, threads: threads)
        guard let convolution = OneDNNConvolution.find(key) else { return nil }
        pieces.append(Piece(part: part, convolution: convolution))
      }
      self.pieces = pieces
    }

    /// Whether oneDNN has only reference code for it.
    var isReference: Bool { pieces.contains { $0.convolution.isReference } }

    /// How the work is shared out.
    private static func parts(_ product: ConvolutionTask.Product, _ g: ConvolutionGeometry)
      -> [Part]
    {
      let count = max(min(Parallel.threads, g.batch), 1)
      // In blocks of 16, some channels of an image lie together.
      let result = product == .forward ? g.outputShape : g.inputShape
      let blocks = result[3] / Layout.block
      if count > 1 || product == .kernelGradient || Layout.ofConvolutions(result) == .rowMajor
        || min(blocks, Parallel.threads) < 2 || g.work >> 16 == 0
      {
        return (0..<count).map {
          .images(Parallel.part($0, of: count, g.batch, alignment: 1))
        }
      }
      let pieces = min(Parallel.threads, blocks)
      return (0..<pieces).map {
        let range = Parallel.part($0, of: pieces, blocks, alignment: 1)
        return .channels(range.lowerBound * Layout.block..<range.upperBound * Layout.block)
      }
    }

    /// The part of a convolution that is left of it for a piece.
    private static func cut(
      _ g: ConvolutionGeometry, to part: Part, _ product: ConvolutionTask.Product
    ) -> ConvolutionGeometry {
      var cut = g
      switch part {
      case .images(let images): cut.batch = images.count
      case .channels(let range):
        if product == .inputGradient || g.isDepthwise { cut.channels = range.count }
        if product == .forward || g.isDepthwise { cut.filters = range.count }
      }
      return cut
    }

    /// Whether Winograd's algorithm is the faster one. A rule, not a measurement: the choice shows in the last bits.
    ///
    /// Tiles of 4 x 4 that reach over the border compute for nothing; many channels make up for more of that.
    private static func winogradWins(
      _ product: ConvolutionTask.Product, _ g: ConvolutionGeometry
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

    /// What a piece reads or writes of a tensor.
    ///
    /// - Parameter isWhole: whether all channels are needed, whatever the piece computes.
    private func operand(_ tensor: Tensor, _ part: Part, isWhole: Bool = false) -> OneDNN.Operand {
      let layout = tensor.layout
      var extents = Array(tensor.shape)
      var start = 0
      switch part {
      case .images(let images):
        start = images.lowerBound * tensor.shape.droppingFirst.elementCount
        extents[0] = images.count
      case .channels(let range):
        if isWhole && !geometry.isDepthwise { break }
        start = range.lowerBound * extents[1] * extents[2]
        extents[3] = range.count
      }
      return .init(
        pointer: tensor.pointer(in: layout) + start,
        format: OneDNNConvolution.imageFormat(Shape(extents), layout))
    }

    /// What a reordered kernel is known by: memory may hold several kernels, and cores different parts of them.
    private struct KernelOrder: Hashable {
      let format: OneDNN.Format
      let offset: Int
      let channels, filters: Range<Int>
    }

    /// The kernel as the pieces want it, reordered once for as long as it does not change.
    private func reordered(_ kernel: Tensor, _ product: ConvolutionTask.Product) -> [Storage] {
      let plain = kernel.detached.reordered(to: .rowMajor)
      return pieces.map { piece in
        let format = piece.convolution.kernel
        var (channels, filters) = (0..<kernel.shape[2], 0..<kernel.shape[3])
        if case .channels(let range) = piece.part {
          if product == .forward && !geometry.isDepthwise {
            filters = range
          } else {
            channels = range
          }
        }
        let order = KernelOrder(
          format: format, offset: kernel.offset, channels: channels, filters: filters)
        return kernel.storage.copy(order) {
          let copy = Storage(count: (format.bytes + 3) / 4)
          let isWhole = channels.count == kernel.shape[2] && filters.count == kernel.shape[3]
          let slice = isWhole ? plain : plain[.all, .all, .range(channels), .range(filters)]
          // oneDNN's other threads go on looking for work for a while; only what is done once may wake them.
          LibraryThreads.limit(to: piece.convolution.isPreparedOnce ? Parallel.threads : 1)
          let cut = OneDNNPieces.cut(geometry, to: piece.part, product)
          OneDNN.reorder(
            .init(pointer: slice.pointer, format: OneDNNConvolution.kernelFormat(cut)),
            into: .init(pointer: copy.buffer, format: format))
          withExtendedLifetime(slice) {}
          return copy
        }
      }
    }

    /// What is read only in part lies in blocks of channels.
    private func cuttable(_ tensor: Tensor) -> Tensor {
      guard geometry.isDepthwise, case .channels = pieces[0].part else { return tensor }
      return tensor.reordered(to: .ofConvolutions(tensor.shape))
    }

    /// With the bias and the rectification that the task has.
    func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
      let shape = geometry.outputShape
      let result = Tensor(uninitialized: shape, layout: .ofConvolutions(shape))
      let kernels = reordered(kernel, .forward)
      let input = cuttable(input)
      run { index in
        let part = pieces[index].part
        var bias = bias?.pointer
        if case .channels(let range) = part, let all = bias { bias = all + range.lowerBound }
        pieces[index].convolution.run(
          input: operand(input, part, isWhole: true), kernel: kernels[index].buffer, bias: bias,
          output: operand(result, part))
      }
      withExtendedLifetime((input, kernel, bias, kernels)) {}
      return result
    }

    func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
      let shape = geometry.inputShape
      let result = Tensor(uninitialized: shape, layout: .ofConvolutions(shape))
      let kernels = reordered(kernel, .inputGradient)
      let upstream = cuttable(upstream)
      run { index in
        let part = pieces[index].part
        pieces[index].convolution.run(
          input: operand(result, part), kernel: kernels[index].buffer, bias: nil,
          output: operand(upstream, part, isWhole: true))
      }
      withExtendedLifetime((upstream, kernel, kernels)) {}
      return result
    }

    func kernelGradient(
      _ input: Tensor, _ upstream: Tensor, hasBias: Bool
    ) -> (kernel: Tensor, bias: Tensor?) {
      let parts = pieces.map { Storage(count: ($0.convolution.kernel.bytes + 3) / 4) }
      let biases = pieces.map { _ in Tensor(uninitialized: [hasBias ? geometry.filters : 0]) }
      run { index in
        let part = pieces[index].part
        pieces[index].convolution.run(
          input: operand(input, part), kernel: parts[index].buffer,
          bias: hasBias ? biases[index].pointer : nil, output: operand(upstream, part))
      }
      let format = pieces[0].convolution.kernel
      let result = Tensor(uninitialized: geometry.kernelShape)
      let whole = OneDNN.Operand(
        pointer: result.pointer, format: OneDNNConvolution.kernelFormat(geometry))
      if pieces.allSatisfy({ $0.convolution.kernel == format }) {
        for part in parts.dropFirst() {
          Elementwise.accumulate(part.buffer, into: parts[0].buffer, part.count)
        }
        LibraryThreads.limit()
        OneDNN.reorder(.init(pointer: parts[0].buffer, format: format), into: whole)
      } else {
        LibraryThreads.limit()
        let part = Tensor(uninitialized: geometry.kernelShape)
        for (index, piece) in pieces.enumerated() {
          OneDNN.reorder(
            .init(pointer: parts[index].buffer, format: piece.convolution.kernel),
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
