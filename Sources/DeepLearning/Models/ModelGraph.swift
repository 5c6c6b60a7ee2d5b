/// One use of a layer in a model, or one of its inputs, to be drawn or listed.
public struct GraphNode {
  /// The layer; nil for an input.
  public let layer: Layer?
  /// The layer's name, or the input's.
  public let name: String
  /// The layer's type, such as `Dense`, or `Input`.
  public let type: String
  /// The nodes that feed it, by their positions in ``Model/graph``.
  public let inputs: [Int]
  /// The shapes of what it is fed, without the batch axis.
  public let inputShapes: [Shape]
  /// The shape of what it makes, without the batch axis.
  public let shape: Shape
  /// Whether its layer is used elsewhere too, with the same weights.
  public let isShared: Bool
}

extension Model {
  /// The graph of the model: its inputs, then each use of a layer behind those that feed it.
  public var graph: [GraphNode] {
    var uses: [ObjectIdentifier: Int] = [:]
    for layer in results.compactMap(\.layer) { uses[ObjectIdentifier(layer), default: 0] += 1 }
    let starts = zip(inputNames, inputShapes).map { name, shape in
      GraphNode(
        layer: nil, name: name, type: "Input", inputs: [], inputShapes: [], shape: shape,
        isShared: false)
    }
    return starts
      + zip(steps, results).map { step, tensor in
        GraphNode(
          layer: step.layer, name: step.layer.name,
          type: String(describing: Swift.type(of: step.layer)),
          inputs: step.inputs, inputShapes: tensor.inputs.map(\.shape), shape: tensor.shape,
          isShared: uses[ObjectIdentifier(step.layer), default: 0] > 1)
      }
  }
}
