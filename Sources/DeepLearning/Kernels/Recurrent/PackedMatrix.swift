/// A matrix in panels as wide as a ``RegisterTile``, each panel row after row, as ``TileProduct`` reads it.
struct PackedMatrix: @unchecked Sendable {
  let rows: Int
  /// A multiple of 16.
  let columns: Int
  private let storage: Storage

  /// Packs a matrix.
  ///
  /// - Parameters:
  ///   - source: `[rows, columns]`, its rows `stride` numbers apart.
  ///   - columns: a multiple of 16.
  init(_ source: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    storage = Storage(count: rows * columns)
    var target = storage.buffer
    let lanes = SIMD16<Float>.scalarCount
    RegisterTile.forEachTile(of: columns / lanes) { first, count in
      for row in 0..<rows {
        target.update(from: source + row * stride + first * lanes, count: count * lanes)
        target += count * lanes
      }
    }
  }

  /// The panel that begins at a column.
  func panel(_ column: Int) -> UnsafePointer<Float> {
    UnsafePointer(storage.buffer) + column * rows
  }
}
