import DeepLearning

/// A part of a picture that is worked on by itself.
struct Piece: Equatable {
  /// What the network is shown: with a border around the cell, as far as the picture reaches.
  let rows, columns: Range<Int>
  /// What the gradient is used for; the cells of all pieces cover the picture, each pixel once.
  let cellRows, cellColumns: Range<Int>

  /// Cuts a picture into pieces of one size, at places that chance decides: the network cannot see beyond the border
  /// of a piece, and where borders lie elsewhere in every step no seams come about.
  ///
  /// - Parameters:
  ///   - height: pixels down the picture.
  ///   - width: pixels across it.
  ///   - tile: the side of a piece; a picture that is no larger is one piece.
  ///   - random: decides where to cut.
  static func cut(
    height: Int, width: Int, tile: Int, using random: inout RandomGenerator
  ) -> [Piece] {
    let down = cut(height, tile: tile, using: &random)
    let across = cut(width, tile: tile, using: &random)
    return down.flatMap { row in
      across.map { column in
        Piece(
          rows: row.window, columns: column.window, cellRows: row.cell, cellColumns: column.cell)
      }
    }
  }

  /// Cuts one axis.
  private static func cut(
    _ extent: Int, tile: Int, using random: inout RandomGenerator
  ) -> [(window: Range<Int>, cell: Range<Int>)] {
    if extent <= tile { return [(0..<extent, 0..<extent)] }
    let cell = max(tile - 2 * (tile / 8), 1)
    let first = 1 + random.below(cell)
    let cuts = [0] + stride(from: first, to: extent, by: cell) + [extent]
    return zip(cuts, cuts.dropFirst()).map { start, end in
      let middle = (start + end) / 2
      let left = min(max(middle - tile / 2, 0), extent - tile)
      return (left..<left + tile, start..<end)
    }
  }
}
