import CVector

/// Products of small matrices that stay in a core's cache: the step of a recurrent layer, and its gradients.
///
/// A tile of 8 rows and 48 columns of the result is held in registers while the products are added up; of 4 rows and 16
/// columns on processors with fewer registers. A call costs next to nothing, where libraries pack their operands
/// again each time: a sequence multiplies by the same matrix hundreds of times.
enum TileProduct {
  typealias Vector = SIMD16<Float>
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>

  /// How many of the columns that are left one pass over the rows computes: 48, 32 or 16.
  @inline(__always)
  static func panelWidth(_ columnsLeft: Int) -> Int {
    if vector_has_many_registers() == 0 { return 16 }
    // Two passes of 32 are faster than one of 48 and one of 16.
    return columnsLeft == 64 ? 32 : min(columnsLeft, 48)
  }

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
    var column = 0
    while column < b.columns {
      let width = panelWidth(b.columns - column)
      sweep(
        rows, width, b.rows, left: a, rowStride: aStride, stepStride: 1,
        right: b.panel(column), rightStride: width,
        start: start + column, startStride: startStride, into: c + column, cStride: cStride)
      column += width
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
    var column = 0
    while column < columns {
      let width = panelWidth(columns - column)
      sweep(
        rows, width, steps, left: a, rowStride: 1, stepStride: aStride,
        right: b + column, rightStride: bStride,
        start: Source(c) + column, startStride: cStride, into: c + column, cStride: cStride)
      column += width
    }
  }

  /// All rows of 48, 32 or 16 columns.
  private static func sweep(
    _ rows: Int, _ width: Int, _ steps: Int, left: Source, rowStride: Int, stepStride: Int,
    right: Source, rightStride: Int, start: Source, startStride: Int, into c: Target, cStride: Int
  ) {
    switch width {
    case 48:
      rowsOf(
        Vectors3.self, rows, steps, left, rowStride, stepStride, right, rightStride, start,
        startStride, c, cStride)
    case 32:
      rowsOf(
        Vectors2.self, rows, steps, left, rowStride, stepStride, right, rightStride, start,
        startStride, c, cStride)
    default:
      rowsOf(
        Vector.self, rows, steps, left, rowStride, stepStride, right, rightStride, start,
        startStride, c, cStride)
    }
  }

  @inline(__always)
  private static func rowsOf<Row: TileRow>(
    _: Row.Type, _ rows: Int, _ steps: Int, _ left: Source, _ rowStride: Int, _ stepStride: Int,
    _ right: Source, _ rightStride: Int, _ start: Source, _ startStride: Int, _ c: Target,
    _ cStride: Int
  ) {
    var row = 0
    while vector_has_many_registers() != 0, row + 8 <= rows {
      let (left, start, c) = (
        left + row * rowStride, start + row * startStride, c + row * cStride
      )
      var upper = FourRows<Row>(start, startStride)
      var lower = FourRows<Row>(start + 4 * startStride, startStride)
      var (factor, b) = (left, right)
      for _ in 0..<steps {
        let vectors = Row(b)
        upper.add(factor, rowStride, vectors)
        lower.add(factor + 4 * rowStride, rowStride, vectors)
        factor += stepStride
        b += rightStride
      }
      upper.store(c, cStride)
      lower.store(c + 4 * cStride, cStride)
      row += 8
    }
    while row + 4 <= rows {
      var four = FourRows<Row>(start + row * startStride, startStride)
      var (factor, b) = (left + row * rowStride, right)
      for _ in 0..<steps {
        four.add(factor, rowStride, Row(b))
        factor += stepStride
        b += rightStride
      }
      four.store(c + row * cStride, cStride)
      row += 4
    }
    while row < rows {
      var one = Row(start + row * startStride)
      var (factor, b) = (left + row * rowStride, right)
      for _ in 0..<steps {
        one.add(factor[0], Row(b))
        factor += stepStride
        b += rightStride
      }
      one.store(c + row * cStride)
      row += 1
    }
  }
}

/// Four rows of a tile.
private struct FourRows<Row: TileRow> {
  private var r0, r1, r2, r3: Row

  @inline(__always)
  init(_ source: UnsafePointer<Float>, _ stride: Int) {
    (r0, r1) = (Row(source), Row(source + stride))
    (r2, r3) = (Row(source + 2 * stride), Row(source + 3 * stride))
  }

  @inline(__always)
  mutating func add(_ factors: UnsafePointer<Float>, _ stride: Int, _ vectors: Row) {
    r0.add(factors[0], vectors)
    r1.add(factors[stride], vectors)
    r2.add(factors[2 * stride], vectors)
    r3.add(factors[3 * stride], vectors)
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>, _ stride: Int) {
    r0.store(target)
    r1.store(target + stride)
    r2.store(target + 2 * stride)
    r3.store(target + 3 * stride)
  }
}

/// Some vectors side by side: a row of a tile.
private protocol TileRow {
  init(_ source: UnsafePointer<Float>)
  mutating func add(_ factor: Float, _ vectors: Self)
  func store(_ target: UnsafeMutablePointer<Float>)
}

extension SIMD16<Float>: TileRow {
  @inline(__always)
  fileprivate init(_ source: UnsafePointer<Float>) { self = vector_load(source) }

  @inline(__always)
  fileprivate mutating func add(_ factor: Float, _ vectors: Self) {
    self = vector_fma(Self(repeating: factor), vectors, self)
  }

  @inline(__always)
  fileprivate func store(_ target: UnsafeMutablePointer<Float>) { vector_store(self, target) }
}

private struct Vectors2: TileRow {
  var a, b: SIMD16<Float>

  @inline(__always)
  init(_ source: UnsafePointer<Float>) {
    (a, b) = (vector_load(source), vector_load(source + 16))
  }

  @inline(__always)
  mutating func add(_ factor: Float, _ vectors: Self) {
    let factor = SIMD16<Float>(repeating: factor)
    a = vector_fma(factor, vectors.a, a)
    b = vector_fma(factor, vectors.b, b)
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>) {
    vector_store(a, target)
    vector_store(b, target + 16)
  }
}

private struct Vectors3: TileRow {
  var a, b, c: SIMD16<Float>

  @inline(__always)
  init(_ source: UnsafePointer<Float>) {
    (a, b, c) = (vector_load(source), vector_load(source + 16), vector_load(source + 32))
  }

  @inline(__always)
  mutating func add(_ factor: Float, _ vectors: Self) {
    let factor = SIMD16<Float>(repeating: factor)
    a = vector_fma(factor, vectors.a, a)
    b = vector_fma(factor, vectors.b, b)
    c = vector_fma(factor, vectors.c, c)
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>) {
    vector_store(a, target)
    vector_store(b, target + 16)
    vector_store(c, target + 32)
  }
}
