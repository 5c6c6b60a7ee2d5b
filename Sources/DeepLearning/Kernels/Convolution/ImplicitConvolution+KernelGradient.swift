extension ImplicitConvolution {
  /// How many numbers of the images and the gradient are gone through in one go, so that they stay in the nearest cache.
  private static let stretchSize = 1 << 13

  /// `[height, width, channels, filters]`
  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?) {
    let correlation = Correlation.forward(g)
    let rows = correlation.rows.count
    let packedSize = PackedKernel.size(correlation, channels: g.channels, filters: g.filters)
    let height = Self.bandHeight(correlation, batch: g.batch, channels: g.channels + g.filters)
    let source = SourceRows(
      ImageMemory(input), channels: g.channels, correlation, bandHeight: height)
    let gradients = ImageMemory(upstream)
    // Rows of all images, shared out evenly; each core adds up its own.
    let pieces = max(min(Parallel.threads, g.batch * rows), 1)
    let sums = (0..<pieces).map { _ in Storage(count: packedSize) }
    Parallel.run(pieces) { piece in
      sums[piece].buffer.update(repeating: 0, count: packedSize)
      let part = Parallel.part(piece, of: pieces, g.batch * rows, alignment: 1)
      source.forEachBand(part) { image, band, window in
        add(
          window, source, correlation, rows: band.count,
          gradients.pointer + image * gradients.imageStride
            + band.lowerBound * gradients.rowStride,
          gradients, into: sums[piece].buffer)
      }
    }
    let sum = sums[0].buffer
    Parallel.ranges(packedSize, grain: 1 << 14) { range in
      for more in sums.dropFirst() {
        Elementwise.accumulate(
          more.buffer + range.lowerBound, into: sum + range.lowerBound, range.count)
      }
    }
    let result = Tensor(uninitialized: g.kernelShape)
    PackedKernel(g, correlation, isBlocked: source.groups > 1, isTransposed: false)
      .unpack(sum, into: result.pointer)
    withExtendedLifetime((input, upstream, sums)) {}
    return (result, hasBias ? upstream.summedOverPixels() : nil)
  }

  /// Adds the products of some rows of an image with their gradients to a packed kernel.
  ///
  /// The rows of a tile are the numbers of a run that the kernel meets: pixels are the steps.
  private func add(
    _ window: Source, _ source: SourceRows, _ correlation: Correlation, rows: Int,
    _ upstream: Source, _ gradients: ImageMemory, into sum: Target
  ) {
    let (columns, runs) = (correlation.columns, source.runs)
    let stepCount = runs.count * source.runLength
    let rowStep = correlation.rows.step * source.rowStride
    let lines = (0..<rows).map { $0 * rowStep }
    let lineSize = columns.count * (source.pixelStride * columns.step + 3 * Layout.block)
    let stretch = max(Self.stretchSize / max(lineSize, 1), 1)
    lines.withUnsafeBufferPointer { lines in
      guard let lines = lines.baseAddress else { return }
      for first in stride(from: 0, to: rows, by: stretch) {
        RegisterTile.forEachTile(of: (g.filters + 15) / 16) { block, vectors in
          let width = vectors * 16
          let steps = RegisterTile.Steps(
            runs: min(stretch, rows - first), length: columns.count, left: lines + first,
            rightStride: gradients.rowStride, leftStep: columns.step * source.pixelStride,
            rightStep: gradients.pixelStride, rowStride: 1, vectorStride: gradients.blockStride)
          let right = upstream + first * gradients.rowStride + block * gradients.blockStride
          let panel = sum + block * 16 * stepCount
          for (index, run) in runs.enumerated() {
            let place = RegisterTile.Place(
              pointer: panel + index * source.runLength * width, rowStride: width,
              vectorStride: 16)
            RegisterTile.add(
              rows: source.runLength, vectors: vectors, window + run, right, steps,
              .init(start: place, result: place))
          }
        }
      }
    }
  }
}
