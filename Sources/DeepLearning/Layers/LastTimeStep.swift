/// The last time step of sequences.
///
/// Takes `[batch, time, features]`, returns `[batch, features]`.
public final class LastTimeStep: Layer {
  /// Creates a layer.
  public init(name: String? = nil) { super.init(name: name) }

  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      inputs[0].rank == 2 && inputs[0][0] > 0,
      "\(name) takes sequences [time, features], but its input has the shape \(inputs[0]). If a recurrent layer comes before it, that needs returnsSequences: true."
    )
    return [inputs[0][1]]
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    return x[.all, .index(x.shape[1] - 1), .all].reshaped([x.shape[0], x.shape[2]])
  }
}
