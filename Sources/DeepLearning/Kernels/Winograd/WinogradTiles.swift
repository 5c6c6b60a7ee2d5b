import CVector

/// An image batch in memory, in either layout.
struct ImageMemory {
  let pointer: UnsafeMutablePointer<Float>
  let height, width: Int
  /// How far a pixel is from the next in its row, from that in the next row, the next block of channels, the next image.
  let pixelStride, rowStride, blockStride, imageStride: Int

  init(_ tensor: Tensor) {
    let layout = tensor.layout
    let (block, channels) = (Layout.block, tensor.shape[3])
    pointer = tensor.pointer(in: layout)
    (height, width) = (tensor.shape[1], tensor.shape[2])
    pixelStride = layout == .rowMajor ? channels : block
    rowStride = width * pixelStride
    blockStride = layout == .rowMajor ? block : height * rowStride
    imageStride = height * width * channels
  }

  /// Where 16 channels of a pixel begin; the pixel may lie beyond the border.
  @inline(__always)
  fileprivate func place(_ image: Int, _ block: Int, _ row: Int, _ column: Int) -> Int {
    image * imageStride + block * blockStride + row * rowStride + column * pixelStride
  }

  /// The rows or columns of a tile that lie within the image.
  @inline(__always)
  fileprivate static func inside(_ start: Int, _ count: Int, _ extent: Int) -> Range<Int> {
    let first = min(max(-start, 0), count)
    return first..<max(min(extent - start, count), first)
  }
}

/// Tiles between images and points.
extension WinogradConvolution {
  static let block = 16

  /// V = BᵀdB: all channels of a tile of the input at the points.
  @inline(__always)
  func inputTransform(
    _ input: ImageMemory, _ tile: Tile, _ patch: Target, _ lines: Target, _ v: Target,
    _ pointStride: Int
  ) {
    let (height, width) = (points.height, points.width)
    for block in 0..<g.channels / Self.block {
      let (pixels, rowStride, stride) = read(
        input, tile, block, tile.row - g.top, tile.column - g.left, points, patch)
      for row in 0..<height {
        TileTransforms.inputTransform(
          width, pixels + row * rowStride, stride, lines + row * width * Self.block, Self.block)
      }
      let target = v + tile.index * g.channels + block * Self.block
      for column in 0..<width {
        TileTransforms.inputTransform(
          height, lines + column * Self.block, width * Self.block, target + column * pointStride,
          width * pointStride)
      }
    }
  }

  /// The gradient of M: all filters of a tile of the result's gradient at the points.
  @inline(__always)
  func outputGradientTransform(
    _ upstream: ImageMemory, _ tile: Tile, _ patch: Target, _ lines: Target, _ m: Target,
    _ pointStride: Int
  ) {
    let width = points.width
    for block in 0..<g.filters / Self.block {
      let (pixels, rowStride, stride) = read(
        upstream, tile, block, tile.row, tile.column, results, patch)
      for row in 0..<results.height {
        TileTransforms.kernelTransform(
          results.width, isScaled: false, pixels + row * rowStride, stride,
          lines + row * width * Self.block, Self.block)
      }
      let target = m + tile.index * g.filters + block * Self.block
      for column in 0..<width {
        TileTransforms.kernelTransform(
          results.height, isScaled: false, lines + column * Self.block, width * Self.block,
          target + column * pointStride, width * pointStride)
      }
    }
  }

  /// A tile of the result, all filters: AᵀMA.
  @inline(__always)
  func outputTransform(
    _ m: Source, _ pointStride: Int, _ tile: Tile, _ patch: Target, _ lines: Target,
    bias: Source?, isRectified: Bool, _ output: ImageMemory
  ) {
    let (height, width) = (results.height, results.width)
    let rows = ImageMemory.inside(tile.row, height, output.height)
    let columns = ImageMemory.inside(tile.column, width, output.width)
    let floor = isRectified ? SIMD16<Float>() : SIMD16(repeating: -.infinity)
    for block in 0..<g.filters / Self.block {
      let source = m + tile.index * g.filters + block * Self.block
      for line in 0..<points.height {
        TileTransforms.outputTransform(
          width, isScaled: false, source + line * points.width * pointStride, pointStride,
          lines + line * width * Self.block, Self.block)
      }
      for column in 0..<width {
        TileTransforms.outputTransform(
          height, isScaled: false, lines + column * Self.block, width * Self.block,
          patch + column * Self.block, width * Self.block)
      }
      let addend = bias.map { vector_load($0 + block * Self.block) } ?? SIMD16()
      for row in rows {
        let target =
          output.pointer + output.place(tile.image, block, tile.row + row, tile.column)
        for column in columns {
          let sum = vector_load(patch + (row * width + column) * Self.block) + addend
          vector_store(vector_max(sum, floor), target + column * output.pixelStride)
        }
      }
    }
  }

