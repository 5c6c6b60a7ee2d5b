extension Tensor {
  /// Tensors side by side along the last axis; all others agree.
  ///
  /// - Returns: `[..., sum of the last extents]`
  public static func concatenated(_ tensors: [Tensor]) -> Tensor {
    require(!tensors.isEmpty, "There are no tensors to join.")
    let leading = tensors[0].shape.dropLast()
    require(
      tensors.allSatisfy { $0.rank > 0 && $0.shape.dropLast().elementsEqual(leading) },
      "Tensors of shapes \(tensors.map(\.shape.description).joined(separator: ", ")) cannot be joined: all axes but the last must agree."
    )
    let lengths = tensors.map(\.rowLength)
    let shape = Shape(leading + [lengths.reduce(0, +)])
    // In blocks of channels each image's blocks stay together: joining images, not pixels.
    let isBlocked =
      Layout.ofConvolutions(shape) != .rowMajor && tensors.allSatisfy { $0.layout != .rowMajor }
    let result = Tensor(uninitialized: shape, layout: isBlocked ? .channelBlocks(shape) : .rowMajor)
    let rows = isBlocked ? shape[0] : result.rowCount
    let width = result.elementCount / Swift.max(rows, 1)
    var start = 0
    for tensor in tensors {
      let size = tensor.elementCount / Swift.max(rows, 1)
      let layout: Layout = isBlocked ? tensor.layout : .rowMajor
      let (source, target) = (tensor.pointer(in: layout), result.pointer(in: result.layout) + start)
      for row in 0..<rows {
        (target + row * width).update(from: source + row * size, count: size)
      }
      withExtendedLifetime(tensor) {}
      start += size
    }
    let shapes = tensors.map(\.shape)
    return result.recorded(from: tensors) { upstream in
      upstream.split(shapes).map { $0 }
    }
  }

  /// Undoes ``concatenated(_:)``. Not recorded.
  private func split(_ shapes: [Shape]) -> [Tensor] {
    let isBlocked =
      layout != .rowMajor && shapes.allSatisfy { Layout.ofConvolutions($0) != .rowMajor }
    let rows = isBlocked ? shape[0] : rowCount
    let width = elementCount / Swift.max(rows, 1)
    let source = pointer(in: isBlocked ? layout : .rowMajor)
    var start = 0
    return shapes.map { shape in
      let part = Tensor(
        uninitialized: shape, layout: isBlocked ? .channelBlocks(shape) : .rowMajor)
      let size = shape.elementCount / Swift.max(rows, 1)
      let target = part.pointer(in: part.layout)
      for row in 0..<rows {
        (target + row * size).update(from: source + start + row * width, count: size)
      }
      start += size
      return part
    }
  }
}
