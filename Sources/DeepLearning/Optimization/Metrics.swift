/// What is measured beside the loss, as in Keras 2.0.
public enum Metric: Sendable {
  /// The share of right answers: the most probable class for the categorical loss, the rounded probability
  /// for the binary one; `compile` decides.
  case accuracy
  /// The share of probabilities that, rounded half to even, equal the target; 1.6 counts as wrong.
  case binaryAccuracy
  /// The mean absolute difference.
  case meanAbsoluteError
  /// The mean squared difference.
  case meanSquaredError

  /// The name in logs, as in Keras 2.0.
  public var key: String {
    switch self {
    case .accuracy, .binaryAccuracy: "acc"
    case .meanAbsoluteError: "mae"
    case .meanSquaredError: "mse"
    }
  }

  /// The metric meant by `accuracy` beside a loss.
  func resolved(for loss: Loss) -> Metric {
    self == .accuracy && loss == .binaryCrossEntropy ? .binaryAccuracy : self
  }

  /// The mean over a batch.
  ///
  /// - Parameters:
  ///   - predictions: `[batch, ...]`
  ///   - targets: as many elements as predictions; or one class number per row.
  public func callAsFunction(_ predictions: Tensor, _ targets: any SamplesConvertible) -> Float {
    let targets = targets.samples
    switch self {
    case .accuracy: return accuracy(predictions, targets)
    case .binaryAccuracy: return binaryAccuracy(predictions, targets.tensor(for: key))
    case .meanAbsoluteError:
      return DeepLearning.meanAbsoluteError(predictions.detached, targets.tensor(for: key)).item
    case .meanSquaredError:
      return DeepLearning.meanSquaredError(predictions.detached, targets.tensor(for: key)).item
    }
  }

  /// Compares the most probable class; single outputs have none and are rounded.
  private func accuracy(_ predictions: Tensor, _ targets: Samples) -> Float {
    if case .integers(let labels, _) = targets {
      require(
        labels.count == predictions.rowCount,
        "Accuracy compares \(predictions.rowCount) rows of predictions with \(labels.count) classes. Give one class for each row."
      )
      let hits = zip(predictions.argmax(), labels).count { $0 == Int($1) }
      return Float(hits) / Float(labels.count)
    }
    let expected = targets.tensor(for: key)
    guard predictions.rank > 1, predictions.rowLength > 1 else {
      return binaryAccuracy(predictions, expected)
    }
    checkCounts(predictions, expected, "accuracy")
    let hits = zip(predictions.argmax(), expected.argmax()).count { $0 == $1 }
    return Float(hits) / Float(predictions.rowCount)
  }

  private func binaryAccuracy(_ predictions: Tensor, _ targets: Tensor) -> Float {
    checkCounts(predictions, targets, "accuracy")
    let (p, t, count) = (predictions.pointer, targets.pointer, predictions.elementCount)
    var hits = 0
    for i in 0..<count where p[i].rounded(.toNearestOrEven) == t[i] { hits += 1 }
    return Float(hits) / Float(count)
  }
}
