import CVector

extension Tensor {
  /// The rows of this matrix with the given numbers.
  ///
  /// The gradient holds only the rows that were looked up.
  ///
  /// - Parameters:
  ///   - ids: numbers of rows, from 0.
  ///   - shape: the extents of `ids`.
  ///   - owner: the name of the layer, for messages.
  /// - Returns: `[...shape, columns]` for a matrix `[rows, columns]`.
  func lookingUp(_ ids: [Int32], shape: Shape, for owner: String) -> Tensor {
    let (rows, width) = (self.shape[0], self.shape[1])
    for id in ids where id < 0 || id >= rows {
      fail(
        "\(owner): word \(id) is out of range 0..<\(rows). Give the layer more words, or map rare words to a number below \(rows)."
      )
    }
    let result = Tensor(uninitialized: Shape(Array(shape) + [width]))
    let (source, target) = (pointer, result.pointer)
    ids.withUnsafeBufferPointer { ids in
      nonisolated(unsafe) let ids = ids
      Parallel.ranges(ids.count, grain: Swift.max(1 << 15 / Swift.max(width, 1), 1), alignment: 1) {
        range in
        for position in range {
          let (from, to) = (source + Int(ids[position]) * width, target + position * width)
          for column in stride(from: 0, to: width, by: 16) {
            vector_store_first(vector_load(from + column), to + column, width - column)
          }
        }
      }
    }
    let tableShape = self.shape
    let recorded = result.recorded(from: self) { upstream in
      [upstream.scattered(to: ids, shape: tableShape)]
    }
    recorded.storage.lookup = Lookup(table: self, ids: ids, result: recorded)
    return recorded
  }

  /// A matrix of zeros to whose rows `ids` these rows have been added, in order.
  private func scattered(to ids: [Int32], shape: Shape) -> Tensor {
    let width = shape[1]
    return ids.withUnsafeBufferPointer { ids in
      let nonZero = NonZeroRows(distinct: ids, of: shape[0], width: width)
      let storage = Storage(zeros: shape.elementCount, nonZeroRows: nonZero)
      let (source, target) = (pointer, storage.buffer)
      nonisolated(unsafe) let ids = ids
      // Each core adds its own columns, so that no sum is split.
      Parallel.ranges(width, grain: Swift.max(16, 1 << 15 / Swift.max(ids.count, 1))) { columns in
        for (position, id) in ids.enumerated() {
          let (from, to) = (source + position * width, target + Int(id) * width)
          var column = columns.lowerBound
          while column < columns.upperBound {
            vector_store_first(
              vector_load(to + column) + vector_load(from + column), to + column,
              columns.upperBound - column)
            column += 16
          }
        }
      }
      return Tensor(shape: shape, storage: storage)
    }
  }
}
