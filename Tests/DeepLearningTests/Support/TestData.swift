@testable import DeepLearning

/// Random numbers that lie at least `margin` away from each of `avoiding`, where functions have kinks.
func randomTensor(
  _ shape: Shape, in range: ClosedRange<Float> = -1.2...1.5, seed: UInt64,
  avoiding kinks: [Float] = [], margin: Float = 0.06
) -> Tensor {
  var random = RandomGenerator(seed: seed)
  // Tests are not optimised, the engine is.
  if kinks.isEmpty {
    return .uniform(shape, in: range.lowerBound..<range.upperBound, using: &random)
  }
  return Tensor(shape: shape) { buffer in
    for i in buffer.indices {
      repeat {
        buffer[i] = range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform()
      } while kinks.contains { abs($0 - buffer[i]) < margin }
    }
  }
}

/// A random matrix of which about a tenth is not zero; rows number 1 and the last are empty.
func randomRows(
  _ rows: Int, _ columns: Int, hasValues: Bool, density: Float = 0.1, seed: UInt64
) -> SparseRows {
  var random = RandomGenerator(seed: seed)
  var starts: [Int32] = [0]
  var indices: [Int32] = []
  for row in 0..<rows {
    if row != 1 && row != rows - 1 {
      indices += (0..<Int32(columns)).filter { _ in random.uniform() < density }
    }
    starts.append(Int32(indices.count))
  }
  let values = indices.map { _ in random.uniform() * 3 - 1.4 }
  return SparseRows(
    columns: columns, starts: starts, indices: indices, values: hasValues ? values : nil)
}

extension SparseRows {
  /// The elements of a matrix that are not zero.
  init(nonZero matrix: Tensor) {
    let columns = matrix.shape[1]
    var starts: [Int32] = [0]
    var (indices, values): ([Int32], [Float]) = ([], [])
    for (position, value) in matrix.scalars.enumerated() {
      if value != 0 {
        indices.append(Int32(position % columns))
        values.append(value)
      }
      if position % columns == columns - 1 { starts.append(Int32(indices.count)) }
    }
    self.init(columns: columns, starts: starts, indices: indices, values: values)
  }
}

/// One-hot rows for class numbers.
func oneHot(_ labels: [Int32], classes: Int) -> Tensor {
  Tensor(shape: [labels.count, classes]) { buffer in
    buffer.update(repeating: 0)
    for (row, label) in labels.enumerated() { buffer[row * classes + Int(label)] = 1 }
  }
}

/// Word numbers below 50 of which many occur several times, and most not at all.
func repeatedIDs(_ count: Int, seed: UInt64) -> [Int32] {
  var random = RandomGenerator(seed: seed)
  return (0..<count).map { _ in Int32(random.below(20) * random.below(3)) }
}
