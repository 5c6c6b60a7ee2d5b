/// A place in a model's graph: an input, or one use of a layer.
public struct GraphNode {
  /// The layer; nil for an input.
  public let layer: Layer?
  /// The layer's name, with `_use2`, `_use3` behind it when it is used again; `input_1` for an input.
  public let name: String
  /// What kind of layer it is, such as `Dense`; `Input` for an input.
  public let kind: String
  /// The nodes that it reads, by their indices in ``Model/graph``.
  public let inputs: [Int]
  /// The shape of what comes out, without the batch axis.
  public let shape: Shape
}

extension Model {
  /// The model as a graph: its inputs, then each use of a layer after those that it reads.
  public var graph: [GraphNode] {
    var nodes = inputShapes.enumerated().map { index, shape in
      GraphNode(layer: nil, name: "input_\(index + 1)", kind: "Input", inputs: [], shape: shape)
    }
    var uses: [String: Int] = [:]
    for (step, result) in zip(steps, results) {
      let name = step.layer.name
      let use = uses[name, default: 0] + 1
      uses[name] = use
      nodes.append(
        GraphNode(
          layer: step.layer, name: use == 1 ? name : "\(name)_use\(use)",
          kind: String(describing: type(of: step.layer)), inputs: step.inputs, shape: result.shape))
    }
    return nodes
  }
}
