import CVector

/// Convolutions as matrix products: the patch of the image under the kernel, for each place, is a row of a matrix.
///
/// The kernel in its order `[height, width, channels, filters]` is the other matrix as it lies in memory. One
/// image, or a band of its rows, is written out at a time, so that the matrix stays in the cache. Works on every machine,
/// for every convolution.
struct Im2colConvolution: ConvolutionAlgorithm {
  /// How many numbers of patches are written out at once.
  private static let bandSize = 1 << 18

  private let g: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { g = geometry }

  func forward(_ input: Tensor, _ kernel: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    let result = Tensor(uninitialized: g.outputShape)
    Self.forward(input.pointer, kernel.pointer, result.pointer, g)
    withExtendedLifetime((input, kernel)) {}
    return result.addingBias(bias, isRectified: isRectified)
  }

  func inputGradient(_ upstream: Tensor, _ kernel: Tensor) -> Tensor {
    let result = Tensor.zeros(g.inputShape)
    Self.inputGradient(upstream.pointer, kernel.pointer, result.pointer, g)
    withExtendedLifetime((upstream, kernel)) {}
    return result
  }

  func kernelGradient(
    _ input: Tensor, _ upstream: Tensor, hasBias: Bool
  ) -> (kernel: Tensor, bias: Tensor?) {
    let result = Tensor.zeros(g.kernelShape)
    Self.kernelGradient(input.pointer, upstream.pointer, result.pointer, g)
    withExtendedLifetime((input, upstream)) {}
    return (result, hasBias ? upstream.summedOverPixels() : nil)
  }

  // MARK: On memory

  static func forward(
    _ input: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    if g.isDepthwise {
      output.update(repeating: 0, count: g.outputShape.elementCount)
      return forEachTap(g) { pixel, tap, result in
        multiplyAdd(input + pixel, kernel + tap, output + result, g.channels)
      }
    }
    forEachBand(g) { image, rows, patches in
      im2col(input, image, rows, patches, g)
      MatrixProduct.run(
        patches, kernel, into: output + place(image, rows, g), m: rows.count * g.outputWidth,
        n: g.filters, k: patchSize(g))
    }
  }

  /// - Parameter gradient: zeros.
  static func inputGradient(
    _ upstream: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    if g.isDepthwise {
      return forEachTap(g) { pixel, tap, result in
        multiplyAdd(upstream + result, kernel + tap, gradient + pixel, g.channels)
      }
    }
    if g.kernel == 1 && g.stride == 1 {
      // Each pixel is a patch.
      return MatrixProduct.run(
        upstream, kernel, transposeB: true, into: gradient, m: g.batch * g.height * g.width,
        n: g.channels, k: g.filters)
    }
    forEachBand(g, overlaps: true) { image, rows, patches in
      MatrixProduct.run(
        upstream + place(image, rows, g), kernel, transposeB: true, into: patches,
        m: rows.count * g.outputWidth, n: patchSize(g), k: g.filters)
      col2im(patches, image, rows, gradient, g)
    }
  }

  /// - Parameter gradient: zeros.
  static func kernelGradient(
    _ input: UnsafePointer<Float>, _ upstream: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    if g.isDepthwise {
      // Taps are shared by all images.
      for image in 0..<g.batch {
        forEachTap(g, image) { pixel, tap, result in
          multiplyAdd(input + pixel, upstream + result, gradient + tap, g.channels)
        }
      }
      return
    }
    let size = g.kernelShape.elementCount
    let parts = max(min(Parallel.threads, g.batch), 1)
    let sums = (0..<parts).map { _ in Storage(count: size) }
    Parallel.run(parts) { part in
      sums[part].buffer.update(repeating: 0, count: size)
      for image in Parallel.part(part, of: parts, g.batch, alignment: 1) {
        forEachBand(g, image) { rows, patches in
          im2col(input, image, rows, patches, g)
          MatrixProduct.run(
            patches, transposeA: true, upstream + place(image, rows, g), into: sums[part].buffer,
            m: patchSize(g), n: g.filters, k: rows.count * g.outputWidth, accumulate: true)
        }
      }
    }
    for sum in sums { Elementwise.accumulate(sum.buffer, into: gradient, size) }
    withExtendedLifetime(sums) {}
  }

  private static func patchSize(_ g: ConvolutionGeometry) -> Int {
    g.kernel.height * g.kernel.width * g.channels
  }

  /// Where the output of some rows begins.
  private static func place(_ image: Int, _ rows: Range<Int>, _ g: ConvolutionGeometry) -> Int {
    (image * g.outputHeight + rows.lowerBound) * g.outputWidth * g.filters
  }

  // MARK: Bands

