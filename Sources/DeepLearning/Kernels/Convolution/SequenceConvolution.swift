/// Convolutions over time, by products that stay in a core's cache.
///
/// In a sequence `[time, channels]` a window is a stretch of consecutive numbers: the windows are the rows of a
/// matrix that need not be written out, only read with rows that overlap. Each core takes some samples. Sequences are
/// images of height 1 to the geometry.
struct SequenceConvolution {
  private let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  private var kernel: Int { geometry.kernel.width }
  private var dilation: Int { geometry.dilation.width }
  private var channels: Int { geometry.channels }
  private var filters: Int { geometry.filters }
  private var time: Int { geometry.width }
  private var timeSteps: Int { geometry.outputWidth }
  /// The time steps together with the zeros before and after.
  private var paddedTime: Int { geometry.left + time + geometry.right }
  private var isPadded: Bool { paddedTime > time }
  private var filterWidth: Int { (filters + 15) & ~15 }
  private var channelWidth: Int { (channels + 15) & ~15 }
  /// The stretches of a window that are read in one go: all of it, or its time steps if there are gaps between them.
  private var stretches: Int { dilation == 1 ? 1 : kernel }
  private var stretchLength: Int { kernel * channels / stretches }

  /// How many pieces the batch is worked on in, and the samples of each.
  private var pieces: [Range<Int>] {
    let count = max(min(Parallel.threads, geometry.batch), 1)
    return (0..<count).map { Parallel.part($0, of: count, geometry.batch, alignment: 1) }
  }

  /// Computes `input * kernel + bias`, rectified if wanted.
  ///
  /// - Parameters:
  ///   - x: `[batch, time, channels]`
  ///   - weights: `[kernel, channels, filters]`
  ///   - bias: `[filters]`, or nil.
  /// - Returns: `[batch, time, filters]`
  func forward(_ x: Tensor, _ weights: Tensor, bias: Tensor?, isRectified: Bool) -> Tensor {
    let padded = weights.paddingRows(to: filterWidth)
    let packed = (0..<stretches).map {
      PackedMatrix(
        padded.pointer + $0 * stretchLength * filterWidth, stride: filterWidth,
        rows: stretchLength, columns: filterWidth)
    }
    let offsets = bias.map { $0.paddingRows(to: filterWidth) } ?? .zeros([filterWidth])
    let result = Tensor(uninitialized: [geometry.batch, timeSteps, filters])
    let pieces = pieces
    Parallel.run(pieces.count) { piece in
      let input = Tensor(uninitialized: [paddedTime, channels])
      let output = Tensor(uninitialized: [timeSteps, filterWidth])
      for sample in pieces[piece] {
        let source = padding(x, sample, in: input)
        let target = result.pointer + sample * timeSteps * filters
        let wide = filters == filterWidth ? target : output.pointer
        var (start, stride) = (UnsafePointer(offsets.pointer), 0)
        for (index, matrix) in packed.enumerated() {
          TileProduct.multiply(
            source + index * dilation * channels, aStride: geometry.stride.width * channels,
            rows: timeSteps, matrix, start: start, startStride: stride, into: wide,
            cStride: filterWidth)
          (start, stride) = (UnsafePointer(wide), filterWidth)
        }
        if wide != target {
          Parallel.copy(timeSteps, filters, from: wide, filterWidth, to: target, filters)
        }
        if isRectified { Elementwise.activate(.relu, target, target, timeSteps * filters) }
      }
    }
    withExtendedLifetime((x, padded, offsets)) {}
    return result
  }

