import CVector

/// Convolutions by Winograd's algorithm on tiles of 8 x 8 pixels, or of 8 pixels in a line.
///
/// With kernels of r x r a tile yields 9 - r results each way: for r = 5, 64 multiplications make 16 results instead of
/// 25 each. Image tiles (V) and kernel (U) are transformed; for each of the 64 points, all tiles times the kernel are a
/// matrix product; what comes out (M) is transformed back. The input's gradient is the result of the mirrored convolution,
/// the kernel's goes the same way in reverse, through the transposed transformations. Along an axis in which the kernel
/// has an extent of 1 (1 x 7) there is nothing to transform, and a tile is 1 pixel. See ``TileTransforms`` and
/// ``Convolution``.
///
/// Where the transformed kernel is small, each core takes some tiles at a time through all three steps, while their
/// numbers stay in its cache. Where it is large, all cores share each step of many tiles, so that the kernel is read
/// seldom.
struct WinogradConvolution {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  /// How many numbers of V and M are worked on at once, so that they stay in the processor's cache, or in one core's.
  private static let (sharedChunkSize, ownChunkSize) = (1 << 22, 1 << 17)

  let g: ConvolutionGeometry
  /// The extents of a tile, in points and in results.
  let points, results: Extent2D
  let tileRows, tileColumns: Int
  var pointCount: Int { points.height * points.width }
  private var tiles: Int { g.batch * tileRows * tileColumns }

  /// Nil if the algorithm does not apply.
  init?(_ geometry: ConvolutionGeometry) {
    g = geometry
    let kernel = g.kernel
    guard kernel != 1, max(kernel.height, kernel.width) <= 7, g.stride == 1, g.dilation == 1,
      !g.isDepthwise, g.channels % Self.block == 0, g.filters % Self.block == 0,
      g.outputShape.elementCount > 0
    else { return nil }
    points = Extent2D(
      height: TileTransforms.points(kernel.height), width: TileTransforms.points(kernel.width))
    results = Extent2D(
      height: points.height + 1 - kernel.height, width: points.width + 1 - kernel.width)
    tileRows = (g.outputHeight + results.height - 1) / results.height
    tileColumns = (g.outputWidth + results.width - 1) / results.width
  }

  // MARK: The three products

  /// - Parameters:
  ///   - input: the images.
  ///   - kernel: transformed by ``transform(_:into:)``.
  ///   - output: the result, which is written.
  func forward(
    _ input: ImageMemory, _ kernel: Source, bias: Source?, isRectified: Bool,
    _ output: ImageMemory
  ) {
    forEachChunk { tiles, v, m in
      transform(tiles) { tile, patch, lines in
        inputTransform(input, tile, patch, lines, v.buffer, v.stride)
      }
      forEachPoint { point in
        RegisterTile.multiply(
          v.buffer + point * v.stride, stride: g.channels, rows: tiles.count, steps: g.channels,
          panels: kernel + point * g.channels * g.filters, vectors: g.filters / Self.block,
          into: m.buffer + point * m.stride)
      }
      transform(tiles) { tile, patch, lines in
        outputTransform(
          m.buffer, m.stride, tile, patch, lines, bias: bias, isRectified: isRectified, output)
      }
    }
  }

  /// - Parameter gradient: of the kernel, `[height, width, channels, filters]`, which is written.
  func kernelGradient(_ input: ImageMemory, _ upstream: ImageMemory, _ gradient: Target) {
    let size = g.channels * g.filters
    // Each core adds up what its tiles contribute, if they are many beside the sums.
    let isOwn = size <= 1 << 13 && 12 * tiles >= size
    let cores = isOwn ? max(min(Parallel.threads, chunks(Self.ownChunkSize)), 1) : 1
    let sums = (0..<cores).map { _ in Storage(count: pointCount * size) }
    forEachChunk(of: cores, isOwn: isOwn) { core, tiles, v, m, isFirst in
      transform(tiles) { tile, patch, lines in
        inputTransform(input, tile, patch, lines, v.buffer, v.stride)
        outputGradientTransform(upstream, tile, patch, lines, m.buffer, m.stride)
      }
      forEachPoint { point in
        RegisterTile.multiplyTransposed(
          v.buffer + point * v.stride, rows: g.channels, m.buffer + point * m.stride,
          vectors: g.filters / Self.block, steps: tiles.count,
          into: sums[core].buffer + point * size, isAdded: !isFirst)
      }
    }
    Parallel.ranges(pointCount * size, grain: 1 << 15) { range in
      for more in sums.dropFirst() {
        Elementwise.accumulate(
          more.buffer + range.lowerBound, into: sums[0].buffer + range.lowerBound, range.count)
      }
    }
    forEachFilterBlock { work, place in
      kernelGradientTransform(sums[0].buffer + place, size, work.lines, gradient + place)
    }
    withExtendedLifetime(sums) {}
  }