  /// Calls `body` with each image, bands of output rows, and room for their patches; side by side.
  ///
  /// - Parameter overlaps: whether neighbouring bands write to the same rows, and so must take turns.
  private static func forEachBand(
    _ g: ConvolutionGeometry, overlaps: Bool = false,
    _ body: (Int, Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    if g.batch >= Parallel.threads {
      return Parallel.run(g.batch) { image in
        forEachBand(g, image) { rows, patches in body(image, rows, patches) }
      }
    }
    let (height, size) = bandExtent(g)
    let bands = (g.outputHeight + height - 1) / height
    let turns = overlaps ? 2 : 1
    for image in 0..<g.batch {
      for turn in 0..<turns {
        Parallel.run((bands - turn + turns - 1) / turns) { index in
          let start = (index * turns + turn) * height
          let patches = Storage(count: size)
          body(image, start..<min(start + height, g.outputHeight), patches.buffer)
          withExtendedLifetime(patches) {}
        }
      }
    }
  }

  private static func forEachBand(
    _ g: ConvolutionGeometry, _ image: Int,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let (height, size) = bandExtent(g)
    let patches = Storage(count: size)
    for start in stride(from: 0, to: g.outputHeight, by: height) {
      body(start..<min(start + height, g.outputHeight), patches.buffer)
    }
    withExtendedLifetime(patches) {}
  }

  /// The rows of a band and the numbers of its patches, with room for the last vector to be whole.
  private static func bandExtent(_ g: ConvolutionGeometry) -> (height: Int, size: Int) {
    let rowSize = max(g.outputWidth * patchSize(g), 1)
    // Of three bands the first and the last never touch.
    let reach = (g.kernel.height * g.dilation.height + g.stride.height - 1) / g.stride.height
    let height = max(min(max(bandSize / rowSize, reach), g.outputHeight), 1)
    return (height, height * rowSize + Layout.block)
  }

  /// Copies the patches under the kernel at some rows of the output; what lies beyond the border is zero.
  private static func im2col(
    _ input: UnsafePointer<Float>, _ image: Int, _ rows: Range<Int>,
    _ patches: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    forEachRun(image, rows, g) { source, target, length in
      guard let source else {
        return (patches + target).update(repeating: 0, count: length)
      }
      // Whole vectors: what is written too much is overwritten by the next run.
      for i in stride(from: 0, to: length, by: 16) {
        vector_store(vector_load(input + source + i), patches + target + i)
      }
    }
  }

  /// Adds patches back to where they came from.
  private static func col2im(
    _ patches: UnsafePointer<Float>, _ image: Int, _ rows: Range<Int>,
    _ gradient: UnsafeMutablePointer<Float>, _ g: ConvolutionGeometry
  ) {
    forEachRun(image, rows, g) { source, target, length in
      guard let source else { return }
      let (from, to) = (patches + target, gradient + source)
      var i = 0
      while i + 16 <= length {
        vector_store(vector_load(to + i) + vector_load(from + i), to + i)
        i += 16
      }
      if i < length {
        vector_store_first(vector_load(to + i) + vector_load(from + i), to + i, length - i)
      }
    }
  }

  /// Calls `body` with the position in the image, nil beyond the border, the position in the patches and the length of
  /// each run of numbers that lie together in both.
  @inline(__always)
  private static func forEachRun(
    _ image: Int, _ rows: Range<Int>, _ g: ConvolutionGeometry, _ body: (Int?, Int, Int) -> Void
  ) {
    // Without gaps between them, the pixels of a row of the kernel lie together.
    let together = g.dilation.width == 1 ? g.kernel.width : 1
    var target = 0
    @inline(__always) func visit(_ source: Int?, _ pixels: Int) {
      if pixels > 0 { body(source, target, pixels * g.channels) }
      target += pixels * g.channels
    }
    for row in rows {
      for column in 0..<g.outputWidth {
        for i in 0..<g.kernel.height {
          let y = row * g.stride.height + i * g.dilation.height - g.top
          for j in stride(from: 0, to: g.kernel.width, by: together) {
            let x = column * g.stride.width + j * g.dilation.width - g.left
            let before = y < 0 || y >= g.height ? together : min(max(-x, 0), together)
            let inside = max(min(together, g.width - x) - before, 0)
            visit(nil, before)
            visit(((image * g.height + y) * g.width + x + before) * g.channels, inside)
            visit(nil, together - before - inside)
          }
        }
      }
    }
  }

  // MARK: Depthwise

  /// Calls `body` with the positions of a pixel, a tap of the kernel and a result that belong together.
  private static func forEachTap(_ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void) {
    Parallel.run(g.batch) { image in forEachTap(g, image, body) }
  }

  private static func forEachTap(
    _ g: ConvolutionGeometry, _ image: Int, _ body: (Int, Int, Int) -> Void
  ) {
    for row in 0..<g.outputHeight {
      for column in 0..<g.outputWidth {
        let result = ((image * g.outputHeight + row) * g.outputWidth + column) * g.channels
        for i in 0..<g.kernel.height {
          let y = row * g.stride.height + i * g.dilation.height - g.top
          if y < 0 || y >= g.height { continue }
          for j in 0..<g.kernel.width {
            let x = column * g.stride.width + j * g.dilation.width - g.left
            if x < 0 || x >= g.width { continue }
            body(
              ((image * g.height + y) * g.width + x) * g.channels,
              (i * g.kernel.width + j) * g.channels, result)
          }
        }
      }
    }
  }

  /// `y += a · b`
  @inline(__always)
  private static func multiplyAdd(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    var c = 0
    while c + 16 <= count {
      vector_store(
        vector_fma(vector_load(a + c), vector_load(b + c), vector_load(y + c)), y + c)
      c += 16
    }
    while c < count {
      y[c] += a[c] * b[c]
      c += 1
    }
  }
}
