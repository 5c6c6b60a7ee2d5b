import CVector

/// Convolutions by Winograd's algorithm on tiles of 8 x 8 pixels.
///
/// With kernels of r x r a tile yields 9 - r results each way: for r = 5, 64 multiplications make 16 results instead of
/// 25 each. Image tiles (V) and kernel (U) are transformed; for each of the 64 points, all tiles times the kernel are a
/// matrix product; what comes out (M) is transformed back. Gradients go the same way in reverse, through the transposed
/// transformations. See ``TileTransforms`` and ``Convolution``.
struct WinogradConvolution {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  private static let places = points * points
  /// How many numbers of V and M are worked on at once, so that they stay in the processor's cache.
  private static let chunkSize = 1 << 22

  let g: ConvolutionGeometry
  /// The kernel's extent, and the results of a tile, each way.
  let taps, side: Int
  let tileRows, tileColumns: Int
  private var tiles: Int { g.batch * tileRows * tileColumns }

  /// Nil if the algorithm does not apply.
  init?(_ geometry: ConvolutionGeometry) {
    g = geometry
    taps = g.kernel.height
    guard g.kernel.width == taps, (2...7).contains(taps), g.stride == 1, g.dilation == 1,
      !g.isDepthwise, g.channels % Self.block == 0, g.filters % Self.block == 0,
      g.outputShape.elementCount > 0
    else { return nil }
    side = Self.points + 1 - taps
    tileRows = (g.outputHeight + side - 1) / side
    tileColumns = (g.outputWidth + side - 1) / side
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
        spread(input, tile, patch, lines, v.own, v.stride)
      }
      multiply { point in
        MatrixProduct.run(
          v.own + point * v.stride, kernel + point * g.channels * g.filters,
          into: m.own + point * m.stride, m: tiles.count, n: g.filters, k: g.channels)
      }
      transform(tiles) { tile, patch, lines in
        gather(m.own, m.stride, tile, patch, lines, bias: bias, isRectified: isRectified, output)
      }
    }
  }

  /// - Parameters:
  ///   - upstream: the gradient of the result.
  ///   - kernel: transformed by ``transform(_:into:)``.
  ///   - gradient: of the images: zeros, which are added to.
  func inputGradient(_ upstream: ImageMemory, _ kernel: Source, _ gradient: ImageMemory) {
    forEachChunk { tiles, v, m in
      transform(tiles) { tile, patch, lines in
        evaluate(upstream, tile, patch, lines, m.own, m.stride)
      }
      multiply { point in
        MatrixProduct.run(
          m.own + point * m.stride, kernel + point * g.channels * g.filters, transposeB: true,
          into: v.own + point * v.stride, m: tiles.count, n: g.channels, k: g.filters)
      }
      // Tiles overlap: each core adds up channels of its own.
      Parallel.ranges(g.channels / Self.block, grain: 1, alignment: 1) { blocks in
        let work = Workspace()
        for tile in tiles {
          collect(
            v.own, v.stride, Tile(tile, first: tiles.lowerBound, self), work.patch, work.lines,
            blocks,
            gradient)
        }
      }
    }
  }

  /// - Parameter gradient: of the kernel, `[taps, taps, channels, filters]`, which is written.
  func kernelGradient(_ input: ImageMemory, _ upstream: ImageMemory, _ gradient: Target) {
    let size = g.channels * g.filters
    let sums = Storage(count: Self.places * size)
    forEachChunk { tiles, v, m in
      transform(tiles) { tile, patch, lines in
        spread(input, tile, patch, lines, v.own, v.stride)
        evaluate(upstream, tile, patch, lines, m.own, m.stride)
      }
      multiply { point in
        MatrixProduct.run(
          v.own + point * v.stride, transposeA: true, m.own + point * m.stride,
          into: sums.own + point * size, m: g.channels, n: g.filters, k: tiles.count,
          accumulate: tiles.lowerBound > 0)
      }
    }
    forEachFilterBlock { work, place in
      gatherKernel(sums.own + place, size, work.lines, gradient + place)
    }
    withExtendedLifetime(sums) {}
  }

  /// Computes the kernel at the 64 points.
  ///
  /// - Parameters:
  ///   - kernel: `[taps, taps, channels, filters]`
  ///   - points: `[64, channels, filters]`, which is written.
  func transform(_ kernel: Source, into points: Target) {
    let size = g.channels * g.filters
    forEachFilterBlock { work, place in
      evaluateKernel(kernel + place, size, work.lines, points + place)
    }
  }

  /// How many numbers a transformed kernel has.
  var kernelPointCount: Int { Self.places * g.channels * g.filters }

  // MARK: Spreading the work

  /// Room for one tile of 16 channels, and for what is half transformed.
  private struct Workspace {
    private let storage = Storage(count: 2 * WinogradConvolution.places * Layout.block)
    var patch: Target { storage.own }
    var lines: Target { storage.own + WinogradConvolution.places * Layout.block }
  }

  /// Numbers at the 64 points, each point's `stride` after the one before.
  private struct Points {
    let own: Target
    let stride: Int
  }

  /// Calls `body` with ranges of tiles, and with room for V and M.
  private func forEachChunk(_ body: (Range<Int>, Points, Points) -> Void) {
    let largest = max(Self.chunkSize / (Self.places * (g.channels + g.filters)), 1)
    let chunks = (tiles + largest - 1) / largest
    let room = (tiles + chunks - 1) / chunks
    // A line more than needed: strides by powers of two would share few places of the cache.
    let strides = (room * g.channels + Self.block, room * g.filters + Self.block)
    let memory = ScratchMemory(bytes: Self.places * (strides.0 + strides.1) * 4)
    let v = Points(own: memory.pointer, stride: strides.0)
    let m = Points(own: memory.pointer + Self.places * strides.0, stride: strides.1)
    for chunk in 0..<chunks {
      body(tiles * chunk / chunks..<tiles * (chunk + 1) / chunks, v, m)
    }
    withExtendedLifetime(memory) {}
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
  private func multiply(_ body: (Int) -> Void) {
    Parallel.ranges(Self.places, grain: 1, alignment: 1) { points in
      Parallel.$width.withValue(1) { for point in points { body(point) } }
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
    row = number / columns % rows * convolution.side
    column = number % columns * convolution.side
  }
}
