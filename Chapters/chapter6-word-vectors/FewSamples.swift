import DeepLearning

/// The two networks of section 6.1.3 that learn from few samples.
enum FewSamples: String, Sendable {
  /// With pretrained vectors that stay as they are.
  case pretrained = "glove"
  /// With vectors of its own, which it learns.
  case fromScratch = "without-glove"
  /// With pretrained vectors that go on learning; not in the book.
  case unfrozen

  /// An embedding of 100 words to a review, 32 units and a probability: 1,320,065 parameters with vectors of 100
  /// numbers.
  func model(_ embedding: Tensor, seed: UInt64) -> Sequential {
    let (words, dimension) = (embedding.shape[0], embedding.shape[1])
    let vectors = Embedding(words, dimension)
    let model = Sequential(input: [ReviewTexts.length], seed: seed) {
      vectors
      Flatten()
      Dense(32, activation: .relu)
      Dense(1, activation: .sigmoid)
    }
    if self != .fromScratch { vectors.embeddings?.value = embedding }
    if self == .pretrained { vectors.isTrainable = false }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// What it is called in results.
  var name: String {
    switch self {
    case .pretrained: "GloVe"
    case .fromScratch: "without GloVe"
    case .unfrozen: "GloVe, unfrozen"
    }
  }

  var title: String {
    switch self {
    case .pretrained: "With pretrained vectors"
    case .fromScratch: "The same network without pretrained vectors"
    case .unfrozen: "With pretrained vectors that learn"
    }
  }

  /// What the titles of its figures end in.
  var remark: String { self == .fromScratch ? "without pretrained vectors" : "pretrained vectors" }

  /// The numbers of the book's figures.
  var figures: (loss: String, accuracy: String) {
    self == .fromScratch ? ("6.7", "6.8") : ("6.5", "6.6")
  }

  /// The book's validation accuracies.
  var book: (best: Double, last: Double) {
    self == .fromScratch ? (0.5282, 0.5264) : (0.5723, 0.5413)
  }

  /// How far other draws of 200 reviews lead from the book's numbers.
  var tolerance: Double { self == .fromScratch ? 0.03 : 0.05 }
}
