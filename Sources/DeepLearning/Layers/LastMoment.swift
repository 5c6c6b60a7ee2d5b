/// The last moment of sequences.
///
/// Takes `[batch, time, features]`, returns `[batch, features]`.
public final class LastMoment: Layer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(name: name) }

  /// One moment's features.
  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      inputs[0].rank == 2 && inputs[0][0] > 0,
      "\(name) takes sequences [time, features], but its input has the shape \(inputs[0]).")
    return [inputs[0][1]]
  }

  /// Leaves out all others.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x[.all, .index(x.shape[1] - 1), .all].reshaped([x.shape[0], x.shape[2]])
  }
}
