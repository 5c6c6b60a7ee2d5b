import CVector

/// The two products of a sparse matrix with a dense one: forward and for the gradient of the weights.
enum SparseProduct {
  private typealias Vector = SIMD16<Float>

  /// Computes `output = rows · kernel + bias`: for each row, adds up the kernel rows it names.
  ///
  /// - Parameters:
  ///   - kernel: `[columns, units]`.
  ///   - bias: `[units]`, or nil.
  ///   - output: `[rows, units]`.
  static func forward(
    _ rows: SparseRows, kernel: UnsafePointer<Float>, bias: UnsafePointer<Float>?, units: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    rows.withUnsafeElements { indices, values in
      rows.bounds.withUnsafeBufferPointer { bounds in
        nonisolated(unsafe) let (indices, values, bounds) = (indices, values, bounds)
        Parallel.ranges(bounds.count, grain: 32) { range in
          for row in range {
            let positions = Int(bounds[row].lowerBound)..<Int(bounds[row].upperBound)
            gather(
              indices, values, positions, kernel, bias, units, output + row * units)
          }
        }
      }
    }
  }

  /// One row of the product, 64 and then 16 units at a time, held in registers.
  private static func gather(
    _ indices: UnsafePointer<Int32>, _ values: UnsafePointer<Float>?, _ positions: Range<Int>,
    _ kernel: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ units: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    var unit = 0
    while unit + 64 <= units {
      var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      for position in positions {
        let source = kernel + Int(indices[position]) * units + unit
        let value = values.map { $0[position] } ?? 1
        s0 += value * vector_load(source)
        s1 += value * vector_load(source + 16)
        s2 += value * vector_load(source + 32)
        s3 += value * vector_load(source + 48)
      }
      vector_store(s0 + start(bias, unit), target + unit)
      vector_store(s1 + start(bias, unit + 16), target + unit + 16)
      vector_store(s2 + start(bias, unit + 32), target + unit + 32)
      vector_store(s3 + start(bias, unit + 48), target + unit + 48)
      unit += 64
    }
    while unit + 16 <= units {
      var sums = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      var position = positions.lowerBound
      if values == nil {
        // Four sums hide the latency of the additions.
        while position + 4 <= positions.upperBound {
          sums.0 += vector_load(kernel + Int(indices[position]) * units + unit)
          sums.1 += vector_load(kernel + Int(indices[position + 1]) * units + unit)
          sums.2 += vector_load(kernel + Int(indices[position + 2]) * units + unit)
          sums.3 += vector_load(kernel + Int(indices[position + 3]) * units + unit)
          position += 4
        }
      }
      while position < positions.upperBound {
        let value = values.map { $0[position] } ?? 1
        sums.0 += value * vector_load(kernel + Int(indices[position]) * units + unit)
        position += 1
      }
      vector_store((sums.0 + sums.1) + (sums.2 + sums.3) + start(bias, unit), target + unit)
      unit += 16
    }
    while unit < units {
      var sum: Float = 0
      for position in positions {
        sum += (values.map { $0[position] } ?? 1) * kernel[Int(indices[position]) * units + unit]
      }
      target[unit] = sum + (bias.map { $0[unit] } ?? 0)
      unit += 1
    }
  }

  /// Computes `gradient = rowsᵀ · upstream`, the gradient of the kernel; untouched rows become zero.
  ///
  /// Two cores share the work by columns, at the column that halves the elements: no sum is split,
  /// so the result has the same bits on any number of cores.
  ///
  /// - Parameters:
  ///   - upstream: `[rows, units]`.
  ///   - gradient: `[columns, units]`.
  static func kernelGradient(
    _ rows: SparseRows, upstream: UnsafePointer<Float>, units: Int,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    let median = rows.medianColumn
    let isSplit = Parallel.threads > 1 && median > 0 && rows.count * units >= 1024
    let parts: [Range<Int32>] =
      isSplit ? [0..<median, median..<Int32(rows.columns)] : [0..<Int32(rows.columns)]
    rows.withUnsafeElements { indices, values in
      rows.bounds.withUnsafeBufferPointer { bounds in
        Parallel.run(parts.count) { part in
          let columns = parts[part]
          (gradient + Int(columns.lowerBound) * units)
            .update(repeating: 0, count: columns.count * units)
          for row in bounds.indices {
            let positions = Int(bounds[row].lowerBound)..<Int(bounds[row].upperBound)
            let first =
              columns.lowerBound == 0
              ? positions.lowerBound : lowerBound(indices, positions, columns.lowerBound)
            let last =
              columns.upperBound == rows.columns
              ? positions.upperBound : lowerBound(indices, positions, columns.upperBound)
            scatter(
              indices, values, first..<last, upstream + row * units, units, into: gradient)
          }
        }
      }
    }
  }

  /// Adds one row of the upstream gradient to the kernel rows that the sparse row names.
  private static func scatter(
    _ indices: UnsafePointer<Int32>, _ values: UnsafePointer<Float>?, _ positions: Range<Int>,
    _ upstream: UnsafePointer<Float>, _ units: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    var unit = 0
    while unit + 16 <= units {
      let vector = vector_load(upstream + unit)
      if let values {
        for position in positions {
          let target = gradient + Int(indices[position]) * units + unit
          vector_store(vector_load(target) + values[position] * vector, target)
        }
      } else {
        for position in positions {
          let target = gradient + Int(indices[position]) * units + unit
          vector_store(vector_load(target) + vector, target)
        }
      }
      unit += 16
    }
    if unit < units {
      for position in positions {
        let target = gradient + Int(indices[position]) * units
        let value = values.map { $0[position] } ?? 1
        for rest in unit..<units { target[rest] += value * upstream[rest] }
      }
    }
  }

  /// The first of `positions` whose column is not below `column`.
  @inline(__always)
  private static func lowerBound(
    _ indices: UnsafePointer<Int32>, _ positions: Range<Int>, _ column: Int32
  ) -> Int {
    var (low, high) = (positions.lowerBound, positions.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if indices[middle] < column { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @inline(__always)
  private static func start(_ bias: UnsafePointer<Float>?, _ unit: Int) -> Vector {
    bias.map { vector_load($0 + unit) } ?? .zero
  }
}

extension SparseRows {
  /// Gives `body` the column numbers and values (nil: all 1) of all rows.
  func withUnsafeElements(_ body: (UnsafePointer<Int32>, UnsafePointer<Float>?) -> Void) {
    indices.withUnsafeBufferPointer { indices in
      guard let base = indices.baseAddress else { return emptyElements(body) }
      if let values {
        values.withUnsafeBufferPointer { body(base, $0.baseAddress) }
      } else {
        body(base, nil)
      }
    }
  }

  /// A matrix without any element still has rows to be written.
  private func emptyElements(_ body: (UnsafePointer<Int32>, UnsafePointer<Float>?) -> Void) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { buffer in
      if let base = buffer.baseAddress { body(UnsafePointer(base), nil) }
    }
  }
}