  /// Computes the kernel at the points.
  ///
  /// - Parameters:
  ///   - kernel: `[height, width, channels, filters]`
  ///   - points: for each point a matrix `[channels, filters]` in panels, as ``RegisterTile`` reads it; written.
  func transform(_ kernel: Source, into points: Target) {
    let size = g.channels * g.filters
    let panels = RegisterTile.panels(of: g.filters / Self.block)
    forEachFilterBlock { work, place in
      let (channel, block) = (place / g.filters, place % g.filters / Self.block)
      let panel = panels[block]
      let target =
        panel.first * Self.block * g.channels + channel * panel.count * Self.block
        + (block - panel.first) * Self.block
      kernelTransform(kernel + place, size, work.lines, points + target)
    }
  }

  /// How many numbers a transformed kernel has.
  var kernelPointCount: Int { pointCount * g.channels * g.filters }

  // MARK: Spreading the work

  /// Room for one tile of 16 channels, and for what is half transformed.
  private struct Workspace {
    private static let largest = TileTransforms.points * TileTransforms.points * Layout.block
    private let storage = Storage(count: 2 * largest)
    var patch: Target { storage.buffer }
    var lines: Target { storage.buffer + Self.largest }
  }

  /// Numbers at the points, each point's `stride` after the one before.
  private struct Points {
    let buffer: Target
    let stride: Int
  }

  /// How many chunks of some size there are.
  private func chunks(_ size: Int) -> Int {
    let largest = max(size / (pointCount * (g.channels + g.filters)), 1)
    return (tiles + largest - 1) / largest
  }

  /// Calls `body` with ranges of tiles, and with room for V and M.
  private func forEachChunk(_ body: (Range<Int>, Points, Points) -> Void) {
    let isOwn = kernelPointCount <= 1 << 20
    // As many for each core.
    let count = isOwn ? chunks(Self.ownChunkSize) : 1
    let parts = (count + Parallel.threads - 1) / Parallel.threads * Parallel.threads
    forEachChunk(of: isOwn ? min(parts, tiles) : 1, isOwn: isOwn) { _, tiles, v, m, _ in
      body(tiles, v, m)
    }
  }

  /// Cuts the tiles into parts, which are worked on side by side, and calls `body` with the chunks of each: the part's
  /// number, tiles, room for V and M, and whether it is the part's first chunk.
  private func forEachChunk(
    of parts: Int, isOwn: Bool,
    _ body: (Int, Range<Int>, Points, Points, _ isFirst: Bool) -> Void
  ) {
    let size = isOwn ? Self.ownChunkSize : Self.sharedChunkSize
    let chunks = (chunks(size) + parts - 1) / parts
    let room = (tiles + parts * chunks - 1) / (parts * chunks)
    // A line more than needed: strides by powers of two would share few places of the cache.
    let strides = (room * g.channels + Self.block, room * g.filters + Self.block)
    let count = pointCount * (strides.0 + strides.1)
    func work(_ part: Int) {
      let memory = ScratchMemory(bytes: count * 4)
      let v = Points(buffer: memory.pointer, stride: strides.0)
      let m = Points(buffer: memory.pointer + pointCount * strides.0, stride: strides.1)
      for chunk in 0..<chunks {
        let number = part * chunks + chunk
        let range =
          tiles * number / (parts * chunks)..<tiles * (number + 1) / (parts * chunks)
        body(part, range, v, m, chunk == 0)
      }
      withExtendedLifetime(memory) {}
    }
    if parts == 1 { return work(0) }
    Parallel.run(parts) { part in Parallel.$width.withValue(1) { work(part) } }
  }

  /// Calls `body` with tiles, all cores sharing them.
  private func transform(_ tiles: Range<Int>, _ body: (Tile, Target, Target) -> Void) {
    Parallel.ranges(tiles.count, grain: 1, alignment: 1) { part in
      let work = Workspace()
      for tile in part {
        body(
          Tile(tiles.lowerBound + tile, first: tiles.lowerBound, self), work.patch, work.lines)
      }
      withExtendedLifetime(work) {}
    }
  }

  /// Calls `body` with the points, all cores sharing them.
  private func forEachPoint(_ body: (Int) -> Void) {
    Parallel.ranges(pointCount, grain: 1, alignment: 1) { points in
      for point in points { body(point) }
    }
  }

  /// Calls `body` with where 16 filters of each channel begin in a kernel.
  private func forEachFilterBlock(_ body: (Workspace, Int) -> Void) {
    Parallel.ranges(g.channels * g.filters / Self.block, grain: 64, alignment: 1) { blocks in
      let work = Workspace()
      for block in blocks { body(work, block * Self.block) }
    }
  }
}

/// Where a tile lies.
struct Tile {
  let image, row, column: Int
  /// Its number in the chunk.
  let index: Int

  init(_ number: Int, first: Int, _ convolution: WinogradConvolution) {
    index = number - first
    let (rows, columns) = (convolution.tileRows, convolution.tileColumns)
    image = number / (rows * columns)
    row = number / columns % rows * convolution.results.height
    column = number % columns * convolution.results.width
  }
}
