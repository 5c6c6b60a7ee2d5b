/// Convolutions as matrix products of which no matrix is written out.
///
/// What the kernel meets of an image's row lies together in memory, in row-major order as well as in blocks of channels:
/// it is a run of factors for ``RegisterTile``, whose rows are neighbouring pixels and whose columns are filters. Only
/// the kernel is packed, and images that zeros surround are copied, a band of rows at a time. All three products of a
/// convolution are of this kind; any stride and dilation will do.
struct ImplicitConvolution: ConvolutionAlgorithm {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  /// How many numbers of the images a band has, and of the kernel a panel, so that both stay in a core's cache.
  private static let (bandSize, panelSize) = (1 << 16, 1 << 15)

  let g: ConvolutionGeometry

  /// Nil if there is nothing to compute, or each channel has a kernel of its own.
  init?(_ geometry: ConvolutionGeometry) {
    if geometry.isDepthwise || geometry.outputShape.elementCount == 0 { return nil }
    g = geometry
  }

  // MARK: Results and gradients of images

  /// `[batch, height, width, filters]` in the layout of convolutions.
  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    let result = Tensor(
      uninitialized: g.outputShape, layout: Layout.ofConvolutions(g.outputShape))
    let correlation = Correlation.forward(g)
    let packed = packed(kernel, [correlation], input.layout, isTransposed: false)
    correlate(
      input, correlation, Source(packed.buffer), bias: bias, isRectified: isRectified, into: result)
    withExtendedLifetime(packed) {}
    return result
  }

  /// `[batch, height, width, channels]` in the layout of convolutions.
  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
    let result = Tensor(uninitialized: g.inputShape, layout: Layout.ofConvolutions(g.inputShape))
    let correlations = Correlation.inputGradient(g)
    let packed = packed(kernel, correlations, upstream.layout, isTransposed: true)
    var panel = Source(packed.buffer)
    for correlation in correlations {
      correlate(upstream, correlation, panel, bias: nil, isRectified: false, into: result)
      panel += PackedKernel.size(correlation, channels: g.filters, filters: g.channels)
    }
    withExtendedLifetime(packed) {}
    return result
  }

  /// How many rows of results are computed at once: few enough for the cache, and for all cores to have some.
  static func bandHeight(_ correlation: Correlation, batch: Int, channels: Int) -> Int {
    let (rows, columns) = (correlation.rows, correlation.columns)
    let rowSize = max(columns.reach * rows.step * channels, 1)
    let bands = max((4 * Parallel.threads + batch - 1) / max(batch, 1), 1)
    return max(min(bandSize / rowSize, (rows.count + bands - 1) / bands), 1)
  }

  /// - Parameters:
  ///   - kernel: a panel for each tile of filters.
  ///   - result: is written where the correlation says; the rest is left as it is.
  private func correlate(
    _ images: Tensor, _ correlation: Correlation, _ kernel: Source, bias: Tensor?,
    isRectified: Bool, into result: Tensor
  ) {
    let (rows, columns) = (correlation.rows, correlation.columns)
    let (channels, filters) = (images.shape[3], result.shape[3])
    let height = Self.bandHeight(correlation, batch: g.batch, channels: channels)
    let source = SourceRows(
      ImageMemory(images), channels: channels, correlation, bandHeight: height)
    let (target, blocks) = (ImageMemory(result), (filters + 15) / 16)
    let offsets = Tensor.zeros([blocks * 16])
    if let bias { offsets.pointer.update(from: bias.pointer, count: filters) }
    let start = offsets.pointer
    let bands = (rows.count + height - 1) / height
    let stepCount = channels * rows.taps.count * columns.taps.count
    source.runs.withUnsafeBufferPointer { runs in
      nonisolated(unsafe) let runs = runs
      Parallel.run(g.batch * bands) { item in
        let (image, first) = (item / bands, item % bands * height)
        let band = first..<min(first + height, rows.count)
        let room = source.makeRoom()
        let window = source.window(image, band, room)
        RegisterTile.forEachTile(of: blocks) { block, vectors in
          let width = vectors * 16
          let runSize = source.runLength * width
          let panelRuns = max(Self.panelSize / max(runSize, 1), 1)
          var run = 0
          repeat {
            let steps = RegisterTile.Steps(
              runs: min(panelRuns, runs.count - run), length: source.runLength,
              left: runs.baseAddress.map { $0 + run }, rightStride: runSize, leftStep: 1,
              rightStep: width, rowStride: columns.step * source.pixelStride, vectorStride: 16)
            let lanes = min(filters - (block + vectors - 1) * 16, 16)
            let isLast = run + panelRuns >= runs.count
            for row in band {
              let line =
                target.pointer + image * target.imageStride + block * target.blockStride
                + (rows.first + row * rows.spacing) * target.rowStride
                + columns.first * target.pixelStride
              let left = window + (row - first) * rows.step * source.rowStride
              let place = RegisterTile.Place(
                pointer: line, rowStride: columns.spacing * target.pixelStride,
                vectorStride: target.blockStride)
              RegisterTile.add(
                rows: columns.count, vectors: vectors, left,
                kernel + block * 16 * stepCount + run * runSize, steps,
                .init(
                  start: run == 0
                    ? .init(pointer: start + block * 16, rowStride: 0, vectorStride: 16) : place,
                  result: place, lanes: lanes, isRectified: isRectified && isLast))
            }
            run += panelRuns
          } while run < runs.count
        }
        withExtendedLifetime(room) {}
      }
    }
    withExtendedLifetime((images, bias, offsets, result)) {}
  }

  // MARK: Packed kernels

  /// What a packed kernel is known by: memory may hold several kernels.
  private struct KernelPanels: Hashable {
    let shape: Shape
    let offset: Int
    let correlations: [Correlation]
    let isBlocked, isTransposed: Bool
  }

  /// The kernel in panels, packed once for as long as it does not change.
  private func packed(
    _ kernel: Tensor, _ correlations: [Correlation], _ layout: Layout, isTransposed: Bool
  ) -> Storage {
    let plain = kernel.pointer
    let panels = KernelPanels(
      shape: kernel.shape, offset: kernel.offset, correlations: correlations,
      isBlocked: layout != .rowMajor, isTransposed: isTransposed)
    let (channels, filters) = isTransposed ? (g.filters, g.channels) : (g.channels, g.filters)
    return kernel.storage.copy(panels) {
      let sizes = correlations.map {
        PackedKernel.size($0, channels: channels, filters: filters)
      }
      let packed = Storage(count: sizes.reduce(0, +))
      var target = packed.buffer
      for (correlation, size) in zip(correlations, sizes) {
        PackedKernel(g, correlation, isBlocked: layout != .rowMajor, isTransposed: isTransposed)
          .pack(plain, into: target)
        target += size
      }
      withExtendedLifetime(kernel) {}
      return packed
    }
  }
}
