/// Two recurrent layers of one kind, of which the second goes through the sequence from its end.
///
/// Takes `[batch, time, features]`, returns both outputs side by side: `[batch, 2 · units]` or
/// `[batch, time, 2 · units]`, both of the same time step.
///
///     Bidirectional(LSTM(32))
public final class Bidirectional: Layer {
  private let forwardLayer: RecurrentLayer
  private let backwardLayer: RecurrentLayer

  /// Creates a layer from one that goes forward; it gets a twin.
  public init(_ layer: RecurrentLayer, name: String? = nil) {
    forwardLayer = layer
    backwardLayer = layer.reversedTwin()
    super.init(name: name)
  }

  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      inputs.count == 1, "\(name) takes one sequence and no initial states.")
    var shape = forwardLayer.build(inputs)
    _ = backwardLayer.build(inputs)
    adoptWeights(of: forwardLayer, prefix: "forward_")
    adoptWeights(of: backwardLayer, prefix: "backward_")
    shape[shape.rank - 1] *= 2
    return shape
  }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let ahead = forwardLayer.forward(inputs, context)
    let result = Tensor.concatenated([ahead, backwardLayer.forward(inputs, context)])
    result.storage.timeMask = ahead.storage.timeMask
    return result
  }

  /// Lets both layers forget what they remember, if they are stateful.
  public func resetStates() {
    forwardLayer.resetStates()
    backwardLayer.resetStates()
  }
}
