import CVector

extension DepthwiseConvolution {
  /// `[height, width, channels, 1]`
  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?) {
    let correlation = Correlation.forward(g)
    let (rows, columns) = (correlation.rows, correlation.columns)
    let source = SourceRows(
      ImageMemory(input), channels: g.channels, correlation,
      bandHeight: ImplicitConvolution.bandHeight(
        correlation, batch: g.batch, channels: g.channels))
    let gradients = ImageMemory(upstream)
    let (pixels, taps) = (source.pixels, taps(correlation))
    let aStrides = (rows.step * source.rowStride, columns.step * source.pixelStride)
    let bStrides = (gradients.rowStride, gradients.pixelStride)
    // Three taps side by side, as in kernels of 3 x 3, share what they load.
    let hasTriples = columns.taps.count == 3 && columns.step == 1 && columns.isDense
    // Rows of all images, shared out evenly; each core adds up its own.
    let pieces = max(min(Parallel.threads, g.batch * rows.count), 1)
    let sums = (0..<pieces).map { _ in Tensor.zeros(g.kernelShape) }
    Parallel.run(pieces) { piece in
      let part = Parallel.part(piece, of: pieces, g.batch * rows.count, alignment: 1)
      let sum = sums[piece].pointer
      source.forEachBand(part) { image, band, window in
        let upstream =
          Source(gradients.pointer) + image * gradients.imageStride
          + band.lowerBound * gradients.rowStride
        for block in 0..<blocks {
          let a = window + block * source.vectorStride
          let b = upstream + block * gradients.blockStride
          func add(_ total: Vector, _ tap: Int) {
            let place = sum + taps[tap] + block * 16
            vector_store_first(vector_load(place) + total, place, g.channels - block * 16)
          }
          if hasTriples {
            for tap in stride(from: 0, to: taps.count, by: 3) {
              let totals = Self.dots(
                a + pixels[tap], aStrides, b, bStrides, band.count, columns.count)
              add(totals.0, tap)
              add(totals.1, tap + 1)
              add(totals.2, tap + 2)
            }
          } else {
            for tap in taps.indices {
              add(Self.dot(a + pixels[tap], aStrides, b, bStrides, band.count, columns.count), tap)
            }
          }
        }
      }
    }
    withExtendedLifetime((input, upstream)) {}
    for more in sums.dropFirst() {
      Elementwise.accumulate(more.pointer, into: sums[0].pointer, more.elementCount)
    }
    return (sums[0], hasBias ? upstream.summedOverPixels() : nil)
  }

  /// Of 16 channels, `Σ a · b` over some rows and columns.
  private static func dot(
    _ a: Source, _ aStrides: (row: Int, column: Int), _ b: Source,
    _ bStrides: (row: Int, column: Int), _ rows: Int, _ columns: Int
  ) -> Vector {
    let (aStep, bStep) = (aStrides.column, bStrides.column)
    var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    for row in 0..<rows {
      var (a, b) = (a + row * aStrides.row, b + row * bStrides.row)
      var column = 0
      while column + 4 <= columns {
        s0 = vector_fma(vector_load(a), vector_load(b), s0)
        s1 = vector_fma(vector_load(a + aStep), vector_load(b + bStep), s1)
        s2 = vector_fma(vector_load(a + 2 * aStep), vector_load(b + 2 * bStep), s2)
        s3 = vector_fma(vector_load(a + 3 * aStep), vector_load(b + 3 * bStep), s3)
        a += 4 * aStep
        b += 4 * bStep
        column += 4
      }
      while column < columns {
        s0 = vector_fma(vector_load(a), vector_load(b), s0)
        a += aStep
        b += bStep
        column += 1
      }
    }
    return (s0 + s1) + (s2 + s3)
  }

  /// The same for three taps side by side: with `a`, with the vector after it, and with the one after that.
  private static func dots(
    _ a: Source, _ aStrides: (row: Int, column: Int), _ b: Source,
    _ bStrides: (row: Int, column: Int), _ rows: Int, _ columns: Int
  ) -> (Vector, Vector, Vector) {
    let (aStep, bStep) = (aStrides.column, bStrides.column)
    var (s0, s1, s2) = (Vector.zero, Vector.zero, Vector.zero)
    var (t0, t1, t2) = (Vector.zero, Vector.zero, Vector.zero)
    for row in 0..<rows {
      var (a, b) = (a + row * aStrides.row, b + row * bStrides.row)
      var (a0, a1) = (vector_load(a), vector_load(a + aStep))
      var column = 0
      while column + 2 <= columns {
        let (a2, a3) = (vector_load(a + 2 * aStep), vector_load(a + 3 * aStep))
        let (b0, b1) = (vector_load(b), vector_load(b + bStep))
        s0 = vector_fma(a0, b0, s0)
        s1 = vector_fma(a1, b0, s1)
        s2 = vector_fma(a2, b0, s2)
        t0 = vector_fma(a1, b1, t0)
        t1 = vector_fma(a2, b1, t1)
        t2 = vector_fma(a3, b1, t2)
        (a0, a1) = (a2, a3)
        a += 2 * aStep
        b += 2 * bStep
        column += 2
      }
      if column < columns {
        let b0 = vector_load(b)
        s0 = vector_fma(a0, b0, s0)
        s1 = vector_fma(a1, b0, s1)
        s2 = vector_fma(vector_load(a + 2 * aStep), b0, s2)
      }
    }
    return (s0 + t0, s1 + t1, s2 + t2)
  }
}
