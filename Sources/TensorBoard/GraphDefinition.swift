import DeepLearning

/// A model as TensorFlow's `graph.proto` describes one: a node for each layer and each of its weights.
enum GraphDefinition {
  static func message(of model: Model) -> ProtobufMessage {
    var message = ProtobufMessage()
    let nodes = model.graph
    // A layer that is used again is another node, `dense_1_use2`, with the same weights.
    var uses: [String: Int] = [:]
    let names = nodes.map { node in
      uses[node.name, default: 0] += 1
      let use = uses[node.name] ?? 1
      return use == 1 ? node.name : "\(node.name)_use\(use)"
    }
    var weightsSeen: Set<String> = []
    for (node, name) in zip(nodes, names) {
      let weights = node.layer?.weights ?? []
      for weight in weights where weightsSeen.insert(weight.name).inserted {
        message.add(1) { add(&$0, weight.name, "Variable", [], Array(weight.shape)) }
      }
      let inputs = node.inputs.map { names[$0] } + weights.map(\.name)
      message.add(1) { add(&$0, name, node.type, inputs, [-1] + Array(node.shape)) }
    }
    // The version of the format, as TensorFlow 1 and 2 write it.
    message.add(4) { $0.add(1, 22) }
    return message
  }

  /// Name, operation, inputs, and the shape of the output.
  private static func add(
    _ node: inout ProtobufMessage, _ name: String, _ operation: String, _ inputs: [String],
    _ shape: [Int]
  ) {
    node.add(1, name)
    node.add(2, operation)
    for input in inputs { node.add(3, input) }
    node.add(5) { attribute in
      attribute.add(1, "_output_shapes")
      attribute.add(2) { value in value.add(1) { list in list.add(7, Event.shape(shape)) } }
    }
  }
}
