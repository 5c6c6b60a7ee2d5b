/// Gives each sample another shape with as many elements.
public final class Reshape: Layer {
  private let target: Shape

  /// Creates a layer that turns each sample into the given shape, without the batch axis.
  public init(_ target: Shape, name: String? = nil) {
    self.target = target
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      target.elementCount == inputs[0].elementCount,
      "\(name): a sample of shape \(inputs[0]) cannot become \(target). Choose extents whose product is \(inputs[0].elementCount)."
    )
    return target
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.reshaped(target.prepending(x.count))
  }
}
