import CVector

/// Copies image batches between row-major order and blocks of 16 channels.
enum ChannelBlocks {
  private static let block = 16

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
