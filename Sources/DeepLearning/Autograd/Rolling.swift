extension Tensor {
  /// Images shifted down and to the right; what leaves at one side comes in at the other.
  ///
  /// - Parameters:
  ///   - down: rows, negative for up.
  ///   - across: columns, negative for left.
  /// - Returns: the tensor's own shape, `[batch, height, width, channels]`.
  public func rolled(down: Int, across: Int) -> Tensor {
    down == 0 && across == 0
      ? self : rolled(by: [(down: Int, across: Int)](repeating: (down, across), count: count))
  }

  /// Images shifted down and to the right, each by its own; what leaves at one side comes in at the other.
  ///
  /// - Parameter shifts: rows and columns, a pair for each image; negative for up and left.
  /// - Returns: the tensor's own shape, `[batch, height, width, channels]`.
  public func rolled(by shifts: [(down: Int, across: Int)]) -> Tensor {
    require(
      rank == 4 && shifts.count == count,
      "Rolling takes images [\(shifts.count), height, width, channels], one for each shift, but got shape \(shape)."
    )
    let result = Tensor(uninitialized: shape)
    let (height, rowSize) = (shape[1], shape[2] * shape[3])
    if elementCount > 0 {
      let (source, target) = (pointer, result.pointer)
      for (image, shift) in shifts.enumerated() {
        let down = Tensor.wrapped(shift.down, height)
        let start = Tensor.wrapped(shift.across, shape[2]) * shape[3]
        for row in 0..<height {
          let from = source + (image * height + row) * rowSize
          let to = target + (image * height + (row + down) % height) * rowSize
          (to + start).update(from: from, count: rowSize - start)
          to.update(from: from + rowSize - start, count: start)
        }
      }
    }
    return result.recorded(from: self) { [$0.rolled(by: shifts.map { (-$0.down, -$0.across) })] }
  }

  private static func wrapped(_ position: Int, _ extent: Int) -> Int {
    (position % extent + extent) % extent
  }
}
