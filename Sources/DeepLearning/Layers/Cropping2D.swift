/// Images without their margins: `[batch, height, width, channels]`, smaller.
public final class Cropping2D: Layer {
  private let margins: Margins

  /// Creates a layer.
  public init(_ margins: Margins, name: String? = nil) {
    self.margins = margins
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let (height, width, channels) = imageExtents(inputs[0])
    require(
      margins.top + margins.bottom < height && margins.left + margins.right < width,
      "\(name): nothing is left of images of \(height) x \(width). Crop less.")
    return [
      height - margins.top - margins.bottom, width - margins.left - margins.right, channels,
    ]
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x[
      .all, .range(margins.top..<x.shape[1] - margins.bottom),
      .range(margins.left..<x.shape[2] - margins.right)]
  }
}
