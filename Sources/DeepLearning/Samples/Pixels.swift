/// Pictures as bytes, turned into numbers only batch by batch: four times smaller than a tensor.
public struct Pixels: Sendable {
  /// All pixels, picture by picture, in row-major order.
  public let bytes: [UInt8]
  /// The extents: `[pictures, height, width, channels]`, or another shape with a picture a row.
  public let shape: Shape
  /// What a byte is multiplied with.
  public let scale: Float

  /// Creates pictures from their bytes.
  ///
  /// - Parameters:
  ///   - bytes: as many as `shape` asks for.
  ///   - shape: the extents, pictures first.
  ///   - scale: what a byte is multiplied with; by default white is 1.
  public init(_ bytes: [UInt8], shape: Shape, scale: Float = 1 / 255) {
    require(
      bytes.count == shape.elementCount,
      "Pictures of shape \(shape) have \(shape.elementCount) bytes, but \(bytes.count) were given.")
    (self.bytes, self.shape, self.scale) = (bytes, shape, scale)
  }

  /// The number of pictures.
  public var count: Int { shape.rank == 0 ? 1 : shape[0] }

  /// The pictures of a range.
  public subscript(range: Range<Int>) -> Pixels {
    let size = shape.droppingFirst.elementCount
    return Pixels(
      Array(bytes[range.lowerBound * size..<range.upperBound * size]),
      shape: shape.droppingFirst.prepending(range.count), scale: scale)
  }

  /// All pictures as numbers.
  public var tensor: Tensor { gathering(Array(0..<count)[...]) }

  /// The pictures with the given numbers, in that order, as numbers.
  func gathering(_ rows: ArraySlice<Int>) -> Tensor {
    let picture = shape.droppingFirst
    let size = picture.elementCount
    let result = Tensor(uninitialized: picture.prepending(rows.count))
    let (target, limit) = (result.pointer, count)
    // A float per byte value: a look-up is faster than a conversion that Swift makes one at a time.
    let values = (0..<256).map { Float($0) * scale }
    bytes.withUnsafeBufferPointer { bytes in
      values.withUnsafeBufferPointer { values in
        rows.withUnsafeBufferPointer { rows in
          Parallel.ranges(rows.count, grain: max(32_768 / max(size, 1), 1), alignment: 1) { range in
            for position in range {
              let row = rows[position]
              require(
                row >= 0 && row < limit,
                "Picture \(row) does not exist: there are \(limit).")
              for i in 0..<size {
                target[position * size + i] = values[Int(bytes[row * size + i])]
              }
            }
          }
        }
      }
    }
    return result
  }
}

extension Pixels: SamplesConvertible {
  /// One picture a sample.
  public var samples: Samples { .pixels(self) }
}
