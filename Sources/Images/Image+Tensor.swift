import DeepLearning

extension Image {
  /// The picture as a tensor `[height, width, 3]`.
  ///
  /// - Parameter scale: what each value from 0 to 255 is multiplied by: 1/255 gives 0 to 1, 1 leaves it.
  public func tensor(scale: Float = 1 / 255) -> Tensor {
    Tensor(shape: [height, width, 3]) { target in
      pixels.withUnsafeBufferPointer { source in
        for index in source.indices { target[index] = Float(source[index]) * scale }
      }
    }
  }

  /// The picture that a tensor holds.
  ///
  /// Values are rounded to the nearest byte; beyond 0 to 255 they become the nearer end, NaN black.
  ///
  /// - Parameters:
  ///   - tensor: `[height, width, 3]`, or a batch of one such picture.
  ///   - scale: what each number is multiplied by to reach 0 to 255.
  public init(_ tensor: Tensor, scale: Float = 255) {
    let shape = tensor.rank == 4 && tensor.count == 1 ? tensor.shape.droppingFirst : tensor.shape
    require(
      shape.rank == 3 && shape[2] == 3 && shape.elementCount > 0,
      "A picture needs a tensor [height, width, 3]; this one has shape \(tensor.shape).")
    self.init(width: shape[1], height: shape[0], pixels: tensor.bytes(scale: scale))
  }
}
