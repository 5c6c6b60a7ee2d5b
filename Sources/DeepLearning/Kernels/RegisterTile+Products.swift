/// Matrix products that stay in a core's cache, tile after tile.
extension RegisterTile {
  /// The tiles that a row of vectors is cut into, for each vector the first of its tile and their number.
  static func panels(of vectors: Int) -> [(first: Int, count: Int)] {
    var panels: [(first: Int, count: Int)] = []
    forEachTile(of: vectors) { first, count in
      panels += Array(repeating: (first, count), count: count)
    }
    return panels
  }

  /// Computes `c = a · b`.
  ///
  /// - Parameters:
  ///   - a: `[rows, steps]`, its rows `stride` numbers apart.
  ///   - panels: `b`, a panel `[steps, 16 · vectors of the tile]` for each tile.
  ///   - vectors: a sixteenth of the columns.
  ///   - c: `[rows, 16 · vectors]`
  static func multiply(
    _ a: Source, stride: Int, rows: Int, steps: Int, panels: Source, vectors: Int, into c: Target
  ) {
    forEachTile(of: vectors) { first, count in
      let walk = Steps(
        runs: 1, length: steps, left: nil, rightStride: 0, leftStep: 1, rightStep: count * 16,
        rowStride: stride, vectorStride: 16)
      let place = Place(pointer: c + first * 16, rowStride: vectors * 16, vectorStride: 16)
      add(
        rows: rows, vectors: count, a, panels + first * 16 * steps, walk, Ending(result: place))
    }
  }

  /// Computes `c = aᵀ · b`, or adds it to `c`.
  ///
  /// - Parameters:
  ///   - a: `[steps, rows]`
  ///   - b: `[steps, 16 · vectors]`
  ///   - c: `[rows, 16 · vectors]`
  static func multiplyTransposed(
    _ a: Source, rows: Int, _ b: Source, vectors: Int, steps: Int, into c: Target, isAdded: Bool
  ) {
    let walk = Steps(
      runs: 1, length: steps, left: nil, rightStride: 0, leftStep: rows, rightStep: vectors * 16,
      rowStride: 1, vectorStride: 16)
    forEachTile(of: vectors) { first, count in
      let place = Place(pointer: c + first * 16, rowStride: vectors * 16, vectorStride: 16)
      add(
        rows: rows, vectors: count, a, b + first * 16, walk,
        Ending(start: isAdded ? place : nil, result: place))
    }
  }
}
