import DeepLearning

/// The section's networks that learn from few samples, and one more.
enum FewSamplesVariant: Sendable {
  case pretrained, fromScratch
  /// With pretrained vectors that go on learning; not in the book.
  case unfrozen

  /// What it is called in results.
  ///
  /// - Parameter vectors: what the pretrained vectors are called.
  func name(_ vectors: String) -> String {
    switch self {
    case .pretrained: FewSamples.pretrained.name(vectors)
    case .fromScratch: FewSamples.fromScratch.name(vectors)
    case .unfrozen: "\(vectors), unfrozen"
    }
  }

  /// - Parameter embedding: the pretrained vectors, `[words, dimension]`.
  func model(_ embedding: Tensor, seed: UInt64) -> Sequential {
    let network = self == .fromScratch ? FewSamples.fromScratch : .pretrained
    let model = network.model(embedding, seed: seed)
    if self == .unfrozen { model.layers[0].isTrainable = true }
    return model
  }
}
