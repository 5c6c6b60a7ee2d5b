/// What to take of one axis in a slice.
public enum AxisSlice: Sendable {
  /// The whole axis.
  case all
  /// The axis without as many elements at either end.
  case trimming(Int)
  /// The elements of a range.
  case range(Range<Int>)
  /// One element; the axis stays, with extent 1.
  case index(Int)

  func bounds(extent: Int, axis: Int) -> Range<Int> {
    let bounds: Range<Int>
    switch self {
    case .all: bounds = 0..<extent
    case .trimming(let margin):
      require(
        margin >= 0 && 2 * margin <= extent,
        "Axis \(axis) of extent \(extent) cannot lose \(margin) elements at either end.")
      bounds = margin..<extent - margin
    case .range(let range): bounds = range
    case .index(let index): bounds = index..<index + 1
    }
    require(
      bounds.lowerBound >= 0 && bounds.upperBound <= extent,
      "The slice \(bounds) does not lie within axis \(axis) of extent \(extent).")
    return bounds
  }
}

extension Tensor {
  /// A box cut out of the tensor, one slice per axis; axes left out at the end are taken whole.
  ///
  ///     let inner = image[.all, .trimming(2), .trimming(2), .all]
  ///     image[.all, .range(rows), .range(columns)] = tile
  ///
  /// Setting copies a tensor of the box's shape into it; this cannot be differentiated.
  public subscript(slices: AxisSlice...) -> Tensor {
    get { box(bounds(of: slices)) }
    set { replaceBox(bounds(of: slices), with: newValue) }
  }

  private func bounds(of slices: [AxisSlice]) -> [Range<Int>] {
    require(slices.count <= rank, "\(slices.count) slices for a tensor of shape \(shape).")
    return shape.enumerated().map { axis, extent in
      (axis < slices.count ? slices[axis] : .all).bounds(extent: extent, axis: axis)
    }
  }

  private func box(_ bounds: [Range<Int>]) -> Tensor {
    let boxShape = Shape(bounds.map(\.count))
    // Images that keep all their channels can stay in blocks of channels.
    let isBlocked = layout != .rowMajor && bounds[3].count == shape[3]
    let order: Layout = isBlocked ? .channelBlocks(boxShape) : .rowMajor
    let result = Tensor(uninitialized: boxShape, layout: order)
    let (source, target) = (pointer(in: isBlocked ? layout : .rowMajor), result.storage.buffer)
    copyBox(bounds, isBlocked: isBlocked) { outer, inner, length in
      (target + inner).update(from: source + outer, count: length)
    }
    let original = shape
    return result.recorded(from: self) { upstream in
      let isBlocked = isBlocked && upstream.layout != .rowMajor
      let gradient = Tensor(
        repeating: 0, shape: original, layout: isBlocked ? .channelBlocks(original) : .rowMajor)
      let source = upstream.pointer(in: isBlocked ? upstream.layout : .rowMajor)
      let target = gradient.storage.buffer
      gradient.copyBox(bounds, isBlocked: isBlocked) { outer, inner, length in
        (target + outer).update(from: source + inner, count: length)
      }
      return [gradient]
    }
  }

  private mutating func replaceBox(_ bounds: [Range<Int>], with part: Tensor) {
    let boxShape = Shape(bounds.map(\.count))
    require(
      part.shape == boxShape,
      "A tensor of shape \(part.shape) does not fit into a slice of shape \(boxShape).")
    require(
      node == nil && part.node == nil,
      "Slices cannot be replaced while a gradient is recorded. Use `Tensor.concatenated`, or `detached`."
    )
    makeUnique()
    let (source, target) = (part.pointer, pointer)
    copyBox(bounds) { outer, inner, length in
      (target + outer).update(from: source + inner, count: length)
    }
    withExtendedLifetime(part) {}
  }

  /// The tensor with zeros around it.
  ///
  /// - Parameter margins: how many to add before and after each axis.
  func zeroPadded(_ margins: [(before: Int, after: Int)]) -> Tensor {
    let bounds = zip(shape, margins).map { $1.before..<$1.before + $0 }
    let result = Tensor.zeros(Shape(zip(shape, margins).map { $0 + $1.before + $1.after }))
    let (source, target) = (pointer, result.pointer)
    result.copyBox(bounds) { outer, inner, length in
      (target + outer).update(from: source + inner, count: length)
    }
    return result.recorded(from: self) { upstream in
      let gradient = Tensor(uninitialized: Shape(bounds.map(\.count)))
      let (source, target) = (upstream.pointer, gradient.pointer)
      upstream.copyBox(bounds) { outer, inner, length in
        (target + inner).update(from: source + outer, count: length)
      }
      return [gradient]
    }
  }

  /// The samples of a range of the first axis.
  public subscript(range: Range<Int>) -> Tensor {
    get { self[.range(range)] }
    set { self[.range(range)] = newValue }
  }

  /// Calls `body` for each contiguous run of a box: where it lies in the tensor, where in the box, how
  /// long it is.
  ///
  /// - Parameter isBlocked: whether both lie in blocks of channels, all of which the box has.
  private func copyBox(
    _ bounds: [Range<Int>], isBlocked: Bool = false, _ body: (Int, Int, Int) -> Void
  ) {
    if isBlocked {
      let block = Layout.block
      let blocks = Tensor(
        shape: [shape[0], shape[3] / block, shape[1], shape[2], block], storage: storage)
      return blocks.copyBox(
        [bounds[0], 0..<shape[3] / block, bounds[1], bounds[2], 0..<block], body)
    }
    guard !bounds.contains(where: \.isEmpty) else { return }
    guard rank > 0 else { return body(0, 0, 1) }
    var strides = [Int](repeating: 1, count: rank)
    for axis in (0..<rank - 1).reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    // Axes of which the box has everything belong to the runs of the axis before.
    var runAxis = rank - 1
    while runAxis > 0 && bounds[runAxis].count == shape[runAxis] { runAxis -= 1 }
    let length = bounds[runAxis].count * strides[runAxis]
    var index = bounds.map(\.lowerBound)
    var inner = 0
    while true {
      body(zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }, inner, length)
      inner += length
      var axis = runAxis - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < bounds[axis].upperBound { break }
        index[axis] = bounds[axis].lowerBound
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
