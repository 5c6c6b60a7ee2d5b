/// Lays all axes but the batch out in one row.
public final class Flatten: Layer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(name: name) }

  public override func build(_ inputs: [Shape]) -> Shape { [inputs[0].elementCount] }

  /// `[batch, elements]`
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x.reshaped([x.count, x.shape.droppingFirst.elementCount])
  }
}
