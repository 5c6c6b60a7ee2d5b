import CVector

/// Convolutions in which each channel has a kernel of its own: sums of products of vectors of 16 channels.
struct DepthwiseConvolution: ConvolutionAlgorithm {
  typealias Vector = SIMD16<Float>
  typealias Source = UnsafePointer<Float>

  let g: ConvolutionGeometry
  var blocks: Int { (g.channels + 15) / 16 }

  /// Nil if there is nothing to compute, or channels are summed over.
  init?(_ geometry: ConvolutionGeometry) {
    guard geometry.isDepthwise, geometry.outputShape.elementCount > 0 else { return nil }
    g = geometry
  }

  /// `[batch, height, width, channels]` in the layout of convolutions.
  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    let result = Tensor(
      uninitialized: g.outputShape, layout: Layout.ofConvolutions(g.outputShape))
    correlate(input, .forward(g), kernel, bias: bias, isRectified: isRectified, into: result)
    return result
  }

  /// `[batch, height, width, channels]` in the layout of convolutions.
  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
    let result = Tensor(uninitialized: g.inputShape, layout: Layout.ofConvolutions(g.inputShape))
    for correlation in Correlation.inputGradient(g) {
      correlate(upstream, correlation, kernel, bias: nil, isRectified: false, into: result)
    }
    return result
  }

  private func correlate(
    _ images: Tensor, _ correlation: Correlation, _ kernel: Tensor, bias: Tensor?,
    isRectified: Bool, into result: Tensor
  ) {
    let (rows, columns) = (correlation.rows, correlation.columns)
    let height = ImplicitConvolution.bandHeight(
      correlation, batch: g.batch, channels: g.channels)
    let source = SourceRows(
      ImageMemory(images), channels: g.channels, correlation, bandHeight: height)
    let (target, weights) = (ImageMemory(result), kernel.pointer)
    let bands = (rows.count + height - 1) / height
    let (pixels, taps) = (source.pixels, taps(correlation))
    let step = columns.step * source.pixelStride
    Parallel.run(g.batch * bands) { item in
      let (image, first) = (item / bands, item % bands * height)
      let band = first..<min(first + height, rows.count)
      let room = source.makeRoom()
      let window = source.window(image, band, room)
      for block in 0..<blocks {
        let line = Line(
          count: columns.count, step: step, weights: Source(weights) + block * 16,
          start: bias.map { vector_load($0.pointer + block * 16) } ?? .zero,
          spacing: columns.spacing * target.pixelStride,
          lanes: min(g.channels - block * 16, 16), isRectified: isRectified)
        for row in band {
          line.sum(
            window + block * source.vectorStride + (row - first) * rows.step * source.rowStride,
            pixels, taps,
            into: target.pointer + image * target.imageStride + block * target.blockStride
              + (rows.first + row * rows.spacing) * target.rowStride
              + columns.first * target.pixelStride)
        }
      }
      withExtendedLifetime(room) {}
    }
    withExtendedLifetime((images, kernel, bias, result)) {}
  }

  /// Where the taps of a correlation begin in the kernel.
  func taps(_ correlation: Correlation) -> [Int] {
    correlation.rows.taps.flatMap { row in
      correlation.columns.taps.map { (row * g.kernel.width + $0) * g.channels }
    }
  }

  /// A row of results, 16 channels of it.
  private struct Line {
    let count, step: Int
    let weights: Source
    let start: Vector
    /// From one result to the next.
    let spacing: Int
    let lanes: Int
    let isRectified: Bool

    func sum(
      _ source: Source, _ pixels: [Int], _ taps: [Int], into target: UnsafeMutablePointer<Float>
    ) {
      pixels.withUnsafeBufferPointer { pixels in
        taps.withUnsafeBufferPointer { taps in
          var column = 0
          while column < count {
            // Four at a time; the last four may overlap those before.
            if count >= 4 { column = min(column, count - 4) }
            let x = source + column * step
            var (s0, s1, s2, s3) = (start, start, start, start)
            if count >= 4 {
              for tap in 0..<taps.count {
                let (w, x) = (vector_load(weights + taps[tap]), x + pixels[tap])
                s0 = vector_fma(w, vector_load(x), s0)
                s1 = vector_fma(w, vector_load(x + step), s1)
                s2 = vector_fma(w, vector_load(x + 2 * step), s2)
                s3 = vector_fma(w, vector_load(x + 3 * step), s3)
              }
            } else {
              for tap in 0..<taps.count {
                s0 = vector_fma(vector_load(weights + taps[tap]), vector_load(x + pixels[tap]), s0)
              }
            }
            store(s0, target + column * spacing)
            column += 1
            if count < 4 { continue }
            store(s1, target + column * spacing)
            store(s2, target + (column + 1) * spacing)
            store(s3, target + (column + 2) * spacing)
            column += 3
          }
        }
      }
    }

    @inline(__always)
    private func store(_ sum: Vector, _ target: UnsafeMutablePointer<Float>) {
      let sum = isRectified ? sum.replacing(with: 0, where: sum .< 0) : sum
      vector_store_first(sum, target, lanes)
    }
  }
}
