/// A densely connected layer: `activation(input · kernel + bias)`.
///
/// Takes tensors of shape `[batch, ..., features]`, and sparse rows, of which it reads only the elements
/// that are not zero. Returns `[batch, ..., units]`.
///
///     Dense(16, activation: .relu)
public final class Dense: Layer {
  private let units: Int
  private let activation: Activation
  private let usesBias: Bool
  private let kernelInitializer: Initializer
  private let kernelRegularizer: Regularizer?

  /// The weights that multiply the input, `[features, units]`.
  public private(set) var kernel: Parameter?
  /// The weights that are added, `[units]`.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - units: the number of outputs.
  ///   - activation: the function that the outputs go through.
  ///   - usesBias: whether a bias is added.
  ///   - kernelInitializer: the distribution of the initial kernel.
  ///   - kernelRegularizer: a penalty on the kernel.
  ///   - name: a name of your choice.
  public init(
    _ units: Int, activation: Activation = .linear, usesBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, kernelRegularizer: Regularizer? = nil,
    name: String? = nil
  ) {
    require(
      units > 0,
      "\(name.map { "\($0): a" } ?? "A") Dense layer needs at least one unit, not \(units). Its first argument is the number of units."
    )
    self.units = units
    self.activation = activation
    self.usesBias = usesBias
    self.kernelInitializer = kernelInitializer
    self.kernelRegularizer = kernelRegularizer
    super.init(name: name)
  }

  /// The kernel spans the last axis of the input.
  public override func build(_ inputs: [Shape]) -> Shape {
    guard let features = inputs[0].last else {
      fail(
        "\(name): Dense takes vectors, but its input has no axis besides the batch. Put Reshape([1]) first."
      )
    }
    kernel = addWeight("kernel", shape: [features, units], initializer: kernelInitializer)
    if usesBias { bias = addWeight("bias", shape: [units], initializer: .zeros) }
    var output = inputs[0]
    output[output.rank - 1] = units
    return output
  }

  public override var passesMask: Bool { true }

  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    guard let kernel else {
      fail(
        "\(name) is used before it is part of a model. Put it into a Sequential or a Model first.")
    }
    let product =
      if case .sparse(let rows) = inputs[0] {
        rows.dense(kernel: kernel.value, bias: bias?.value)
      } else {
        inputs[0].tensor(for: name).dense(kernel: kernel.value, bias: bias?.value)
      }
    return product.activated(activation)
  }

  public override func penalty() -> Tensor? {
    guard let kernel, let kernelRegularizer else { return nil }
    return kernelRegularizer.penalty(kernel.value)
  }
}
