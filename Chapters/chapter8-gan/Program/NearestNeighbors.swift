import DeepLearning
import Gallery

/// For each of some pictures the most similar among others.
struct NearestNeighbors {
  /// How different they are: the root of the mean squared difference of all numbers, which lie between 0 and 1.
  private(set) var distances: [Float]
  /// Which ones they are.
  private(set) var indices: [Int]

  /// Compares each with all.
  ///
  /// - Parameters:
  ///   - pictures: `[count, 32, 32, 3]`
  ///   - others: how many there are to compare with, and the pictures of a range of them.
  ///   - own: which of the others each picture is itself, if it is among them.
  init(
    of pictures: Tensor, among others: (count: Int, part: (Range<Int>) -> Tensor),
    own: [Int]? = nil
  ) {
    let size = pictures.elementCount / max(pictures.count, 1)
    let rows = pictures.reshaped([pictures.count, size])
    let lengths = Self.squares(rows)
    distances = [Float](repeating: .infinity, count: pictures.count)
    indices = [Int](repeating: 0, count: pictures.count)
    for start in stride(from: 0, to: others.count, by: 500) {
      let range = start..<min(start + 500, others.count)
      let part = others.part(range).reshaped([range.count, size])
      let partLengths = Self.squares(part)
      // |a - b|² = |a|² + |b|² - 2ab: one matrix product instead of all differences.
      let products = rows.matmul(part.transposed())
      products.withUnsafeBuffer { products in
        for row in 0..<pictures.count {
          for column in range where own?[row] != column {
            let product = products[row * range.count + column - start]
            let square = lengths[row] + partLengths[column - start] - 2 * product
            if square < distances[row] { (distances[row], indices[row]) = (square, column) }
          }
        }
      }
    }
    distances = distances.map { (max($0, 0) / Float(size)).squareRoot() }
  }

  /// Compares each of some pictures with the rest of them.
  init(within pictures: Tensor) {
    self.init(
      of: pictures, among: (pictures.count, { pictures[$0] }), own: Array(0..<pictures.count))
  }

  /// The mean of the distances.
  var meanDistance: Float { distances.reduce(0, +) / Float(max(distances.count, 1)) }

  /// The median of the distances.
  var medianDistance: Float { Statistics.median(distances) }

  private static func squares(_ rows: Tensor) -> [Float] {
    rows.squared().sum(axis: 1).scalars
  }
}