  /// Where the pixels of a tile can be read: in the image, or, at its border, in a copy with zeros beyond.
  @inline(__always)
  private func read(
    _ image: ImageMemory, _ tile: Tile, _ block: Int, _ top: Int, _ left: Int, _ extent: Extent2D,
    _ patch: Target
  ) -> (pixels: Source, rowStride: Int, stride: Int) {
    let start = image.place(tile.image, block, top, left)
    let (height, width) = (extent.height, extent.width)
    if top >= 0, left >= 0, top + height <= image.height, left + width <= image.width {
      return (Source(image.pointer + start), image.rowStride, image.pixelStride)
    }
    let rows = ImageMemory.inside(top, height, image.height)
    let columns = ImageMemory.inside(left, width, image.width)
    patch.update(repeating: 0, count: height * width * Self.block)
    for row in rows {
      for column in columns {
        vector_store(
          vector_load(image.pointer + start + row * image.rowStride + column * image.pixelStride),
          patch + (row * width + column) * Self.block)
      }
    }
    return (Source(patch), width * Self.block, Self.block)
  }

  /// U = GgGᵀ: the kernel of 16 filters and a channel at the points; points and taps are `size` numbers apart.
  func kernelTransform(_ kernel: Source, _ size: Int, _ lines: Target, _ u: Target) {
    let (taps, width) = (g.kernel, points.width)
    for row in 0..<taps.height {
      TileTransforms.kernelTransform(
        taps.width, isScaled: true, kernel + row * taps.width * size, size,
        lines + row * width * Self.block, Self.block)
    }
    for column in 0..<width {
      TileTransforms.kernelTransform(
        taps.height, isScaled: true, lines + column * Self.block, width * Self.block,
        u + column * size, width * size)
    }
  }

  /// The gradient of a kernel from that of its points.
  func kernelGradientTransform(_ u: Source, _ size: Int, _ lines: Target, _ gradient: Target) {
    let taps = g.kernel
    for line in 0..<points.height {
      TileTransforms.outputTransform(
        taps.width, isScaled: true, u + line * points.width * size, size,
        lines + line * taps.width * Self.block, Self.block)
    }
    for column in 0..<taps.width {
      TileTransforms.outputTransform(
        taps.height, isScaled: true, lines + column * Self.block, taps.width * Self.block,
        gradient + column * size, taps.width * size)
    }
  }
}

/// The transformations of Winograd's algorithm along one axis of a tile, for 16 channels at a time.
///
/// Eight numbers stand for a polynomial: its values at 0, ±1, ±2 and ±1/2, and its highest coefficient (Toom and Cook;
/// Lavin and Gray, 2015). Each function reads and writes vectors of 16 channels at given strides. Where there is only one
/// number, it is its own transformation.
enum TileTransforms {
  typealias Vector = SIMD16<Float>
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  static let points = 8

  /// How many points a tile has along an axis in which the kernel has an extent of `taps`.
  static func points(_ taps: Int) -> Int { taps == 1 ? 1 : points }

  /// What ``kernelTransform`` and ``outputTransform`` multiply the values at 0, ±1, ±2, ±1/2 and infinity with, if scaled.
  private static let scales: (Float, Float, Float) = (-2 / 9, 1 / 90, 32 / 45)

