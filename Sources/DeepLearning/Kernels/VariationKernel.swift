import CVector
import Foundation

/// Total variation of images, one row of numbers at a time: nothing as large as the image is made besides its gradient.
///
/// At each pixel but those of the last row and column, for each channel, a = x − (the pixel below) and b = x − (the
/// pixel to the right); the variation is Σ (a² + b²)^exponent.
struct VariationKernel {
  typealias Vector = SIMD16<Float>

  /// Pictures, rows, and numbers in a row.
  let count, height, width: Int
  let channels: Int
  let exponent: Float
  /// The numbers of a row that have one to their right.
  private var inner: Int { width - channels }
  /// Rows that are worth a core of their own.
  private var grain: Int { max((1 << 14) / max(width, 1), 1) }

  init(_ shape: Shape, exponent: Float) {
    (count, height, channels) = (shape[0], shape[1], shape[3])
    width = shape[2] * shape[3]
    self.exponent = exponent
  }

  /// The sum over all pixels. The same for any number of cores: rows are added up in order.
  func sum(_ x: UnsafePointer<Float>) -> Double {
    var sums = [Double](repeating: 0, count: count * height)
    let last = partOfLastVector
    sums.withUnsafeMutableBufferPointer { sums in
      Parallel.ranges(count * height, grain: grain, alignment: 1) { rows in
        for row in rows where row % height < height - 1 {
          sums[row] = rowSum(x + row * width, last)
        }
      }
    }
    return sums.reduce(0, +)
  }

  /// Writes the gradient with respect to the image, times `scale`.
  func gradient(
    _ x: UnsafePointer<Float>, scale: Float, into gradient: UnsafeMutablePointer<Float>
  ) {
    Parallel.ranges(count * height, grain: grain, alignment: 1) { rows in
      // Two rows of slopes downward, this one and the one above, and one to the right, which begins with the zeros of a
      // neighbour that is not there; behind each, room for a whole vector.
      let stride = width + channels + 16
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * stride) { memory in
        guard let memory = memory.baseAddress else { return }
        memory.update(repeating: 0, count: 3 * stride)
        var (above, here, right) = (memory, memory + stride, memory + 2 * stride)
        if let first = rows.first, first % height > 0 {
          slopes(x + (first - 1) * width, scale, down: above, right: right + channels)
        }
        for row in rows {
          if row % height == 0 { above.update(repeating: 0, count: stride) }
          if row % height == height - 1 {
            here.update(repeating: 0, count: stride)
            right.update(repeating: 0, count: stride)
          } else {
            slopes(x + row * width, scale, down: here, right: right + channels)
          }
          gather(above, here, right, into: gradient + row * width)
          swap(&above, &here)
        }
      }
    }
  }

  /// What a number gains from the difference at its own place, and loses to its neighbours above and to the left.
  private func gather(
    _ above: UnsafePointer<Float>, _ here: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    for i in stride(from: 0, to: width, by: 16) {
      let sum =
        vector_load(here + i) - vector_load(above + i) + vector_load(right + channels + i)
        - vector_load(right + i)
      vector_store_first(sum, gradient + i, min(width - i, 16))
    }
  }

  /// The derivatives of the terms of one row with respect to a and to b; zero behind the last.
  private func slopes(
    _ x: UnsafePointer<Float>, _ scale: Float, down: UnsafeMutablePointer<Float>,
    right: UnsafeMutablePointer<Float>
  ) {
    let factor = 2 * exponent * scale
    for i in stride(from: 0, to: inner, by: 16) {
      let (a, b) = differences(x + i)
      let slope = factor * power(a * a + b * b, less: 1)
      vector_store(slope * a, down + i)
      vector_store(slope * b, right + i)
    }
    // What the last vector has too much; behind it the memory is zero already.
    for i in inner..<(inner + 15) & ~15 { (down[i], right[i]) = (0, 0) }
  }

  private func rowSum(_ x: UnsafePointer<Float>, _ last: SIMDMask<SIMD16<Int32>>) -> Double {
    var sum = Vector.zero
    let whole = inner & ~15
    for i in stride(from: 0, to: whole, by: 16) {
      let (a, b) = differences(x + i)
      sum += power(a * a + b * b, less: 0)
    }
    if whole < inner {
      let (a, b) = differences(x + whole)
      sum += Vector.zero.replacing(with: power(a * a + b * b, less: 0), where: last)
    }
    return (0..<16).reduce(0) { $0 + Double(sum[$1]) }
  }

  /// Which numbers of the last vector of a row belong to it.
  private var partOfLastVector: SIMDMask<SIMD16<Int32>> {
    var lanes = SIMD16<Int32>.zero
    for lane in 0..<16 { lanes[lane] = Int32(lane) }
    return lanes .< Int32(inner & 15)
  }

  @inline(__always)
  private func differences(_ x: UnsafePointer<Float>) -> (a: Vector, b: Vector) {
    let center = vector_load(x)
    return (center - vector_load(x + width), center - vector_load(x + channels))
  }

  /// Each number to the power of `exponent - less`; the book's 1.25 by square roots.
  @inline(__always)
  private func power(_ x: Vector, less: Float) -> Vector {
    if exponent == 1.25 {
      let root = vector_sqrt(vector_sqrt(x))
      return less == 0 ? x * root : root
    }
    var result = x
    for lane in 0..<16 { result[lane] = pow(x[lane], exponent - less) }
    return result
  }
}
