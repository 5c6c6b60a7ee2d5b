import DeepLearning
import Figures

extension BoxGraph {
  /// The graph of a model, as Keras' `plot_model` draws it: a box for each use of a layer.
  ///
  /// Layers that are used several times, which share their weights, have another colour.
  ///
  /// - Parameters:
  ///   - title: the heading.
  ///   - model: the model.
  ///   - showsShapes: whether the boxes tell the shapes of what goes in and comes out, without the batch axis.
  public init(title: String, _ model: Model, showsShapes: Bool = false) {
    let nodes = model.graph
    self.init(
      title: title,
      footnote: nodes.contains(where: \.isShared)
        ? "A layer in orange is used more than once, with the same weights." : nil,
      boxes: nodes.map { node in
        var details = [node.type]
        if showsShapes {
          if !node.inputShapes.isEmpty {
            details.append("in " + node.inputShapes.map(\.description).joined(separator: " "))
          }
          details.append("out \(node.shape)")
        }
        return Box(node.name, details: details, inputs: node.inputs, isMarked: node.isShared)
      })
  }
}
