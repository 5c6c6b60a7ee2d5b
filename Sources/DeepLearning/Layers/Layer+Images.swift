extension Layer {
  /// The extents of a sample that must be an image.
  func imageExtents(_ shape: Shape) -> (height: Int, width: Int, channels: Int) {
    require(
      shape.rank == 3,
      "\(name) takes images [height, width, channels], but got samples of shape \(shape). Put Reshape([height, width, channels]) first."
    )
    return (shape[0], shape[1], shape[2])
  }
}
