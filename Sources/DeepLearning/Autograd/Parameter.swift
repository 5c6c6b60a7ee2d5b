/// A weight of a layer: a named tensor that training changes.
public final class Parameter {
  /// The name within the model, such as `dense_1/kernel`.
  public internal(set) var name: String
  /// The current value.
  public var value: Tensor
  /// Whether training changes the value; moving averages are kept by their layer instead.
  public internal(set) var isTrainable = true
  /// How the value is drawn when the model is built.
  let initializer: Initializer

  /// Creates a weight; its value is drawn when the model that it belongs to is created.
  ///
  /// - Parameters:
  ///   - name: the name within the layer, such as `kernel`.
  ///   - shape: the extents.
  ///   - initializer: the distribution of the initial value.
  public init(_ name: String, shape: Shape, initializer: Initializer) {
    self.name = name
    self.initializer = initializer
    value = .zeros(shape)
  }

  /// The extents of the value.
  public var shape: Shape { value.shape }
}