  /// Computes the gradients of kernel and bias.
  ///
  /// - Parameters:
  ///   - x: `[batch, time, channels]`
  ///   - upstream: `[batch, time, filters]`
  /// - Returns: `[kernel, channels, filters]` and `[filters]`.
  func kernelGradient(_ x: Tensor, _ upstream: Tensor) -> (kernel: Tensor, bias: Tensor) {
    let pieces = pieces
    let sums = pieces.map { _ in Tensor.zeros([kernel * channels + 1, filterWidth]) }
    Parallel.run(pieces.count) { piece in
      let input = Tensor(uninitialized: [paddedTime, channels])
      let sum = sums[piece].pointer
      for sample in pieces[piece] {
        let source = padding(x, sample, in: input)
        let gradient = upstream.pointer + sample * timeSteps * filters
        for index in 0..<stretches {
          // What is read beyond the last filter goes into columns that are not used.
          TileProduct.accumulateTransposed(
            source + index * dilation * channels, aStride: geometry.stride.width * channels,
            rows: stretchLength, gradient, bStride: filters, columns: filterWidth, steps: timeSteps,
            into: sum + index * stretchLength * filterWidth, cStride: filterWidth)
        }
        CellKernels.addRows(
          gradient, stride: filters, rows: timeSteps, columns: filterWidth,
          to: sum + kernel * channels * filterWidth)
      }
      withExtendedLifetime(input) {}
    }
    withExtendedLifetime((x, upstream)) {}
    for more in sums.dropFirst() {
      Elementwise.accumulate(more.pointer, into: sums[0].pointer, more.elementCount)
    }
    let (kernelGradient, biasGradient) = (
      Tensor(uninitialized: [kernel, channels, filters]), Tensor(uninitialized: [filters])
    )
    let rows = kernel * channels
    Parallel.copy(
      rows, filters, from: sums[0].pointer, filterWidth, to: kernelGradient.pointer, filters)
    Parallel.copy(
      1, filters, from: sums[0].pointer + rows * filterWidth, filterWidth,
      to: biasGradient.pointer, filters)
    withExtendedLifetime(sums) {}
    return (kernelGradient, biasGradient)
  }

  /// Computes the gradient of the input.
  ///
  /// - Parameters:
  ///   - upstream: `[batch, time, filters]`
  ///   - weights: `[kernel, channels, filters]`
  /// - Returns: `[batch, time, channels]`
  func inputGradient(_ upstream: Tensor, _ weights: Tensor) -> Tensor {
    let turned = (0..<kernel).map { index in
      let matrix = weights.rows(index..<index + 1).reshaped([channels, filters]).transposed()
        .paddingRows(to: channelWidth)
      defer { withExtendedLifetime(matrix) {} }
      return PackedMatrix(
        matrix.pointer, stride: channelWidth, rows: filters, columns: channelWidth)
    }
    let result = Tensor(uninitialized: [geometry.batch, time, channels])
    let isDirect = !isPadded && channels == channelWidth
    let pieces = pieces
    Parallel.run(pieces.count) { piece in
      let wide = Tensor(uninitialized: isDirect ? [0] : [paddedTime, channelWidth])
      for sample in pieces[piece] {
        let target = result.pointer + sample * time * channels
        let sum = isDirect ? target : wide.pointer
        sum.update(repeating: 0, count: paddedTime * channelWidth)
        for (index, matrix) in turned.enumerated() {
          let start = sum + index * dilation * channelWidth
          TileProduct.multiply(
            upstream.pointer + sample * timeSteps * filters, aStride: filters, rows: timeSteps,
            matrix,
            start: start, startStride: geometry.stride.width * channelWidth, into: start,
            cStride: geometry.stride.width * channelWidth)
        }
        if !isDirect {
          Parallel.copy(
            time, channels, from: sum + geometry.left * channelWidth, channelWidth, to: target,
            channels)
        }
      }
    }
    withExtendedLifetime(upstream) {}
    return result
  }

  /// A sample with the zeros around it, in `room` if there are any.
  private func padding(
    _ x: Tensor, _ sample: Int, in room: Tensor
  ) -> UnsafePointer<Float> {
    let source = x.pointer + sample * time * channels
    if !isPadded { return UnsafePointer(source) }
    let target = room.pointer
    target.update(repeating: 0, count: paddedTime * channels)
    (target + geometry.left * channels).update(from: source, count: time * channels)
    return UnsafePointer(target)
  }
}

extension Tensor {
  /// The rows of the last axis with zeros behind them.
  fileprivate func paddingRows(to width: Int) -> Tensor {
    if rowLength == width { return detached }
    let result = Tensor.zeros([rowCount, width])
    Parallel.copy(rowCount, rowLength, from: pointer, rowLength, to: result.pointer, width)
    return result
  }
}
