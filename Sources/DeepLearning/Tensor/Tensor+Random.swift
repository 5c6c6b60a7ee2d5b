extension Tensor {
  /// A tensor of numbers from the uniform distribution over `range`.
  public static func uniform(
    _ shape: Shape, in range: Range<Float> = 0..<1, using random: inout RandomGenerator
  ) -> Tensor {
    Tensor(shape: shape) { buffer in
      let (lowest, width) = (range.lowerBound, range.upperBound - range.lowerBound)
      // A generator of the loop's own stays in registers.
      var own = random
      for i in buffer.indices { buffer[i] = lowest + width * own.uniform() }
      random = own
    }
  }

  /// A tensor of numbers from the normal distribution.
  public static func normal(
    _ shape: Shape, mean: Float = 0, standardDeviation: Float = 1,
    using random: inout RandomGenerator
  ) -> Tensor {
    Tensor(shape: shape) { buffer in
      for i in buffer.indices { buffer[i] = mean + standardDeviation * random.normal() }
    }
  }

  /// A matrix whose rows (or columns, if there are fewer) are perpendicular and of length 1.
  ///
  /// Normally distributed rows made perpendicular one after another (Gram and Schmidt, twice, in double
  /// precision): as random as the triangular decomposition that Keras uses.
  static func orthogonal(_ shape: Shape, using random: inout RandomGenerator) -> Tensor {
    require(shape.rank == 2, "An orthogonal weight is a matrix, not of shape \(shape).")
    let (short, long) = (Swift.min(shape[0], shape[1]), Swift.max(shape[0], shape[1]))
    let normal = Tensor.normal([short, long], using: &random).scalars.map(Double.init)
    var rows: [[Double]] = []
    for index in 0..<short {
      var row = Array(normal[index * long..<(index + 1) * long])
      for _ in 0..<2 {
        for other in rows {
          let overlap = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in row.indices { row[i] -= overlap * other[i] }
        }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      rows.append(row.map { $0 / length })
    }
    return Tensor(shape: shape) { target in
      for i in 0..<shape[0] {
        for j in 0..<shape[1] {
          target[i * shape[1] + j] = Float(shape[0] <= shape[1] ? rows[i][j] : rows[j][i])
        }
      }
    }
  }
}
