import CVector

/// An image batch in memory, in either layout.
struct ImageMemory {
  let pointer: UnsafeMutablePointer<Float>
  let height, width, channels: Int
  let isBlocked: Bool
  /// How far a pixel is from the next in its row.
  var pixelStride: Int { isBlocked ? Layout.block : channels }
  var rowStride: Int { width * pixelStride }

  init(_ tensor: Tensor) {
    let layout = tensor.layout
    pointer = tensor.pointer(in: layout)
    (height, width, channels) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
    isBlocked = layout != .rowMajor
  }

  /// Where 16 channels of a pixel begin; the pixel may lie beyond the border.
  @inline(__always)
  func place(_ image: Int, _ block: Int, _ row: Int, _ column: Int) -> Int {
    let start =
      isBlocked
      ? (image * (channels / Layout.block) + block) * height * width * Layout.block
      : image * height * width * channels + block * Layout.block
    return start + row * rowStride + column * pixelStride
  }

  /// The rows or columns of a tile that lie within the image.
  @inline(__always)
  static func inside(_ start: Int, _ count: Int, _ extent: Int) -> Range<Int> {
    let first = min(max(-start, 0), count)
    return first..<max(min(extent - start, count), first)
  }
}

/// Tiles between images and points.
extension WinogradConvolution {
  private static var block: Int { Layout.block }

  /// V: all channels of a tile of the input at the 64 points.
  @inline(__always)
  func spread(
    _ input: ImageMemory, _ tile: Tile, _ patch: Target, _ lines: Target, _ v: Target,
    _ pointStride: Int
  ) {
    let points = Self.points
    for block in 0..<g.channels / Self.block {
      let (pixels, rowStride, stride) = read(
        input, tile, block, tile.row - g.top, tile.column - g.left, points, patch)
      for row in 0..<points {
        TileTransforms.spread(
          pixels + row * rowStride, stride, lines + row * points * Self.block, Self.block)
      }
      let target = v + tile.index * g.channels + block * Self.block
      for column in 0..<points {
        TileTransforms.spread(
          lines + column * Self.block, points * Self.block, target + column * pointStride,
          points * pointStride)
      }
    }
  }

  /// The gradient of M: all filters of a tile of the result's gradient at the 64 points.
  @inline(__always)
  func evaluate(
    _ upstream: ImageMemory, _ tile: Tile, _ patch: Target, _ lines: Target, _ m: Target,
    _ pointStride: Int
  ) {
    let points = Self.points
    for block in 0..<g.filters / Self.block {
      let (pixels, rowStride, stride) = read(
        upstream, tile, block, tile.row, tile.column, side, patch)
      for row in 0..<side {
        TileTransforms.evaluate(
          side, isScaled: false, pixels + row * rowStride, stride,
          lines + row * points * Self.block, Self.block)
      }
      let target = m + tile.index * g.filters + block * Self.block
      for column in 0..<points {
        TileTransforms.evaluate(
          side, isScaled: false, lines + column * Self.block, points * Self.block,
          target + column * pointStride, points * pointStride)
      }
    }
  }

  /// A tile of the result, all filters, from M.
  @inline(__always)
  func gather(
    _ m: Source, _ pointStride: Int, _ tile: Tile, _ patch: Target, _ lines: Target,
    bias: Source?, isRectified: Bool, _ output: ImageMemory
  ) {
    let points = Self.points
    let rows = ImageMemory.inside(tile.row, side, output.height)
    let columns = ImageMemory.inside(tile.column, side, output.width)
    let floor = isRectified ? SIMD16<Float>() : SIMD16(repeating: -.infinity)
    for block in 0..<g.filters / Self.block {
      let source = m + tile.index * g.filters + block * Self.block
      for line in 0..<points {
        TileTransforms.gather(
          side, isScaled: false, source + line * points * pointStride, pointStride,
          lines + line * side * Self.block, Self.block)
      }
      for column in 0..<side {
        TileTransforms.gather(
          side, isScaled: false, lines + column * Self.block, side * Self.block,
          patch + column * Self.block, side * Self.block)
      }
      let addend = bias.map { vector_load($0 + block * Self.block) } ?? SIMD16()
      for row in rows {
        let target =
          output.pointer + output.place(tile.image, block, tile.row + row, tile.column)
        for column in columns {
          let sum = vector_load(patch + (row * side + column) * Self.block) + addend
          vector_store(vector_max(sum, floor), target + column * output.pixelStride)
        }
      }
    }
  }

  /// Adds a tile of the input's gradient, some blocks of channels, to what is there.
  @inline(__always)
  func collect(
    _ v: Source, _ pointStride: Int, _ tile: Tile, _ patch: Target, _ lines: Target,
    _ blocks: Range<Int>, _ gradient: ImageMemory
  ) {
    let points = Self.points
    let (top, left) = (tile.row - g.top, tile.column - g.left)
    let rows = ImageMemory.inside(top, points, gradient.height)
    let columns = ImageMemory.inside(left, points, gradient.width)
    for block in blocks {
      let source = v + tile.index * g.channels + block * Self.block
      for line in 0..<points {
        TileTransforms.collect(
          source + line * points * pointStride, pointStride,
          lines + line * points * Self.block, Self.block)
      }
      for column in columns {
        TileTransforms.collect(
          lines + column * Self.block, points * Self.block, patch + column * Self.block,
          points * Self.block)
      }
      for row in rows {
        let target = gradient.pointer + gradient.place(tile.image, block, top + row, left)
        for column in columns {
          let place = target + column * gradient.pixelStride
          let addend = vector_load(patch + (row * points + column) * Self.block)
          vector_store(vector_load(place) + addend, place)
        }
      }
    }
  }

  /// Where the pixels of a tile can be read: in the image, or, at its border, in a copy with zeros beyond.
  @inline(__always)
  private func read(
    _ image: ImageMemory, _ tile: Tile, _ block: Int, _ top: Int, _ left: Int, _ extent: Int,
    _ patch: Target
  ) -> (pixels: Source, rowStride: Int, stride: Int) {
    let start = image.place(tile.image, block, top, left)
    if top >= 0, left >= 0, top + extent <= image.height, left + extent <= image.width {
      return (Source(image.pointer + start), image.rowStride, image.pixelStride)
    }
    let rows = ImageMemory.inside(top, extent, image.height)
    let columns = ImageMemory.inside(left, extent, image.width)
    patch.update(repeating: 0, count: extent * extent * Self.block)
    for row in rows {
      for column in columns {
        vector_store(
          vector_load(image.pointer + start + row * image.rowStride + column * image.pixelStride),
          patch + (row * extent + column) * Self.block)
      }
    }
    return (Source(patch), extent * Self.block, Self.block)
  }
}
