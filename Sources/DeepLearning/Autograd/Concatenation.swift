extension Tensor {
  /// Tensors one after another along an axis; all others agree.
  ///
  /// - Parameters:
  ///   - tensors: at least one.
  ///   - axis: which axis; by default the last.
  /// - Returns: `[..., sum of the extents, ...]`
  public static func concatenated(_ tensors: [Tensor], axis: Int? = nil) -> Tensor {
    require(!tensors.isEmpty, "There are no tensors to join. Give at least one.")
    let (first, axis) = (tensors[0].shape, axis ?? tensors[0].rank - 1)
    func others(_ shape: Shape) -> [Int] {
      shape.enumerated().filter { $0.offset != axis }.map(\.element)
    }
    require(
      first.indices.contains(axis) && tensors.allSatisfy { others($0.shape) == others(first) },
      "Tensors of shapes \(tensors.map(\.shape.description).joined(separator: ", ")) cannot be joined along axis \(axis): all other axes must agree. Choose another axis, or reshape them."
    )
    var extents = Array(first)
    extents[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    let shape = Shape(extents)
    let isLast = axis == first.count - 1
    // In blocks of channels each image's blocks stay together: joining images, not pixels.
    let isBlocked =
      isLast && Layout.ofConvolutions(shape) != .rowMajor
      && tensors.allSatisfy { $0.layout != .rowMajor }
    let result = Tensor(uninitialized: shape, layout: isBlocked ? .channelBlocks(shape) : .rowMajor)
    let plainRows = shape.prefix(axis).reduce(1, *)
    let rows = isBlocked ? shape[0] : plainRows
    let width = result.elementCount / Swift.max(rows, 1)
    var start = 0
    for tensor in tensors {
      let size = tensor.elementCount / Swift.max(rows, 1)
      let layout: Layout = isBlocked ? tensor.layout : .rowMajor
      let (source, target) = (tensor.pointer(in: layout), result.pointer(in: result.layout) + start)
      Parallel.copy(rows, size, from: source, size, to: target, width)
      withExtendedLifetime(tensor) {}
      start += size
    }
    let shapes = tensors.map(\.shape)
    // The gradient need not come back in the order that the result went out in.
    return result.recorded(from: tensors) { upstream in
      upstream.split(shapes, plainRows, isLast: isLast).map { $0 }
    }
  }

  /// Undoes ``concatenated(_:axis:)``. Not recorded.
  ///
  /// - Parameter plainRows: how many times, in row-major order, a run of each tensor follows one of the one before.
  private func split(_ shapes: [Shape], _ plainRows: Int, isLast: Bool) -> [Tensor] {
    let isBlocked =
      isLast && layout != .rowMajor
      && shapes.allSatisfy { Layout.ofConvolutions($0) != .rowMajor }
    let rows = isBlocked ? shape[0] : plainRows
    let width = elementCount / Swift.max(rows, 1)
    let source = pointer(in: isBlocked ? layout : .rowMajor)
    var start = 0
    return shapes.map { shape in
      let part = Tensor(
        uninitialized: shape, layout: isBlocked ? .channelBlocks(shape) : .rowMajor)
      let size = shape.elementCount / Swift.max(rows, 1)
      let target = part.pointer(in: part.layout)
      Parallel.copy(rows, size, from: source + start, width, to: target, size)
      start += size
      return part
    }
  }
}
