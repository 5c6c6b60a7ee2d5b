/// A whole model as a layer of another: it keeps its weights, and shares them wherever it is used.
///
/// Made by calling a model on symbolic tensors:
///
///     let features = base(Input([250, 250, 3]))
public final class ModelLayer: Layer {
  /// The model.
  public let model: Model

  init(_ model: Model) {
    self.model = model
    super.init(name: model.name, kind: model is Sequential ? "sequential" : "model")
  }

  /// The model's output.
  public override func build(_ inputs: [Shape]) -> Shape {
    require(
      inputs == model.inputShapes,
      "\(name) takes samples of shape \(model.inputShapes.map(\.description).joined(separator: ", ")), and cannot be used on \(inputs.map(\.description).joined(separator: ", ")). Reshape or resize before it, or build it for these."
    )
    for layer in model.layers { adoptWeights(of: layer, prefix: "") }
    return model.outputShapes[0]
  }

  /// The model's weights have been drawn already.
  override func drawWeights(using random: inout RandomGenerator) {}

  /// Frozen layers of the model stay frozen.
  override var trainableWeights: [Parameter] { isTrainable ? model.trainableWeights : [] }

  /// Computes the model's output.
  public override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    model.outputs(for: inputs, context)[0]
  }

  /// The penalties of the model's layers.
  public override func penalty() -> Tensor? { model.penalty() }
}

extension Model {
  /// Uses the model as a layer of another; each use shares its weights.
  ///
  ///     let left = base(leftPicture)
  ///     let right = base(rightPicture)
  ///
  /// The layer has the model's name, else it is numbered as other layers are.
  ///
  /// - Parameter inputs: one per input of the model.
  /// - Returns: the model's output, of which there must be one.
  public func callAsFunction(_ inputs: SymbolicTensor...) -> SymbolicTensor {
    require(
      outputShapes.count == 1,
      "A model with \(outputShapes.count) outputs cannot be a layer, which has one. Choose an output with outputs(of:)."
    )
    let layer = layerOfSelf ?? ModelLayer(self)
    layerOfSelf = layer
    return layer.apply(inputs)
  }

  /// What files call a weight: its name, behind the names of the models within this one that it belongs to.
  func fileName(of weight: Parameter) -> String {
    for case let layer as ModelLayer in layers
    where layer.weights.contains(where: { $0 === weight }) {
      return layer.name + "/" + layer.model.fileName(of: weight)
    }
    return weight.name
  }
}
