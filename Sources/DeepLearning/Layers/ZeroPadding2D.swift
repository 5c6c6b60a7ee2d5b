/// Zeros around images: `[batch, height, width, channels]`, larger by the margins.
public final class ZeroPadding2D: Layer {
  private let margins: Margins

  /// Creates a layer.
  public init(_ margins: Margins, name: String? = nil) {
    self.margins = margins
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let (height, width, channels) = imageExtents(inputs[0])
    return [
      height + margins.top + margins.bottom, width + margins.left + margins.right, channels,
    ]
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.zeroPadded([
      (0, 0), (margins.top, margins.bottom), (margins.left, margins.right), (0, 0),
    ])
  }
}
