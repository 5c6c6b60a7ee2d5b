extension Tensor {
  /// The sum over all pixels of a batch of images, `[channels]`: the gradient of a bias. Not recorded.
  func summedOverPixels() -> Tensor {
    let sums = Tensor(uninitialized: [shape[3]])
    if layout == .rowMajor {
      RowKernels.columnSums(pointer, rows: rowCount, columns: shape[3], into: sums.pointer)
    } else {
      ChannelBlocks.pixelSums(storage.buffer, shape, into: sums.pointer)
    }
    withExtendedLifetime(self) {}
    return sums
  }

  /// A batch of images with a bias added to every pixel, in the layout that the batch has. Not recorded.
  ///
  /// Broadcasting would do, but it copies blocked images into row-major order and back.
  ///
  /// - Parameters:
  ///   - bias: `[channels]`, or nil.
  ///   - isRectified: whether negative sums become 0.
  func adding(channelBias bias: Tensor?, isRectified: Bool) -> Tensor {
    if bias == nil && !isRectified { return self }
    let (scale, shift) = (Tensor.ones([shape[3]]), bias ?? .zeros([shape[3]]))
    let result = Tensor(uninitialized: shape, layout: layout)
    ChannelKernels(shape, layout).affine(
      pointer(in: layout), scale: scale.pointer, shift: shift.pointer, isRectified: isRectified,
      into: result.pointer(in: layout))
    withExtendedLifetime((self, scale, shift)) {}
    return result
  }
}
