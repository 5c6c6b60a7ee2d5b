extension Tensor {
  /// Adds element by element; shapes are broadcast as in NumPy.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    broadcast(left, right, .add) { upstream in (upstream, upstream) }
  }

  /// Subtracts element by element; shapes are broadcast as in NumPy.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    broadcast(left, right, .subtract) { upstream in (upstream, -upstream) }
  }

  /// Multiplies element by element; shapes are broadcast as in NumPy.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    let (a, b) = (left.detached, right.detached)
    return broadcast(left, right, .multiply) { upstream in (upstream * b, upstream * a) }
  }

  /// Divides element by element; shapes are broadcast as in NumPy.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    let (a, b) = (left.detached, right.detached)
    return broadcast(left, right, .divide) { upstream in
      let quotient = upstream / b
      return (quotient, -(quotient * a / b))
    }
  }

  /// Adds a number to each element.
  public static func + (left: Tensor, right: Float) -> Tensor { left.affine(1, right) }
  /// Adds a number to each element.
  public static func + (left: Float, right: Tensor) -> Tensor { right.affine(1, left) }
  /// Subtracts a number from each element.
  public static func - (left: Tensor, right: Float) -> Tensor { left.affine(1, -right) }
  /// Subtracts each element from a number.
  public static func - (left: Float, right: Tensor) -> Tensor { right.affine(-1, left) }
  /// Multiplies each element by a number.
  public static func * (left: Tensor, right: Float) -> Tensor { left.affine(right, 0) }
  /// Multiplies each element by a number.
  public static func * (left: Float, right: Tensor) -> Tensor { right.affine(left, 0) }
  /// Divides each element by a number.
  public static func / (left: Tensor, right: Float) -> Tensor { left.affine(1 / right, 0) }
  /// Divides a number by each element.
  public static func / (left: Float, right: Tensor) -> Tensor { left * right.reciprocal() }
  /// The elements with the opposite sign.
  public static prefix func - (operand: Tensor) -> Tensor { operand.affine(-1, 0) }

  /// Adds `right` to `left`.
  public static func += (left: inout Tensor, right: Tensor) { left = left + right }
  /// Subtracts `right` from `left`.
  public static func -= (left: inout Tensor, right: Tensor) { left = left - right }
  /// Multiplies `left` by `right`.
  public static func *= (left: inout Tensor, right: Tensor) { left = left * right }
  /// Divides `left` by `right`.
  public static func /= (left: inout Tensor, right: Tensor) { left = left / right }

  /// Adds a multiple of another tensor of the same shape, in place unless a gradient is being recorded.
  public mutating func add(_ other: Tensor, times factor: Float) {
    require(
      shape == other.shape,
      "A tensor of shape \(other.shape) cannot be added in place to one of shape \(shape).")
    if node != nil || other.node != nil {
      self += other * factor
      return
    }
    let layout = Tensor.commonLayout(self, other)
    makeUnique(keeping: layout)
    Elementwise.accumulate(
      other.pointer(in: layout), times: factor, into: pointer(in: layout), elementCount)
    withExtendedLifetime(other) {}
  }

  /// `scale · x + shift`
  private func affine(_ scale: Float, _ shift: Float) -> Tensor {
    let layout = layout
    let result = Tensor(uninitialized: shape, layout: layout)
    Elementwise.affine(
      pointer(in: layout), result.pointer(in: layout), elementCount, scale: scale, shift: shift)
    return result.recorded(from: self) { [$0 * scale] }
  }

  /// The larger of two tensors' elements, as in NumPy's `maximum`; where equal, the gradient goes left.
  public static func maximum(_ left: Tensor, _ right: Tensor) -> Tensor {
    let (a, b) = (left.detached, right.detached)
    return broadcast(left, right, .maximum) { upstream in
      let goesRight = (b - a).sign().clipped(0, 1)
      return (upstream * (1 - goesRight), upstream * goesRight)
    }
  }

  /// The elements, with those outside the limits replaced by the nearer limit; no gradient flows there.
  public func clipped(_ lower: Float, _ upper: Float) -> Tensor {
    let layout = layout
    let result = Tensor(uninitialized: shape, layout: layout)
    Elementwise.clip(
      pointer(in: layout), result.pointer(in: layout), elementCount, lower: lower, upper: upper)
    let input = detached
    return result.recorded(from: self) { upstream in
      let layout = Tensor.commonLayout(input, upstream)
      let gradient = Tensor(uninitialized: input.shape, layout: layout)
      Elementwise.clipGradient(
        input.pointer(in: layout), upstream.pointer(in: layout), gradient.pointer(in: layout),
        input.elementCount, lower: lower, upper: upper)
      return [gradient]
    }
  }

  // MARK: Broadcasting

  private static func broadcast(
    _ left: Tensor, _ right: Tensor, _ operation: Elementwise.Binary,
    pullback: @escaping (Tensor) -> (Tensor, Tensor)
  ) -> Tensor {
    let shape = left.shape == right.shape ? left.shape : broadcastShape(left.shape, right.shape)
    let (a, b) = (left.broadcast(to: shape), right.broadcast(to: shape))
    let layout = commonLayout(a, b)
    let result = Tensor(uninitialized: shape, layout: layout)
    Elementwise.binary(
      operation, a.pointer(in: layout), b.pointer(in: layout), result.pointer(in: layout),
      result.elementCount)
    let (leftShape, rightShape) = (left.shape, right.shape)
    return result.recorded(from: left, right) { upstream in
      let (toLeft, toRight) = pullback(upstream)
      return [toLeft.reduced(to: leftShape), toRight.reduced(to: rightShape)]
    }
  }

  private static func broadcastShape(_ a: Shape, _ b: Shape) -> Shape {
    let rank = Swift.max(a.rank, b.rank)
    return Shape(
      (0..<rank).map { axis in
        let x = axis < rank - a.rank ? 1 : a[axis - rank + a.rank]
        let y = axis < rank - b.rank ? 1 : b[axis - rank + b.rank]
        require(
          x == y || x == 1 || y == 1,
          "Shapes \(a) and \(b) do not fit together: each pair of extents, from the right, must be equal or contain a 1. Reshape one of them, or keep an axis with keepingAxis: true."
        )
        return x == 1 ? y : x
      })
  }

  /// The tensor repeated along axes of extent 1 (or missing in front) to fill `shape`; differentiable.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    require(
      Tensor.broadcastShape(self.shape, shape) == shape,
      "A tensor of shape \(self.shape) cannot be repeated to fill \(shape).")
    let result = Tensor(uninitialized: shape)
    let count = shape.elementCount
    if elementCount == 1 {
      result.pointer.update(repeating: pointer[0], count: count)
    } else if shape.suffix(rank).elementsEqual(self.shape) {
      RowKernels.fill(
        result.pointer, with: pointer, rows: count / Swift.max(elementCount, 1),
        columns: elementCount)
    } else {
      forEachBroadcastIndex(of: shape) { result.pointer[$0] = pointer[$1] }
    }
    let original = self.shape
    return result.recorded(from: self) { [$0.reduced(to: original)] }
  }

  /// The sum over the axes that broadcasting from `original` had repeated. Not recorded.
  private func reduced(to original: Shape) -> Tensor {
    if original == shape { return self }
    let result = Tensor.zeros(original)
    if original.elementCount == 1 {
      result.pointer[0] = RowKernels.sum(pointer, elementCount)
    } else if shape.suffix(original.rank).elementsEqual(original) {
      let columns = original.elementCount
      RowKernels.columnSums(
        pointer, rows: elementCount / Swift.max(columns, 1), columns: columns, into: result.pointer)
    } else {
      result.forEachBroadcastIndex(of: shape) { result.pointer[$1] += pointer[$0] }
    }
    return result
  }

  /// Calls `body` with each element's position in `shape` and the position of its source in `self`.
  private func forEachBroadcastIndex(of shape: Shape, _ body: (Int, Int) -> Void) {
    let missing = shape.rank - rank
    var strides = [Int](repeating: 0, count: shape.rank)
    var stride = 1
    for axis in (0..<rank).reversed() {
      strides[axis + missing] = self.shape[axis] == 1 ? 0 : stride
      stride *= self.shape[axis]
    }
    var index = [Int](repeating: 0, count: shape.rank)
    var source = 0
    for target in 0..<shape.elementCount {
      body(target, source)
      for axis in (0..<shape.rank).reversed() {
        index[axis] += 1
        source += strides[axis]
        if index[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }
}
