import DeepLearning

extension Tensor {
  /// A tensor whose numbers lie in a file, in an order of axes of the file's own.
  ///
  /// - Parameters:
  ///   - shape: the shape of the result.
  ///   - strides: how many bytes lie between neighbours along each axis.
  ///   - start: where the first number lies.
  ///   - number: reads the number that begins at a byte.
  init(
    _ shape: [Int], strides: [Int], from start: Int, number: (_ position: Int) -> Float
  ) {
    self.init(shape: Shape(shape)) { buffer in
      // Counts like the wheels of a clock: the last axis goes round first.
      var place = [Int](repeating: 0, count: shape.count)
      var position = start
      for index in buffer.indices {
        buffer[index] = number(position)
        var axis = shape.count - 1
        while axis >= 0 {
          place[axis] += 1
          position += strides[axis]
          if place[axis] < shape[axis] { break }
          position -= strides[axis] * shape[axis]
          place[axis] = 0
          axis -= 1
        }
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The 32-bit floating-point number that begins at a byte, the lowest byte first.
  func float(at position: Int) -> Float {
    Float(
      bitPattern: UInt32(littleEndian: loadUnaligned(fromByteOffset: position, as: UInt32.self)))
  }
}
