/// Which layers dream well, found by trying.
extension DreamNetwork.Kind {
  /// The layers to excite if the user names none, with weights that bring the loss of a photograph into the range of
  /// the book's log, so that the ceiling of 10 means the same for every network.
  var contributions: [DreamRecipe.Contribution] {
    let layers: [(String, Float)] =
      switch self {
      // The book's.
      case .inception: [("mixed2", 0.2), ("mixed3", 3), ("mixed4", 2), ("mixed5", 1.5)]
      case .efficientnet: [("block4c_add", 0.05), ("block5c_add", 0.05)]
      case .vgg16: [("block4_conv3", 0.1)]
      }
    return layers.map { DreamRecipe.Contribution(layer: $0.0, weight: $0.1) }
  }

  /// Layers from shallow to deep, to be compared.
  var singleLayers: [String] {
    switch self {
    case .inception:
      ["mixed0", "mixed2", "mixed3", "mixed4", "mixed5", "mixed7", "mixed9", "mixed10"]
    case .efficientnet:
      [
        "block1a_project_conv", "block2b_add", "block3b_add", "block4b_expand_activation",
        "block4c_add", "block5c_add", "block6d_add", "top_activation",
      ]
    case .vgg16:
      [
        "block1_conv2", "block2_conv2", "block3_conv1", "block3_conv3", "block4_conv1",
        "block4_conv3", "block5_conv1", "block5_conv3",
      ]
    }
  }
}

extension DreamRecipe {
  /// The layers and their weights in a sentence.
  var description: String {
    let layers = contributions.map { "\($0.layer) \($0.weight)" }
    return "Excited: \(layers.joined(separator: ", "))."
  }
}
