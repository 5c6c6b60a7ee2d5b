import DeepLearning

/// A part of an image along one axis.
struct Tile: Equatable {
  /// What the network is shown: with a border around the core, as far as the image reaches.
  let window: Range<Int>
  /// What the gradient is used for; the cores of all tiles cover the axis, each pixel once.
  let core: Range<Int>

  /// The core as seen from the window.
  var coreInWindow: Range<Int> {
    core.lowerBound - window.lowerBound..<core.upperBound - window.lowerBound
  }

  /// Cuts an axis into tiles of one size, at random places: the network cannot see beyond a tile, and where borders
  /// lie elsewhere in every step there are no seams.
  ///
  /// - Parameters:
  ///   - extent: pixels along the axis.
  ///   - size: pixels of a tile; an axis that is no longer is one tile.
  ///   - random: decides where to cut.
  static func cut(_ extent: Int, size: Int, using random: inout RandomGenerator) -> [Tile] {
    if extent <= size { return [Tile(window: 0..<extent, core: 0..<extent)] }
    let core = max(size - 2 * (size / 8), 1)
    let first = 1 + random.below(core)
    let cuts = [0] + stride(from: first, to: extent, by: core) + [extent]
    return zip(cuts, cuts.dropFirst()).map { start, end in
      let left = min(max((start + end) / 2 - size / 2, 0), extent - size)
      return Tile(window: left..<left + size, core: start..<end)
    }
  }
}
