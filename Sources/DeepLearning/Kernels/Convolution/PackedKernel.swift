/// A kernel in the order in which ``RegisterTile`` reads it: a panel for each tile of filters, in it a row of the tile's
/// width for each step. Steps go through the groups of channels, the kernel's rows and columns, and a group's channels.
struct PackedKernel {
  private let g: ConvolutionGeometry
  private let correlation: Correlation
  private let groups, groupSize: Int
  /// Whether the kernel's filters are what is summed over, and its channels what results.
  private let isTransposed: Bool
  private let channels, filters: Int

  /// How many numbers it has, with zeros for the filters that are lacking in the last vector.
  static func size(_ correlation: Correlation, channels: Int, filters: Int) -> Int {
    channels * correlation.rows.taps.count * correlation.columns.taps.count
      * ((filters + 15) & ~15)
  }

  /// - Parameter isBlocked: whether the images that it meets lie in blocks of channels.
  init(
    _ geometry: ConvolutionGeometry, _ correlation: Correlation, isBlocked: Bool,
    isTransposed: Bool
  ) {
    (g, self.correlation, self.isTransposed) = (geometry, correlation, isTransposed)
    (channels, filters) = isTransposed ? (g.filters, g.channels) : (g.channels, g.filters)
    groupSize = isBlocked ? Layout.block : channels
    groups = channels / groupSize
  }

  /// - Parameters:
  ///   - kernel: `[height, width, channels, filters]`
  ///   - target: is written.
  func pack(_ kernel: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    // From one channel of the images to the next, and from one result's to the next.
    let (channelStride, filterStride) = isTransposed ? (1, g.filters) : (g.filters, 1)
    forEachRun { tap, channel, filter, width, place in
      let source = kernel + tap * g.channels * g.filters
      let first = source + channel * channelStride + filter * filterStride
      let inside = min(width, filters - filter)
      for lane in 0..<width {
        for row in 0..<groupSize {
          target[place + row * width + lane] =
            lane < inside ? first[row * channelStride + lane * filterStride] : 0
        }
      }
    }
  }

  /// - Parameters:
  ///   - packed: a kernel's gradient in this order.
  ///   - kernel: `[height, width, channels, filters]`, is written.
  func unpack(_ packed: UnsafePointer<Float>, into kernel: UnsafeMutablePointer<Float>) {
    forEachRun { tap, channel, filter, width, place in
      for row in 0..<groupSize {
        (kernel + (tap * g.channels + channel + row) * g.filters + filter).update(
          from: packed + place + row * width, count: min(width, filters - filter))
      }
    }
  }

  /// Calls `body` with a tap, the first of a group of channels, the first filter of a tile and its width, and where they
  /// are in the packed kernel.
  private func forEachRun(
    _ body: (_ tap: Int, _ channel: Int, _ filter: Int, _ width: Int, _ place: Int) -> Void
  ) {
    let (rows, columns) = (correlation.rows.taps, correlation.columns.taps)
    let (taps, blocks) = (rows.count * columns.count, (filters + 15) / 16)
    let grain = max((1 << 14) / max(groupSize * taps * filters, 1), 1)
    Parallel.ranges(groups, grain: grain, alignment: 1) { range in
      RegisterTile.forEachTile(of: blocks) { block, vectors in
        let width = vectors * 16
        for group in range {
          for tap in 0..<taps {
            let (row, column) = (rows[tap / columns.count], columns[tap % columns.count])
            body(
              row * g.kernel.width + column, group * groupSize, block * 16, width,
              block * 16 * channels * taps + (group * taps + tap) * groupSize * width)
          }
        }
      }
    }
  }
}
