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
}
