/// A model whose layers follow one another.
///
///     let model = Sequential(input: [10_000]) {
///       Dense(16, activation: .relu)
///       Dense(1, activation: .sigmoid)
///     }
public final class Sequential: Model {
  /// Creates a model and draws its initial weights.
  ///
  /// - Parameters:
  ///   - input: the shape of a sample, without the batch axis.
  ///   - name: what the model is called when it is a layer of another.
  ///   - seed: the seed of the initial weights, of shuffling and of dropout.
  ///   - layers: the layers, in order.
  public convenience init(
    input: Shape, name: String? = nil, seed: UInt64 = 42, @LayerBuilder layers: () -> [Layer]
  ) {
    let start = Input(input)
    let end = layers().reduce(start) { $1($0) }
    require(end !== start, "A Sequential model needs at least one layer.")
    self.init(inputs: [start], outputs: [end], name: name, seed: seed)
  }
}

/// Collects the layers of a ``Sequential`` model; `if` and `for` work inside.
@resultBuilder
public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: Layer) -> [Layer] { [layer] }
  /// Layers one after another.
  public static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  /// Layers that a condition leaves out.
  public static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  /// The layers of the branch that was taken.
  public static func buildEither(first part: [Layer]) -> [Layer] { part }
  /// The layers of the branch that was taken.
  public static func buildEither(second part: [Layer]) -> [Layer] { part }
  /// Layers from a loop.
  public static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
}
