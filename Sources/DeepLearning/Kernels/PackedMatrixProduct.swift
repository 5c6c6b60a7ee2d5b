import CVector

/// Large matrix products: the left matrix is read as it stands, the right one in panels that stay in a core's first cache.
///
/// A panel is as wide as a ``RegisterTile``; all rows of a block, which stays in the second cache, meet a panel before the
/// next one is packed (after Goto and van de Geijn, 2008). Each number of the result is the sum of its products in their
/// order, 192 at a time, whatever the tile, the number of cores and the processor: the bits are the same everywhere.
struct PackedMatrixProduct {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  /// The left matrix; how far a row is from the next, and a step of the sum.
  let left: (pointer: Source, rowStride: Int, stepStride: Int)
  /// The right matrix; how far a column is from the next, and a step of the sum.
  let right: (pointer: Source, columnStride: Int, stepStride: Int)
  /// The result, its columns side by side.
  let result: (pointer: Target, rowStride: Int)
  /// The number of products in each sum.
  let stepCount: Int
  /// Whether the products are added to the result or take its place.
  let isAdded: Bool

  /// The most steps and rows of a block.
  private static let (steps, rows) = (192, 256)
  private static let lanes = SIMD16<Float>.scalarCount

  /// Computes some rows and columns of the result on this core.
  func run(rows: Range<Int>, columns: Range<Int>) {
    let panel = ScratchMemory(bytes: Self.steps * 3 * Self.lanes * 4)
    let vectors = (columns.count + Self.lanes - 1) / Self.lanes
    for firstRow in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rows) {
      let rows = firstRow..<min(firstRow + Self.rows, rows.upperBound)
      for firstStep in stride(from: 0, to: stepCount, by: Self.steps) {
        let steps = firstStep..<min(firstStep + Self.steps, stepCount)
        RegisterTile.forEachTile(of: vectors) { first, count in
          let column = columns.lowerBound + first * Self.lanes
          let columns = column..<min(column + count * Self.lanes, columns.upperBound)
          pack(steps, columns, vectors: count, into: panel.pointer)
          multiply(rows, steps, columns, vectors: count, panel.pointer)
        }
      }
    }
    withExtendedLifetime(panel) {}
  }

  /// Copies a panel of the right matrix, step after step; what is missing from its last vector becomes zero.
  private func pack(
    _ steps: Range<Int>, _ columns: Range<Int>, vectors: Int, into panel: Target
  ) {
    let source =
      right.pointer + columns.lowerBound * right.columnStride
      + steps.lowerBound * right.stepStride
    if right.columnStride != 1 {
      for vector in 0..<vectors {
        vector_transpose(
          source + vector * Self.lanes * right.columnStride, right.columnStride,
          min(columns.count - vector * Self.lanes, Self.lanes), panel + vector * Self.lanes,
          vectors * Self.lanes, steps.count)
      }
    } else if vectors * Self.lanes == columns.count {
      for step in 0..<steps.count {
        let source = source + step * right.stepStride
        let target = panel + step * columns.count
        for vector in 0..<vectors {
          vector_store(vector_load(source + vector * Self.lanes), target + vector * Self.lanes)
          // What the next panel will read.
          vector_prefetch(source + columns.count + vector * Self.lanes)
        }
      }
    } else {
      for step in 0..<steps.count {
        let target = panel + step * vectors * Self.lanes
        vector_store(SIMD16(), target + (vectors - 1) * Self.lanes)
        target.update(from: source + step * right.stepStride, count: columns.count)
      }
    }
  }

  /// Adds the products with a panel to the result; those of the first steps take its place.
  private func multiply(
    _ rows: Range<Int>, _ steps: Range<Int>, _ columns: Range<Int>, vectors: Int, _ panel: Source
  ) {
    let isFirst = steps.lowerBound == 0 && !isAdded
    let walk = RegisterTile.Steps(
      runs: 1, length: steps.count, left: nil, rightStride: 0, leftStep: left.stepStride,
      rightStep: vectors * Self.lanes, rowStride: left.rowStride, vectorStride: Self.lanes)
    let lanes = columns.count - (vectors - 1) * Self.lanes
    let first =
      result.pointer + rows.lowerBound * result.rowStride + columns.lowerBound
    let place = RegisterTile.Place(
      pointer: first, rowStride: result.rowStride, vectorStride: Self.lanes)
    RegisterTile.add(
      rows: rows.count, vectors: vectors,
      left.pointer + rows.lowerBound * left.rowStride + steps.lowerBound * left.stepStride, panel,
      walk, RegisterTile.Ending(start: isFirst ? nil : place, result: place, lanes: lanes))
  }
}
