extension Tensor {
  /// The same elements in another shape, sharing memory.
  ///
  /// - Parameter extents: the new extents; one of them may be -1 and is then inferred.
  public func reshaped(_ extents: [Int]) -> Tensor {
    guard let inferred = extents.firstIndex(of: -1) else { return reshaped(Shape(extents)) }
    var extents = extents
    let known = extents.enumerated().filter { $0.offset != inferred }.map(\.element).reduce(1, *)
    extents[inferred] = known == 0 ? 0 : elementCount / known
    return reshaped(Shape(extents))
  }

  /// The same elements in another shape, sharing memory.
  public func reshaped(_ shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    require(
      shape.elementCount == elementCount,
      "\(elementCount) elements of shape \(self.shape) do not fit the shape \(shape). Choose extents whose product is \(elementCount)."
    )
    let original = self.shape
    return Tensor(shape: shape, storage: storage, offset: offset)
      .recorded(from: self) { [$0.reshaped(original)] }
  }

  /// The same elements in another order in memory. Not recorded.
  func reordered(to wanted: Layout) -> Tensor {
    if layout == wanted { return self }
    let copy = Tensor(uninitialized: shape, layout: wanted)
    if wanted == .rowMajor {
      copy.pointer.update(from: pointer, count: elementCount)
    } else {
      ChannelBlocks.fromRowMajor(pointer, copy.storage.buffer, shape)
    }
    return copy
  }

  /// The extent of the last axis; 1 for a scalar.
  var rowLength: Int { rank == 0 ? 1 : shape[rank - 1] }
  /// The number of rows along the last axis.
  var rowCount: Int { rowLength == 0 ? 0 : elementCount / rowLength }
}
