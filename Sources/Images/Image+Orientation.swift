extension Image {
  /// The picture turned and mirrored as a camera's note demands.
  ///
  /// - Parameter orientation: 1 as it is, 2 mirrored left to right, 3 turned by 180 degrees, 4 mirrored
  ///   top to bottom, 5 mirrored at the main diagonal, 6 turned clockwise by 90 degrees, 7 mirrored at
  ///   the other diagonal, 8 turned counter-clockwise by 90 degrees.
  func upright(_ orientation: Int) -> Image {
    guard (2...8).contains(orientation) else { return self }
    // Where the first pixel comes from and how far it is from there to the next one of a row and of a column.
    let (right, left) = (3, -3)
    let (down, up) = (3 * width, -3 * width)
    let (lastColumn, lastRow) = (3 * (width - 1), 3 * width * (height - 1))
    let (start, step, stride): (Int, Int, Int) =
      switch orientation {
      case 2: (lastColumn, left, down)
      case 3: (lastColumn + lastRow, left, up)
      case 4: (lastRow, right, up)
      case 5: (0, down, right)
      case 6: (lastRow, up, right)
      case 7: (lastColumn + lastRow, up, left)
      default: (lastColumn, down, left)
      }
    let (columns, rows) = orientation < 5 ? (width, height) : (height, width)
    let turned = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
        for row in 0..<rows {
          var from = start + row * stride
          for column in 0..<columns {
            let to = 3 * (row * columns + column)
            for channel in 0..<3 { target[to + channel] = source[from + channel] }
            from += step
          }
        }
        count = source.count
      }
    }
    return Image(width: columns, height: rows, pixels: turned)
  }
}
