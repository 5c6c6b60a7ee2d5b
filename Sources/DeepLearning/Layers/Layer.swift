/// A step of a model: from tensors and its own weights to a tensor.
///
/// Subclasses say in ``build(_:)`` which weights they have for given input shapes, and in
/// ``forward(_:_:)`` what they compute. A layer that is used twice shares its weights.
open class Layer {
  /// The name, such as `dense_1`; numbered by the model unless given.
  public internal(set) var name: String
  /// Whether training changes the weights.
  public var isTrainable = true
  /// The weights that training changes: none if the layer is frozen.
  var trainableWeights: [Parameter] { isTrainable ? weights.filter(\.isTrainable) : [] }
  /// The weights, empty until the layer has been built.
  public private(set) var weights: [Parameter] = []

  let hasGivenName: Bool
  /// What the layer is called before it is numbered, such as `dense`.
  let kind: String
  private(set) var isNumbered = false
  private var isDrawn = false
  private(set) var inputShapes: [Shape]?
  private(set) var outputShape: Shape = []

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - name: a name of your choice; by default the layer's kind, numbered.
  ///   - kind: what the layer is called before it is numbered; by default the type's name.
  public init(name: String? = nil, kind: String? = nil) {
    let kind = kind ?? Layer.snakeCase(String(describing: Self.self))
    self.kind = kind
    self.name = name ?? kind
    hasGivenName = name != nil
  }

  /// Says which weights the layer has, with ``Layer/addWeight(_:shape:initializer:)``.
  ///
  /// - Parameter inputs: the shapes of the inputs, without the batch axis.
  /// - Returns: the shape of the output, without the batch axis.
  open func build(_ inputs: [Shape]) -> Shape { inputs[0] }

  /// Computes the output for a batch.
  ///
  /// - Parameters:
  ///   - inputs: one per incoming connection; the first axis is the batch.
  ///   - context: whether this is training, and the random numbers for it.
  open func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    fail("\(name): \(type(of: self)) does not say what it computes; override forward(_:_:).")
  }

  /// Whether the output keeps the mask of the input: which time steps of a sequence are skipped, as in Keras.
  ///
  /// If a layer has several inputs, time steps are skipped that are skipped in all of them.
  open var passesMask: Bool { false }

  /// The penalty on the layer's weights, or nil if it has none.
  open func penalty() -> Tensor? { nil }

  /// Adds a weight; call it from ``Layer/build(_:)``.
  public func addWeight(
    _ name: String, shape: Shape, initializer: Initializer = .glorotUniform
  ) -> Parameter {
    let weight = Parameter(name, shape: shape, initializer: initializer)
    weights.append(weight)
    return weight
  }

  /// Takes over the weights of a layer within this one, under names that begin with `prefix`.
  func adoptWeights(of part: Layer, prefix: String) {
    for weight in part.weights {
      weight.name = prefix + weight.name
      weights.append(weight)
    }
  }

  /// Uses the layer on the output of another in a functional model.
  public func callAsFunction(_ inputs: SymbolicTensor...) -> SymbolicTensor { apply(inputs) }

  func apply(_ inputs: [SymbolicTensor]) -> SymbolicTensor {
    let shapes = inputs.map(\.shape)
    if let built = inputShapes {
      require(
        built == shapes,
        "\(name) was built for inputs of shape \(built), and cannot share its weights with \(shapes). Give it inputs of one shape, or use a layer for each."
      )
    } else {
      outputShape = build(shapes)
      inputShapes = shapes
    }
    return SymbolicTensor(layer: self, inputs: inputs, shape: outputShape)
  }

  /// Gives the layer the number that its model has found for it.
  func number(_ index: Int) {
    name = "\(kind)_\(index)"
    isNumbered = true
  }

  /// Draws the initial weights, once, when the layer becomes part of its first model.
  func drawWeights(using random: inout RandomGenerator) {
    if isDrawn { return }
    isDrawn = true
    for weight in weights {
      weight.name = "\(name)/\(weight.name)"
      weight.value = weight.initializer.draw(weight.shape, using: &random)
    }
  }

  /// `Conv2D` becomes `conv2d`, `MaxPooling2D` `max_pooling2d`, as Keras names layers.
  private static func snakeCase(_ type: String) -> String {
    var name = ""
    var previous: Character = "_"
    for character in type {
      if character.isUppercase, previous.isLowercase { name.append("_") }
      name += character.lowercased()
      previous = character
    }
    return name
  }
}

/// What layers need to know about the pass through the model that they take part in.
public final class ForwardContext {
  /// Whether the model is being trained: dropout drops only then.
  public let training: Bool
  /// Random numbers for this pass.
  public var random: RandomGenerator
  private var addedLosses: [Tensor] = []

  /// Creates a context.
  public init(training: Bool, random: RandomGenerator) {
    self.training = training
    self.random = random
  }

  /// Adds one number to the loss of the batch, in training and in evaluation.
  ///
  /// For what depends on a layer's inputs, as a penalty on weights does not: Keras' `add_loss`.
  public func addLoss(_ loss: Tensor) {
    require(
      loss.elementCount == 1,
      "One number is added to a loss, not a tensor of shape \(loss.shape). Use mean() or sum().")
    addedLosses.append(loss)
  }

  /// A loss, and what layers have added to it since this was last asked for.
  func total(_ loss: Tensor) -> Tensor {
    defer { addedLosses = [] }
    return addedLosses.reduce(loss, +)
  }
}
