/// A matrix in panels of 48 columns or less, each panel row after row, as ``TileProduct`` reads it.
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
    var (column, target) = (0, storage.buffer)
    while column < columns {
      let width = TileProduct.panelWidth(columns - column)
      for row in 0..<rows {
        target.update(from: source + row * stride + column, count: width)
        target += width
      }
      column += width
    }
  }

  /// The panel that begins at a column.
  func panel(_ column: Int) -> UnsafePointer<Float> {
    UnsafePointer(storage.buffer) + column * rows
  }
}
