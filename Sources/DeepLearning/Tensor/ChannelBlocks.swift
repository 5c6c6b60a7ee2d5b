import CVector

/// Copies image batches between row-major order and blocks of 16 channels.
enum ChannelBlocks {
  private static let block = SIMD16<Float>.scalarCount

  static func toRowMajor(
    _ source: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ shape: Shape
  ) {
    forEachRow(shape) { blocked, plain, width, channels in
      for x in 0..<width {
        vector_store(vector_load(source + blocked + x * block), target + plain + x * channels)
      }
    }
  }

  static func fromRowMajor(
    _ source: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ shape: Shape
  ) {
    forEachRow(shape) { blocked, plain, width, channels in
      for x in 0..<width {
        vector_store(vector_load(source + plain + x * channels), target + blocked + x * block)
      }
    }
  }

  /// Sums each channel over the pixels of all images, in double precision.
  static func pixelSums(
    _ source: UnsafePointer<Float>, _ shape: Shape, into sums: UnsafeMutablePointer<Float>
  ) {
    let (pixels, blocks) = (shape[1] * shape[2], shape[3] / block)
    Parallel.ranges(blocks, grain: 1, alignment: 1) { range in
      for c in range {
        var total = SIMD16<Double>()
        for image in 0..<shape[0] {
          let start = source + (image * blocks + c) * pixels * block
          // Short sums in single precision, added up in double.
          for first in stride(from: 0, to: pixels, by: 64) {
            var sum = SIMD16<Float>()
            for pixel in first..<min(first + 64, pixels) {
              sum += vector_load(start + pixel * block)
            }
            total += SIMD16<Double>(sum)
          }
        }
        vector_store(SIMD16<Float>(total), sums + c * block)
      }
    }
  }

  /// Calls `body` with where 16 channels of an image row begin in either order.
  private static func forEachRow(
    _ shape: Shape, _ body: (_ blocked: Int, _ plain: Int, _ width: Int, _ channels: Int) -> Void
  ) {
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let blocks = channels / block
    let rows = batch * height
    let grain = max((1 << 15) / max(width * channels, 1), 1)
    Parallel.ranges(rows, grain: grain, alignment: 1) { range in
      for row in range {
        let (image, y) = (row / height, row % height)
        for c in 0..<blocks {
          body(
            (((image * blocks + c) * height) + y) * width * block,
            row * width * channels + c * block, width, channels)
        }
      }
    }
  }
}
