/// What the program and the book call the networks that learn from few samples, and the book's numbers.
extension FewSamples {
  /// What it is called in results.
  ///
  /// - Parameter vectors: what the pretrained vectors are called.
  func name(_ vectors: String) -> String { self == .pretrained ? vectors : "without GloVe" }

  var title: String {
    self == .pretrained
      ? "With pretrained vectors" : "The same network without pretrained vectors"
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
}
