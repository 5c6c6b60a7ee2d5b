/// An output of a layer in a model, before any data is there: a shape and where it comes from.
public final class SymbolicTensor {
  let layer: Layer?
  let inputs: [SymbolicTensor]
  /// The shape, without the batch axis.
  public let shape: Shape
  /// The name that an input was given.
  let name: String?

  init(layer: Layer?, inputs: [SymbolicTensor], shape: Shape, name: String? = nil) {
    self.layer = layer
    self.inputs = inputs
    self.shape = shape
    self.name = name
  }
}

/// The start of a functional model: a place for data of the given shape, without the batch axis.
///
///     let image = Input([28, 28, 1])
///     let digit = Dense(10, activation: .softmax)(Flatten()(image))
///     let model = Model(inputs: image, outputs: digit)
///
/// - Parameters:
///   - shape: the shape of a sample.
///   - name: what `fit` calls the input; numbered by the model unless given.
public func Input(_ shape: Shape, name: String? = nil) -> SymbolicTensor {
  SymbolicTensor(layer: nil, inputs: [], shape: shape, name: name)
}
