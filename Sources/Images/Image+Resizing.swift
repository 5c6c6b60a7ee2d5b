import DeepLearning

extension Image {
  /// How a picture is resized.
  public enum ResizingFilter: Sendable, CaseIterable {
    /// The pixel that lies under the middle of the new one: exactly what Keras' `load_img` does, which
    /// the book uses for all photographs.
    case nearest
    /// Between the four pixels around the middle of the new one, as TensorFlow does it (pixels have
    /// their centres at halves, no smoothing before). For enlarging.
    case bilinear
    /// The mean of all that the new pixel covers. For shrinking without jagged lines.
    case area
  }

  /// The picture with its proportions and no side longer than a limit; a smaller one stays as it is.
  public func limited(to limit: Int) -> Image {
    let longest = max(width, height)
    if longest <= limit { return self }
    return resized(
      width: max(width * limit / longest, 1), height: max(height * limit / longest, 1),
      filter: .area)
  }

  /// The picture with another size; the proportions may change.
  ///
  /// - Parameters:
  ///   - width: the new number of columns, at least 1.
  ///   - height: the new number of rows, at least 1.
  ///   - filter: how new pixels come from old ones.
  public func resized(width: Int, height: Int, filter: ResizingFilter = .nearest) -> Image {
    require(
      width > 0 && height > 0 && width <= Image.largestPixelCount / height,
      """
      A picture cannot be resized to \(width) x \(height) pixels: give at least 1 x 1 and at most \
      \(Image.largestPixelCount / 1_000_000) million.
      """)
    if width == self.width && height == self.height { return self }
    return switch filter {
    case .nearest: nearest(width, height)
    case .bilinear: weighted(.lines(self.width, to: width), .lines(self.height, to: height))
    case .area: weighted(.boxes(self.width, to: width), .boxes(self.height, to: height))
    }
  }

  private func nearest(_ width: Int, _ height: Int) -> Image {
    let columns = Image.nearest(self.width, to: width)
    let rows = Image.nearest(self.height, to: height)
    let stride = self.width * 3
    let resized = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
        for row in rows {
          for column in columns {
            let from = row * stride + column * 3
            for channel in 0..<3 { target[count + channel] = source[from + channel] }
            count += 3
          }
        }
      }
    }
    return Image(width: width, height: height, pixels: resized)
  }

  /// For each new position the old one.
  private static func nearest(_ old: Int, to new: Int) -> [Int] {
    let step = Double(old) / Double(new)
    // Pillow adds up the steps, and where a middle lies on the border of two pixels, the error of the
    // sum decides which of them is taken.
    var middle = step * 0.5
    return (0..<new).map { _ in
      defer { middle += step }
      return Swift.min(Int(middle), old - 1)
    }
  }

  private func weighted(_ across: ResizingWeights, _ down: ResizingWeights) -> Image {
    let (width, height) = (across.count, down.count)
    let stride = width * 3
    var narrow = [Float](repeating: 0, count: self.height * stride)
    var resized = [UInt8](repeating: 0, count: height * stride)
    var sums = [Float](repeating: 0, count: stride)
    pixels.withUnsafeBufferPointer { source in
      for row in 0..<self.height {
        for column in 0..<width {
          var color = SIMD3<Float>()
          for (position, weight) in across.parts(of: column) {
            let from = (row * self.width + position) * 3
            color +=
              weight
              * SIMD3(Float(source[from]), Float(source[from + 1]), Float(source[from + 2]))
          }
          for channel in 0..<3 { narrow[row * stride + column * 3 + channel] = color[channel] }
        }
      }
    }
    for row in 0..<height {
      for index in 0..<stride { sums[index] = 0.5 }
      for (position, weight) in down.parts(of: row) {
        for index in 0..<stride { sums[index] += weight * narrow[position * stride + index] }
      }
      for index in 0..<stride {
        resized[row * stride + index] = UInt8(Swift.min(Swift.max(sums[index], 0), 255))
      }
    }
    return Image(width: width, height: height, pixels: resized)
  }
}
