/// An output of a layer in a model, before any data is there: a shape and where it comes from.
public final class SymbolicTensor {
  let layer: Layer?
  let inputs: [SymbolicTensor]
  /// The shape, without the batch axis.
  public let shape: Shape

  init(layer: Layer?, inputs: [SymbolicTensor], shape: Shape) {
    self.layer = layer
    self.inputs = inputs
    self.shape = shape
  }
}

/// The start of a functional model: a place for data of the given shape, without the batch axis.
///
///     let image = Input([28, 28, 1])
///     let digit = Dense(10, activation: .softmax)(Flatten()(image))
///     let model = Model(inputs: image, outputs: digit)
public func Input(_ shape: Shape) -> SymbolicTensor {
  SymbolicTensor(layer: nil, inputs: [], shape: shape)
}
