/// Images enlarged by whole factors: `[batch, height · factor, width · factor, channels]`.
public final class UpSampling2D: Layer {
  private let factor: Extent2D
  private let interpolation: Interpolation

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - factor: how often each row and column is repeated.
  ///   - interpolation: how new pixels follow from old ones.
  ///   - name: a name of your choice.
  public init(_ factor: Extent2D, interpolation: Interpolation = .nearest, name: String? = nil) {
    require(
      factor.height > 0 && factor.width > 0, "Images are enlarged by 1 or more, not by \(factor).")
    self.factor = factor
    self.interpolation = interpolation
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    let (height, width, channels) = imageExtents(inputs[0])
    return [height * factor.height, width * factor.width, channels]
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.resized(
      height: x.shape[1] * factor.height, width: x.shape[2] * factor.width, interpolation)
  }
}
