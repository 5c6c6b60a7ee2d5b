/// An image batch in memory, in either layout.
struct ImageMemory {
  let pointer: UnsafeMutablePointer<Float>
  let height, width, channels: Int
  let isBlocked: Bool
  /// How far a pixel is from the next in its row.
  var pixelStride: Int { isBlocked ? Layout.block : channels }
  var rowStride: Int { width * pixelStride }

  init(_ tensor: Tensor) {
    let layout = tensor.layout
    pointer = tensor.pointer(in: layout)
    (height, width, channels) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
    isBlocked = layout != .rowMajor
  }

  /// Where 16 channels of a pixel begin; the pixel may lie beyond the border.
  @inline(__always)
  func place(_ image: Int, _ block: Int, _ row: Int, _ column: Int) -> Int {
    let start =
      isBlocked
      ? (image * (channels / Layout.block) + block) * height * width * Layout.block
      : image * height * width * channels + block * Layout.block
    return start + row * rowStride + column * pixelStride
  }

  /// The rows or columns of a tile that lie within the image.
  @inline(__always)
  static func inside(_ start: Int, _ count: Int, _ extent: Int) -> Range<Int> {
    let first = min(max(-start, 0), count)
    return first..<max(min(extent - start, count), first)
  }
}
