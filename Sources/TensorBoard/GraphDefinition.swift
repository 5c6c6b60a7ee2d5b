import DeepLearning

/// A model as TensorFlow's `graph.proto` describes one: a node for each layer and each of its weights.
enum GraphDefinition {
  static func message(of model: Model) -> ProtobufMessage {
    var message = ProtobufMessage()
    let nodes = model.graph
    var weightsSeen: Set<String> = []
    for node in nodes {
      let weights = node.layer?.weights ?? []
      for weight in weights where weightsSeen.insert(weight.name).inserted {
        message.add(1) { add(&$0, weight.name, "Variable", [], Array(weight.shape)) }
      }
      let inputs = node.inputs.map { nodes[$0].name } + weights.map(\.name)
      message.add(1) { add(&$0, node.name, node.kind, inputs, [-1] + Array(node.shape)) }
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
