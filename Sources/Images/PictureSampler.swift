import DeepLearning

/// Applies changes to the bytes of pictures: each new pixel is the old one nearest to where it comes
/// from, as SciPy's `affine_transform` of order 0 chooses it.
struct PictureSampler {
  let height: Int
  let width: Int
  let channels: Int
  let fill: Augmentation.Fill

  /// Writes the changed picture as numbers.
  ///
  /// - Parameters:
  ///   - transform: the change.
  ///   - source: `height` x `width` x `channels` bytes.
  ///   - target: room for as many numbers.
  ///   - values: the number to write for each of the 256 bytes.
  func sample(
    _ transform: PictureTransform, from source: UnsafePointer<UInt8>,
    to target: UnsafeMutablePointer<Float>, values: UnsafePointer<Float>
  ) {
    sample(transform, from: source, to: target) { values[Int($0)] }
  }

  /// Writes the changed picture as bytes.
  func sample(
    _ transform: PictureTransform, from source: UnsafePointer<UInt8>,
    to target: UnsafeMutablePointer<UInt8>
  ) {
    sample(transform, from: source, to: target) { $0 }
  }

  // Everything below is inlined into the two functions above, one copy for each kind of border.

  @inline(__always)
  private func sample<Value>(
    _ transform: PictureTransform, from source: UnsafePointer<UInt8>,
    to target: UnsafeMutablePointer<Value>, _ value: (UInt8) -> Value
  ) {
    let map = transform.map(height: height, width: width)
    let (rows, columns) = (height, width)
    let (lastRow, lastColumn) = (Double(rows - 1), Double(columns - 1))
    switch fill {
    case .nearest:
      // Cut off before it is rounded, a position is never negative, and dropping its fraction will do.
      fillRows(map, transform.isMirrored, source, target, value, 0) { row, column in
        let row = Int(min(max(row, 0), lastRow) + 0.5)
        return row * columns + Int(min(max(column, 0), lastColumn) + 0.5)
      }
    case .constant(let constant):
      fillRows(map, transform.isMirrored, source, target, value, constant) { row, column in
        guard row >= 0, row <= lastRow, column >= 0, column <= lastColumn else { return -1 }
        return Int(row + 0.5) * columns + Int(column + 0.5)
      }
    case .reflect:
      fillRows(map, transform.isMirrored, source, target, value, 0) { row, column in
        Self.reflected(row, rows) * columns + Self.reflected(column, columns)
      }
    case .wrap:
      fillRows(map, transform.isMirrored, source, target, value, 0) { row, column in
        Self.remainder(row, rows) * columns + Self.remainder(column, columns)
      }
    }
  }

  /// Writes all rows; `locate` gives the number of the old pixel, negative for the constant.
  @inline(__always)
  private func fillRows<Value>(
    _ map: PictureTransform.Map, _ isMirrored: Bool, _ source: UnsafePointer<UInt8>,
    _ target: UnsafeMutablePointer<Value>, _ value: (UInt8) -> Value, _ constant: UInt8,
    _ locate: (Double, Double) -> Int
  ) {
    let step = isMirrored ? -channels : channels
    for row in 0..<height {
      let rowStart = map.rowStart + Double(row) * map.rowByRow
      let columnStart = map.columnStart + Double(row) * map.columnByRow
      var to = target + (row * width + (isMirrored ? width - 1 : 0)) * channels
      for column in 0..<width {
        let pixel = locate(
          rowStart + Double(column) * map.rowByColumn,
          columnStart + Double(column) * map.columnByColumn)
        if pixel < 0 {
          for channel in 0..<channels { to[channel] = value(constant) }
        } else if channels == 3 {
          let from = source + pixel * 3
          to[0] = value(from[0])
          to[1] = value(from[1])
          to[2] = value(from[2])
        } else {
          let from = source + pixel * channels
          for channel in 0..<channels { to[channel] = value(from[channel]) }
        }
        to += step
      }
    }
  }

  /// The nearest position, counted round and round.
  @inline(__always)
  private static func remainder(_ position: Double, _ count: Int) -> Int {
    let rest = Int((position + 0.5).rounded(.down)) % count
    return rest < 0 ? rest + count : rest
  }

  /// The nearest position, counted to and fro.
  @inline(__always)
  private static func reflected(_ position: Double, _ count: Int) -> Int {
    let rest = remainder(position, 2 * count)
    return rest < count ? rest : 2 * count - 1 - rest
  }
}

extension Image {
  /// The picture after one change.
  ///
  /// - Parameters:
  ///   - transform: the change.
  ///   - fill: what is seen beyond the border.
  public func transformed(
    _ transform: PictureTransform, fill: Augmentation.Fill = .nearest
  ) -> Image {
    let sampler = PictureSampler(height: height, width: width, channels: 3, fill: fill)
    let changed = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
        if let from = source.baseAddress, let to = target.baseAddress {
          sampler.sample(transform, from: from, to: to)
        }
        count = source.count
      }
    }
    return Image(width: width, height: height, pixels: changed)
  }
}
