/// How results and sources of a convolution's product belong together along one axis.
///
/// Result `i` is the sum over the taps of what lies at `step · i + offset` of the source; it is written to `first +
/// spacing · i`.
struct TapAxis: Hashable {
  /// The taps of the kernel (its positions, as those of a filter in signal processing) that take part, and the offset of
  /// each, in ascending order of offsets.
  let taps, offsets: [Int]
  let step, count: Int
  let first, spacing: Int
  /// The source's extent.
  let extent: Int

  /// How far the first window begins before the source, and how much of the source all windows reach over.
  var start: Int { offsets.first ?? 0 }
  var reach: Int { reach(of: count) }
  /// What some neighbouring results read.
  func reach(of count: Int) -> Int { (count - 1) * step + (offsets.last ?? 0) - start + 1 }
  /// Whether windows reach over the source's ends.
  var isPadded: Bool { !taps.isEmpty && (start < 0 || start + reach > extent) }
  /// Whether the taps lie without gaps.
  var isDense: Bool { zip(offsets, offsets.dropFirst()).allSatisfy { $1 == $0 + 1 } }
}

/// One of the sums of products that make up a convolution, with the extents of images and kernel.
///
/// A convolution's result is one. The gradient of its input is one for each place within a stride: the pixels in
/// between meet other taps of the kernel.
struct Correlation: Hashable {
  let rows, columns: TapAxis

  static func forward(_ g: ConvolutionGeometry) -> Correlation {
    func axis(
      _ taps: Int, _ dilation: Int, _ stride: Int, _ before: Int, _ extent: Int, _ count: Int
    ) -> TapAxis {
      TapAxis(
        taps: Array(0..<taps), offsets: (0..<taps).map { $0 * dilation - before }, step: stride,
        count: count, first: 0, spacing: 1, extent: extent)
    }
    return Correlation(
      rows: axis(
        g.kernel.height, g.dilation.height, g.stride.height, g.top, g.height, g.outputHeight),
      columns: axis(
        g.kernel.width, g.dilation.width, g.stride.width, g.left, g.width, g.outputWidth))
  }

  /// The correlations of the result's gradient that together make the input's.
  static func inputGradient(_ g: ConvolutionGeometry) -> [Correlation] {
    func axes(
      _ taps: Int, _ dilation: Int, _ stride: Int, _ before: Int, _ extent: Int, _ source: Int
    ) -> [TapAxis] {
      (0..<min(stride, extent)).map { phase in
        // Descending taps have ascending offsets.
        let meeting = (0..<taps).reversed().filter {
          (phase + before - $0 * dilation) % stride == 0
        }
        return TapAxis(
          taps: meeting, offsets: meeting.map { (phase + before - $0 * dilation) / stride },
          step: 1, count: (extent - phase + stride - 1) / stride, first: phase, spacing: stride,
          extent: source)
      }
    }
    let rows = axes(
      g.kernel.height, g.dilation.height, g.stride.height, g.top, g.height, g.outputHeight)
    let columns = axes(
      g.kernel.width, g.dilation.width, g.stride.width, g.left, g.width, g.outputWidth)
    return rows.flatMap { row in columns.map { Correlation(rows: row, columns: $0) } }
  }
}

/// Rows of an image batch as a correlation reads them: where they are, or in a copy with zeros around the image.
struct SourceRows {
  /// Channels lie together in groups: all of them in row-major order, else 16.
  let groups, groupSize: Int
  /// From one pixel, row and group of channels to the next.
  let pixelStride, rowStride, groupStride: Int
  private let images: ImageMemory
  private let correlation: Correlation
  private let isCopied: Bool
  /// How many results' rows one copy serves.
  let bandHeight: Int

  /// - Parameters:
  ///   - channels: of the images.
  ///   - bandHeight: how many rows of results are computed at once.
  init(_ images: ImageMemory, channels: Int, _ correlation: Correlation, bandHeight: Int) {
    (self.images, self.correlation, self.bandHeight) = (images, correlation, bandHeight)
    let isBlocked = images.pixelStride != channels || channels == Layout.block
    groupSize = isBlocked ? Layout.block : channels
    groups = isBlocked ? channels / Layout.block : 1
    let (rows, columns) = (correlation.rows, correlation.columns)
    isCopied = rows.isPadded || columns.isPadded
    pixelStride = groupSize
    rowStride = isCopied ? columns.reach * groupSize : images.rowStride
    groupStride = isCopied ? rows.reach(of: bandHeight) * rowStride : images.blockStride
  }

  /// Room for one copy.
  func makeRoom() -> Storage { Storage(count: isCopied ? groups * groupStride : 0) }

  /// The first window's first pixel for some rows of results of an image.
  ///
  /// - Parameter room: overwritten if a copy is needed.
  func window(_ image: Int, _ results: Range<Int>, _ room: Storage) -> UnsafePointer<Float> {
    let (rows, columns) = (correlation.rows, correlation.columns)
    let top = results.lowerBound * rows.step + rows.start
    let source = UnsafePointer(images.pointer) + image * images.imageStride
    if !isCopied { return source + top * rowStride + columns.start * pixelStride }
    let before = min(max(-columns.start, 0), columns.reach)
    let first = columns.start + before
    let inside = max(min(columns.extent - first, columns.reach - before), 0)
    for group in 0..<groups {
      for row in 0..<rows.reach(of: results.count) {
        let target = room.buffer + group * groupStride + row * rowStride
        let y = top + row
        if y < 0 || y >= rows.extent {
          target.update(repeating: 0, count: rowStride)
          continue
        }
        target.update(repeating: 0, count: before * groupSize)
        (target + before * groupSize).update(
          from: source + group * images.blockStride + y * images.rowStride + first * groupSize,
          count: inside * groupSize)
        (target + (before + inside) * groupSize).update(
          repeating: 0, count: rowStride - (before + inside) * groupSize)
      }
    }
    return UnsafePointer(room.buffer)
  }

  /// Calls `body` with rows of results that lie in one image, a band at a time, and their first window's first pixel.
  ///
  /// - Parameter rows: of all images, counted through.
  func forEachBand(
    _ rows: Range<Int>, _ body: (_ image: Int, _ rows: Range<Int>, UnsafePointer<Float>) -> Void
  ) {
    let (room, height) = (makeRoom(), correlation.rows.count)
    var next = rows.lowerBound
    while next < rows.upperBound {
      let (image, row) = (next / height, next % height)
      let band = row..<row + min(bandHeight, height - row, rows.upperBound - next)
      body(image, band, window(image, band, room))
      next += band.count
    }
    withExtendedLifetime(room) {}
  }

  /// From one vector of 16 channels to the next.
  var vectorStride: Int { groups == 1 ? Layout.block : groupStride }

  /// Where, from a window's first pixel, the pixels lie that the taps of the kernel meet.
  var pixels: [Int] {
    let (rows, columns) = (correlation.rows, correlation.columns)
    return rows.offsets.flatMap { row in
      columns.offsets.map { column in
        (row - rows.start) * rowStride + (column - columns.start) * pixelStride
      }
    }
  }

  /// Where, from a window's first pixel, the runs of numbers begin that the kernel meets, group after group.
  var runs: [Int] {
    let width = correlation.columns.offsets.count
    let starts = pixels.enumerated().filter {
      !correlation.columns.isDense || $0.offset % width == 0
    }
    return (0..<groups).flatMap { group in starts.map { group * groupStride + $0.element } }
  }

  /// How many numbers a run has.
  var runLength: Int {
    (correlation.columns.isDense ? correlation.columns.offsets.count : 1) * groupSize
  }
}
