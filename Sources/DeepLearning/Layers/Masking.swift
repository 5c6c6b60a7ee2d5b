/// Lets recurrent layers that follow skip time steps in which all features have one value.
///
/// Takes and returns `[batch, time, features]`.
public final class Masking: Layer {
  private let value: Float

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - value: what all features of a skipped time step are.
  ///   - name: a name of your choice.
  public init(_ value: Float = 0, name: String? = nil) {
    self.value = value
    super.init(name: name)
  }

  /// Sets the skipped time steps to zero.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    require(
      x.rank == 3,
      "\(name) takes sequences [time, features], not \(x.shape.droppingFirst). Put Reshape([time, features]) first."
    )
    let mask = Tensor(shape: [x.shape[0], x.shape[1]]) { target in
      for i in target.indices {
        let row = x.pointer + i * x.shape[2]
        target[i] = (0..<x.shape[2]).contains { row[$0] != value } ? 1 : 0
      }
    }
    let result = x * mask.reshaped([x.shape[0], x.shape[1], 1])
    result.storage.timeMask = mask
    return result
  }
}
