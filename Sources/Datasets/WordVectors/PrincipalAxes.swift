/// The directions in which a symmetric matrix stretches the most, by the rotations of Jacobi (1846).
///
/// - Parameters:
///   - matrix: size x size numbers, symmetric, row by row.
///   - size: the number of rows.
///   - count: how many directions to return, at most `size`.
/// - Returns: eigenvectors of length one with their eigenvalues, the greatest first. The largest part of each
///   direction is positive, so that the same matrix always gives the same signs.
func principalAxes(
  of matrix: [Double], size: Int, count: Int
) -> [(direction: [Double], strength: Double)] {
  var a = matrix
  // Row by row the directions found so far.
  var axes = (0..<size * size).map { $0 % (size + 1) == 0 ? 1.0 : 0.0 }
  let whole = a.reduce(0) { $0 + $1 * $1 }
  for _ in 0..<50 {
    var rest = 0.0
    for p in 0..<size {
      for q in (p + 1)..<max(size, p + 1) { rest += a[p * size + q] * a[p * size + q] }
    }
    if rest <= 1e-24 * whole { break }
    for p in 0..<size {
      for q in (p + 1)..<max(size, p + 1) where a[p * size + q] != 0 {
        rotate(&a, &axes, size, p, q)
      }
    }
  }
  let order = (0..<size).sorted { a[$0 * (size + 1)] > a[$1 * (size + 1)] }
  return order.prefix(count).map { row in
    let axis = axes[row * size..<(row + 1) * size]
    let sign = axis.max { $0.magnitude < $1.magnitude } ?? 1 < 0 ? -1.0 : 1
    return (axis.map { $0 * sign }, a[row * (size + 1)])
  }
}

/// Turns the axes p and q so that the matrix has a zero where they cross (Golub and Van Loan, algorithm 8.4.1).
private func rotate(_ a: inout [Double], _ axes: inout [Double], _ size: Int, _ p: Int, _ q: Int) {
  let ratio = (a[q * (size + 1)] - a[p * (size + 1)]) / (2 * a[p * size + q])
  let tangent = (ratio < 0 ? -1 : 1) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
  let cosine = 1 / (1 + tangent * tangent).squareRoot()
  let sine = tangent * cosine
  for k in 0..<size {
    let (left, right) = (a[k * size + p], a[k * size + q])
    a[k * size + p] = cosine * left - sine * right
    a[k * size + q] = sine * left + cosine * right
  }
  for k in 0..<size {
    let (upper, lower) = (a[p * size + k], a[q * size + k])
    a[p * size + k] = cosine * upper - sine * lower
    a[q * size + k] = sine * upper + cosine * lower
    let (first, second) = (axes[p * size + k], axes[q * size + k])
    axes[p * size + k] = cosine * first - sine * second
    axes[q * size + k] = sine * first + cosine * second
  }
}
