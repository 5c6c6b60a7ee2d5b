/// Products of small matrices that stay in a core's cache: the step of a recurrent layer, and its gradients.
///
/// They are added up in a ``RegisterTile`` without being packed first. A call costs next to nothing, where libraries pack
/// their operands again each time: a sequence multiplies by the same matrix hundreds of times.
enum TileProduct {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  private static let lanes = SIMD16<Float>.scalarCount

  /// Computes `c = start + a · b`.
  ///
  /// - Parameters:
  ///   - a: `[rows, b.rows]`, its rows `aStride` numbers apart.
  ///   - b: the right operand, packed.
  ///   - start: what the products are added to, its rows `startStride` apart: 0 for the same row everywhere. May
  ///     be `c`.
  ///   - c: `[rows, b.columns]`, its rows `cStride` apart.
  static func multiply(
    _ a: Source, aStride: Int, rows: Int, _ b: PackedMatrix,
    start: Source, startStride: Int, into c: Target, cStride: Int
  ) {
    RegisterTile.forEachTile(of: b.columns / lanes) { first, count in
      let column = first * lanes
      add(
        rows, vectors: count, steps: b.rows, a, rowStride: aStride, stepStride: 1,
        b.panel(column), rightStride: count * lanes,
        start: start + column, startStride: startStride, into: c + column, cStride: cStride)
    }
  }

  /// Computes `c = a · b`, rows shared out among the cores.
  ///
  /// - Parameters:
  ///   - a: `[rows, b.rows]`
  ///   - c: `[rows, b.columns]`
  static func multiplyOnAllCores(_ a: Tensor, by b: PackedMatrix, into c: Tensor) {
    let zeros = Tensor.zeros([b.columns])
    Parallel.ranges(a.count, grain: 64, alignment: 8) { rows in
      multiply(
        a.pointer + rows.lowerBound * b.rows, aStride: b.rows, rows: rows.count, b,
        start: zeros.pointer, startStride: 0, into: c.pointer + rows.lowerBound * b.columns,
        cStride: b.columns)
    }
    withExtendedLifetime(zeros) {}
  }

  /// Computes `c += aᵀ · b`.
  ///
  /// - Parameters:
  ///   - a: `[steps, rows]`, its rows `aStride` numbers apart.
  ///   - b: `[steps, columns]`, its rows `bStride` apart; `columns` is a multiple of 16.
  ///   - c: `[rows, columns]`, its rows `cStride` apart.
  static func accumulateTransposed(
    _ a: Source, aStride: Int, rows: Int, _ b: Source, bStride: Int, columns: Int, steps: Int,
    into c: Target, cStride: Int
  ) {
    RegisterTile.forEachTile(of: columns / lanes) { first, count in
      let column = first * lanes
      add(
        rows, vectors: count, steps: steps, a, rowStride: 1, stepStride: aStride,
        b + column, rightStride: bStride,
        start: Source(c) + column, startStride: cStride, into: c + column, cStride: cStride)
    }
  }

  /// All rows of the columns that a tile holds.
  @inline(__always)
  private static func add(
    _ rows: Int, vectors: Int, steps: Int, _ left: Source, rowStride: Int, stepStride: Int,
    _ right: Source, rightStride: Int, start: Source, startStride: Int, into c: Target, cStride: Int
  ) {
    let walk = RegisterTile.Steps(
      runs: 1, length: steps, left: nil, rightStride: 0, leftStep: stepStride,
      rightStep: rightStride, rowStride: rowStride, vectorStride: lanes)
    let before = RegisterTile.Place(
      pointer: Target(mutating: start), rowStride: startStride, vectorStride: lanes)
    let after = RegisterTile.Place(pointer: c, rowStride: cStride, vectorStride: lanes)
    RegisterTile.add(
      rows: rows, vectors: vectors, left, right, walk,
      RegisterTile.Ending(start: before, result: after))
  }
}
