/// How pixels of an enlarged or reduced image follow from the original's.
public enum Interpolation: String, Sendable {
  /// The nearest pixel.
  case nearest
  /// A mean of the four nearest pixels, weighted by how near they are.
  case bilinear
}

extension Tensor {
  /// Images in another size; pixel centres are at half-integers, as in TensorFlow 2.
  ///
  /// - Returns: `[batch, height, width, channels]` for a tensor of shape `[batch, ..., ..., channels]`.
  public func resized(
    height: Int, width: Int, _ interpolation: Interpolation = .bilinear
  ) -> Tensor {
    require(
      rank == 4 && height > 0 && width > 0,
      "A batch of images [batch, height, width, channels] can be resized to positive extents, not \(shape) to \(height) x \(width)."
    )
    let (rows, columns) = (
      Tensor.sources(height, of: shape[1], interpolation),
      Tensor.sources(width, of: shape[2], interpolation)
    )
    let original = shape
    let result = Tensor.zeros([shape[0], height, width, shape[3]])
    let (x, y) = (pointer, result.pointer)
    Tensor.forEachPair(original, rows, columns) { source, target, weight, channels in
      for c in 0..<channels { y[target + c] += weight * x[source + c] }
    }
    return result.recorded(from: self) { upstream in
      let gradient = Tensor.zeros(original)
      let (x, y) = (gradient.pointer, upstream.pointer)
      Tensor.forEachPair(original, rows, columns) { source, target, weight, channels in
        for c in 0..<channels { x[source + c] += weight * y[target + c] }
      }
      return [gradient]
    }
  }

  /// One or two places that a place of a resized axis is made of, and the share of the second.
  private struct Source {
    let first, second: Int
    let share: Float
  }

  private static func sources(
    _ count: Int, of extent: Int, _ interpolation: Interpolation
  ) -> [Source] {
    let scale = Float(extent) / Float(count)
    return (0..<count).map { place in
      if interpolation == .nearest {
        let nearest = Swift.min(Int((Float(place) + 0.5) * scale), extent - 1)
        return Source(first: nearest, second: nearest, share: 0)
      }
      let center = Swift.max((Float(place) + 0.5) * scale - 0.5, 0)
      let first = Swift.min(Int(center), extent - 1)
      return Source(
        first: first, second: Swift.min(first + 1, extent - 1), share: center - Float(first))
    }
  }

  /// Calls `body` with the position of a pixel of the original, of a pixel that it takes part in, and its weight.
  /// Images run side by side.
  private static func forEachPair(
    _ original: Shape, _ rows: [Source], _ columns: [Source],
    _ body: (_ source: Int, _ target: Int, _ weight: Float, _ channels: Int) -> Void
  ) {
    let (height, width, channels) = (original[1], original[2], original[3])
    Parallel.run(original[0]) { image in
      for (i, row) in rows.enumerated() {
        for (y, down) in [(row.first, 1 - row.share), (row.second, row.share)] where down > 0 {
          for (j, column) in columns.enumerated() {
            let target = ((image * rows.count + i) * columns.count + j) * channels
            let start = (image * height + y) * width
            body((start + column.first) * channels, target, down * (1 - column.share), channels)
            if column.share > 0 {
              body((start + column.second) * channels, target, down * column.share, channels)
            }
          }
        }
      }
    }
  }
}
