import DeepLearning

/// Looks after each epoch at what a network puts out for reviews that it does not learn from.
final class OutputWatch: Callback {
  private let x: Samples
  private let labels: [Int]
  /// For each epoch the accuracy of saying yes to outputs above 0.5.
  private(set) var accuracies: [Double] = []
  /// For each epoch the share of outputs that round to 2 or more, and so equal neither label.
  private(set) var sharesAbove: [Double] = []
  /// For each epoch the share of outputs that round to -1 or less, and so equal neither label.
  private(set) var sharesBelow: [Double] = []
  /// Whether no output has been above 0 after any epoch. Below, all are clipped alike, and no gradient comes back.
  private(set) var isDead = true

  /// Creates a callback that looks at some reviews.
  init(_ x: Samples, _ labels: [Int]) { (self.x, self.labels) = (x, labels) }

  /// Computes the outputs and counts.
  func epochDidEnd(_ run: TrainingRun) {
    let outputs = run.model.predict(x).scalars
    let count = Double(outputs.count)
    isDead = isDead && outputs.allSatisfy { $0 <= 0 }
    accuracies.append(Self.accuracy(outputs, labels))
    // Halves go to the even neighbour: 1.5 to 2, but -0.5 to 0.
    sharesAbove.append(Double(outputs.count { $0 >= 1.5 }) / count)
    sharesBelow.append(Double(outputs.count { $0 < -0.5 }) / count)
  }

  /// The share of labels that outputs above 0.5 and below get right.
  static func accuracy(_ outputs: [Float], _ labels: [Int]) -> Double {
    Double(zip(outputs, labels).count { ($0 > 0.5) == ($1 == 1) }) / Double(labels.count)
  }
}