  /// Bᵀ: eight pixels of an image (or one), made ready to be multiplied point by point.
  @inline(__always)
  static func inputTransform(
    _ count: Int, _ x: Source, _ stride: Int, _ y: Target, _ step: Int
  ) {
    if count == 1 { return vector_store(vector_load(x), y) }
    @inline(__always) func at(_ i: Int) -> Vector { vector_load(x + i * stride) }
    let (x0, x1, x2, x3) = (at(0), at(1), at(2), at(3))
    let (x4, x5, x6, x7) = (at(4), at(5), at(6), at(7))
    vector_store(x0 - x6 + 5.25 * (x4 - x2), y)
    store(x2 + x6 - 4.25 * x4, x1 + x5 - 4.25 * x3, y, 1, step)
    store(0.25 * x2 - 1.25 * x4 + x6, 0.5 * x1 - 2.5 * x3 + 2 * x5, y, 3, step)
    store(4 * x2 - 5 * x4 + x6, 2 * x1 - 2.5 * x3 + 0.5 * x5, y, 5, step)
    vector_store(x7 - x1 + 5.25 * (x3 - x5), y + 7 * step)
  }

  /// G, and unscaled A: the values of the polynomial with the given coefficients, two to seven.
  @inline(__always)
  static func kernelTransform(
    _ count: Int, isScaled: Bool, _ x: Source, _ stride: Int, _ y: Target, _ step: Int
  ) {
    if count == 1 { return vector_store(vector_load(x), y) }
    @inline(__always) func at(_ i: Int) -> Vector {
      i < count ? vector_load(x + i * stride) : Vector()
    }
    let (x0, x1, x2, x3) = (at(0), at(1), at(2), at(3))
    let (x4, x5, x6) = (at(4), at(5), at(6))
    let (s1, s2, s3) = isScaled ? scales : (1, 1, 1)
    vector_store(x0, y)
    store(s1 * (x0 + x2 + x4 + x6), s1 * (x1 + x3 + x5), y, 1, step)
    store(
      s2 * (x0 + 4 * x2 + 16 * x4 + 64 * x6), s2 * (2 * x1 + 8 * x3 + 32 * x5), y, 3, step)
    store(
      s3 * (x0 + 0.25 * x2 + 0.0625 * x4 + 0.015625 * x6),
      s3 * (0.5 * x1 + 0.125 * x3 + 0.03125 * x5), y, 5, step)
    vector_store(vector_load(x + (count - 1) * stride), y + 7 * step)
  }

  /// Aᵀ, and scaled Gᵀ, the transpose of ``kernelTransform``: results from their points, and gradients of coefficients.
  @inline(__always)
  static func outputTransform(
    _ count: Int, isScaled: Bool, _ x: Source, _ stride: Int, _ y: Target, _ step: Int
  ) {
    if count == 1 { return vector_store(vector_load(x), y) }
    @inline(__always) func at(_ i: Int) -> Vector { vector_load(x + i * stride) }
    let (s1, s2, s3) = isScaled ? scales : (1, 1, 1)
    let (e1, o1) = (s1 * (at(1) + at(2)), s1 * (at(1) - at(2)))
    let (e2, o2) = (s2 * (at(3) + at(4)), s2 * (at(3) - at(4)))
    let (e3, o3) = (s3 * (at(5) + at(6)), s3 * (at(5) - at(6)))
    let last = at(7)
    @inline(__always) func put(_ i: Int, _ sum: Vector) {
      if i < count { vector_store(i == count - 1 ? sum + last : sum, y + i * step) }
    }
    put(0, at(0) + e1 + e2 + e3)
    put(1, o1 + 2 * o2 + 0.5 * o3)
    put(2, e1 + 4 * e2 + 0.25 * e3)
    put(3, o1 + 8 * o2 + 0.125 * o3)
    put(4, e1 + 16 * e2 + 0.0625 * e3)
    put(5, o1 + 32 * o2 + 0.03125 * o3)
    put(6, e1 + 64 * e2 + 0.015625 * e3)
  }

  /// Stores the values at a number and at its negative.
  @inline(__always)
  private static func store(
    _ even: Vector, _ odd: Vector, _ y: Target, _ position: Int, _ step: Int
  ) {
    vector_store(even + odd, y + position * step)
    vector_store(even - odd, y + (position + 1) * step)
  }
}
