import DeepLearning

/// The loss and its gradient for images of any size: large ones in tiles, small ones shifted at random if that is
/// wanted.
struct TiledGradient {
  /// The loss of an image, or of a tile of one.
  let loss: (Tensor) -> Tensor
  /// The side of a tile.
  let tile: Int
  /// By how many pixels an image in one piece is shifted at most, down and right.
  let jitter: Int
  var random: RandomGenerator

  /// Computes both.
  ///
  /// - Parameters:
  ///   - image: `[1, height, width, 3]`.
  ///   - tileDidEnd: called after each tile; what it throws ends the computation.
  mutating func callAsFunction(
    at image: Tensor, tileDidEnd: () throws -> Void
  ) rethrows -> (value: Tensor, gradient: Tensor) {
    let (height, width) = (image.shape[1], image.shape[2])
    let rows = Tile.cut(height, size: tile, using: &random)
    let columns = Tile.cut(width, size: tile, using: &random)
    if rows.count == 1 && columns.count == 1 {
      let (down, across) = (shift(), shift())
      let (loss, gradient) = valueAndGradient(
        at: image.rolled(down: down, across: across), of: loss)
      try tileDidEnd()
      return (loss, gradient.rolled(down: -down, across: -across))
    }
    var sum: Float = 0
    var whole = Tensor.zeros(image.shape)
    for row in rows {
      for column in columns {
        let part = image[.all, .range(row.window), .range(column.window)]
        let (loss, gradient) = valueAndGradient(at: part, of: loss)
        try tileDidEnd()
        whole[.all, .range(row.core), .range(column.core)] =
          gradient[.all, .range(row.coreInWindow), .range(column.coreInWindow)]
        // Each tile counts as much as is used of it.
        sum += loss.item * (Float(row.core.count * column.core.count) / Float(height * width))
      }
    }
    return (.scalar(sum), whole)
  }

  private mutating func shift() -> Int { random.below(2 * jitter + 1) - jitter }
}
