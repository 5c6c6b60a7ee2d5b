import Foundation
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
  let (a, b) = (actual.scalars, expected.scalars)
  let worst = worstDifference(a, b, absolute: absolute, relative: relative)
  let complaint = worst.map { worst in
    """
    \(name): element \(index(of: worst, in: actual.shape)) of \(actual.shape) is \(a[worst]), \
    but should be \(b[worst])
    """
  }
  #expect(complaint == nil, "\(complaint ?? "")", sourceLocation: sourceLocation)
}

/// The position of the element that is farthest beyond the error allowed; nil if none is.
///
/// Over plain pointers and without generic functions, since tests are not optimised and there are millions of elements.
private func worstDifference(
  _ actual: [Float], _ expected: [Float], absolute: Float, relative: Float
) -> Int? {
  actual.withUnsafeBufferPointer { actual in
    expected.withUnsafeBufferPointer { expected -> Int? in
      guard let a = actual.baseAddress, let b = expected.baseAddress else { return nil }
      var (worst, worstExcess): (Int?, Float) = (nil, 1)
      let count = actual.count
      var position = 0
      while position < count {
        let (x, y) = (a[position], b[position])
        if x != y, !(x.isNaN && y.isNaN) {
          let excess = (x - y).magnitude / (absolute + relative * y.magnitude)
          // A NaN on one side only is the worst error of all.
          let weight = excess.isNaN ? .infinity : excess
          if weight > worstExcess { (worst, worstExcess) = (position, weight) }
        }
        position += 1
      }
      return worst
    }
  }
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
  guard a.shape == b.shape else { return false }
  return a.scalars.withUnsafeBytes { a in
    b.scalars.withUnsafeBytes { b in
      guard let start = a.baseAddress, let other = b.baseAddress else { return true }
      return memcmp(start, other, a.count) == 0
    }
  }
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
