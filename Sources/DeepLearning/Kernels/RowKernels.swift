import CVector

/// Kernels on the rows of a matrix: softmax, and what a bias needs.
enum RowKernels {
  /// Softmax of each row, shifted by the row's largest element so that nothing overflows.
  static func softmax(_ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    for row in 0..<rows {
      let x = matrix + row * columns
      var largest = x[0]
      for j in 1..<max(columns, 1) { largest = max(largest, x[j]) }
      for j in 0..<columns { x[j] -= largest }
      Elementwise.unary(.exp, x, x, columns)
      var sum: Float = 0
      for j in 0..<columns { sum += x[j] }
      let scale = 1 / sum
      for j in 0..<columns { x[j] *= scale }
    }
  }

  /// `gradient = p · (upstream - Σ p · upstream)` in each row, from softmax's output `p`; may be in place.
  static func softmaxGradient(
    output p: UnsafePointer<Float>, upstream: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    for start in stride(from: 0, to: rows * columns, by: max(columns, 1)) {
      var dot: Float = 0
      for j in start..<start + columns { dot += p[j] * upstream[j] }
      for j in start..<start + columns { gradient[j] = p[j] * (upstream[j] - dot) }
    }
  }

  /// Writes `row` into each row of `matrix`.
  static func fill(
    _ matrix: UnsafeMutablePointer<Float>, with row: UnsafePointer<Float>, rows: Int, columns: Int
  ) {
    Parallel.copy(rows, columns, from: row, 0, to: matrix, columns)
  }

  /// Adds `row` to each row of `matrix`.
  static func addRow(
    _ row: UnsafePointer<Float>, to matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    for start in stride(from: 0, to: rows * columns, by: max(columns, 1)) {
      for j in 0..<columns { matrix[start + j] += row[j] }
    }
  }

  /// The sum over the rows: the gradient of a bias.
  ///
  /// - Parameter sums: `[columns]`, overwritten.
  static func columnSums(
    _ matrix: UnsafePointer<Float>, rows: Int, columns: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    var column = 0
    while column + 16 <= columns {
      var total = SIMD16<Float>.zero
      for row in 0..<rows {
        total += vector_load(matrix + row * columns + column)
      }
      vector_store(total, sums + column)
      column += 16
    }
    while column < columns {
      var total: Float = 0
      for row in 0..<rows { total += matrix[row * columns + column] }
      sums[column] = total
      column += 1
    }
  }

  /// The sum of `count` numbers, in double precision across 16 lanes.
  static func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
    var lanes = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    var i = 0
    while i + 16 <= count {
      lanes.0 += wide(x + i)
      lanes.1 += wide(x + i + 8)
      i += 16
    }
    var total = (lanes.0 + lanes.1).sum()
    while i < count {
      total += Double(x[i])
      i += 1
    }
    return Float(total)
  }

  @inline(__always)
  private static func wide(_ x: UnsafePointer<Float>) -> SIMD8<Double> {
    SIMD8(
      Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]), Double(x[4]), Double(x[5]),
      Double(x[6]), Double(x[7]))
  }
}
