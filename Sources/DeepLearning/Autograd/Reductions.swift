extension Tensor {
  /// The sum of all elements, a scalar.
  public func sum() -> Tensor {
    let (shape, layout) = (self.shape, self.layout)
    return Tensor.scalar(RowKernels.sum(pointer(in: layout), elementCount))
      .recorded(from: self) { [Tensor(repeating: $0.item, shape: shape, layout: layout)] }
  }

  /// The mean of all elements, a scalar.
  public func mean() -> Tensor { sum() / Float(elementCount) }

  /// The sum along one axis.
  ///
  /// - Parameters:
  ///   - axis: the axis to sum over; negative counts from the end.
  ///   - keepingAxis: whether the axis stays, with extent 1.
  public func sum(axis: Int, keepingAxis: Bool = false) -> Tensor {
    let axis = checked(axis)
    let (outer, extent, inner) = split(around: axis)
    let kept = Shape(shape.enumerated().map { $0 == axis ? 1 : $1 })
    let result = Tensor(uninitialized: kept)
    for block in 0..<outer {
      let source = pointer + block * extent * inner
      let target = result.pointer + block * inner
      if inner == 1 {
        target[0] = RowKernels.sum(source, extent)
      } else {
        RowKernels.columnSums(source, rows: extent, columns: inner, into: target)
      }
    }
    let original = shape
    let recorded = result.recorded(from: self) {
      [$0.reshaped(kept).broadcast(to: original)]
    }
    return keepingAxis ? recorded : recorded.reshaped(shape.removing(axis))
  }

  /// The mean along one axis.
  public func mean(axis: Int, keepingAxis: Bool = false) -> Tensor {
    sum(axis: axis, keepingAxis: keepingAxis) / Float(shape[checked(axis)])
  }

  /// The position of the largest element of each row of the last axis. Not differentiable.
  public func argmax() -> [Int] {
    let length = rowLength
    return (0..<rowCount).map { row in
      let x = pointer + row * length
      var best = 0
      for j in 1..<Swift.max(length, 1) where x[j] > x[best] { best = j }
      return best
    }
  }

  /// The largest element. Not differentiable.
  public func max() -> Float { withUnsafeBuffer { $0.max() ?? -.infinity } }
  /// The smallest element. Not differentiable.
  public func min() -> Float { withUnsafeBuffer { $0.min() ?? .infinity } }

  func checked(_ axis: Int) -> Int {
    let wrapped = axis < 0 ? axis + rank : axis
    require(
      wrapped >= 0 && wrapped < rank,
      "A tensor of shape \(shape) has no axis \(axis). Axes count from 0, and from the end with -1."
    )
    return wrapped
  }

  /// How many elements lie outside, along, and inside an axis.
  func split(around axis: Int) -> (outer: Int, extent: Int, inner: Int) {
    let outer = shape[0..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    return (outer, shape[axis], inner)
  }
}

extension Shape {
  /// The shape without one axis.
  func removing(_ axis: Int) -> Shape {
    Shape(enumerated().filter { $0.offset != axis }.map(\.element))
  }
}
