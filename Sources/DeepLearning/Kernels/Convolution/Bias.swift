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
  /// - Parameter bias: `[channels]`.
  func adding(channelBias bias: Tensor) -> Tensor {
    let ones = Tensor.ones([shape[3]])
    let result = Tensor(uninitialized: shape, layout: layout)
    ChannelKernels(shape, layout).affine(
      pointer(in: layout), scale: ones.pointer, shift: bias.pointer,
      into: result.pointer(in: layout))
    withExtendedLifetime((self, bias, ones)) {}
    return result
  }
}
