import Testing

@testable import DeepLearning

/// Expects every element of two tensors to agree; the failure names the worst element.
///
/// - Parameters:
///   - absolute: the error allowed near zero.
///   - relative: the error allowed besides, as a share of the expected magnitude.
func expectClose(
  _ actual: Tensor, _ expected: Tensor, absolute: Float = 1e-5, relative: Float = 2e-5,
  _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    actual.shape == expected.shape,
    "\(name): the shape is \(actual.shape), but should be \(expected.shape)",
    sourceLocation: sourceLocation)
  guard actual.shape == expected.shape else { return }
  var worst: (position: Int, excess: Float)?
  let (a, b) = (actual.scalars, expected.scalars)
  for (position, (x, y)) in zip(a, b).enumerated() where x != y && !(x.isNaN && y.isNaN) {
    let excess = abs(x - y) / (absolute + relative * abs(y))
    // A NaN on one side only is the worst error of all.
    let weight = excess.isNaN ? .infinity : excess
    if weight > max(1, worst?.excess ?? 0) { worst = (position, weight) }
  }
  let complaint = worst.map { worst in
    """
    \(name): element \(index(of: worst.position, in: actual.shape)) of \(actual.shape) is \
    \(a[worst.position]), but should be \(b[worst.position])
    """
  }
  #expect(complaint == nil, "\(complaint ?? "")", sourceLocation: sourceLocation)
}

/// Expects two numbers to agree.
func expectClose(
  _ actual: Float, _ expected: Double, absolute: Double = 1e-6, relative: Double = 1e-5,
  _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs(Double(actual) - expected) <= absolute + relative * abs(expected),
    "\(name): is \(actual), but should be \(expected)", sourceLocation: sourceLocation)
}

/// Whether two tensors have the same shape and the same bits, NaN included.
func haveEqualBits(_ a: Tensor, _ b: Tensor) -> Bool {
  a.shape == b.shape && a.scalars.map(\.bitPattern) == b.scalars.map(\.bitPattern)
}

/// The index along each axis of an element, from its position in row-major order.
func index(of position: Int, in shape: Shape) -> [Int] {
  var rest = position
  var index = [Int](repeating: 0, count: shape.rank)
  for axis in (0..<shape.rank).reversed() {
    index[axis] = rest % shape[axis]
    rest /= shape[axis]
  }
  return index
}
