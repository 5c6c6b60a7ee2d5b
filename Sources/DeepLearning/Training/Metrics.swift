/// What is measured beside the loss, as in Keras 2.0.
public enum Metric: String, Sendable {
  /// The share of samples whose most probable class, or rounded probability, is the target.
  case accuracy = "acc"
  /// The mean absolute difference.
  case meanAbsoluteError = "mae"
  /// The mean squared difference.
  case meanSquaredError = "mse"

  /// The mean over a batch.
  ///
  /// - Parameters:
  ///   - predictions: `[batch, ...]`
  ///   - targets: as many elements as predictions; or one class number per row.
  public func callAsFunction(_ predictions: Tensor, _ targets: any SamplesConvertible) -> Float {
    let targets = targets.samples
    switch self {
    case .accuracy: return accuracy(predictions, targets)
    case .meanAbsoluteError:
      return DeepLearning.meanAbsoluteError(predictions.detached, targets.tensor(for: rawValue))
        .item
    case .meanSquaredError:
      return DeepLearning.meanSquaredError(predictions.detached, targets.tensor(for: rawValue)).item
    }
  }

  /// Classes are compared by argmax; single probabilities by rounding half to even, so that an output of
  /// 1.6 counts as wrong.
  private func accuracy(_ predictions: Tensor, _ targets: Samples) -> Float {
    if case .integers(let labels, _) = targets {
      require(labels.count == predictions.rowCount, "Accuracy needs one class per row.")
      let hits = zip(predictions.argmax(), labels).count { $0 == Int($1) }
      return Float(hits) / Float(labels.count)
    }
    let expected = targets.tensor(for: "accuracy")
    require(
      expected.elementCount == predictions.elementCount,
      "Accuracy compares predictions of shape \(predictions.shape) with targets of shape \(expected.shape)."
    )
    if predictions.rowLength > 1 && predictions.rank > 1 {
      let hits = zip(predictions.argmax(), expected.argmax()).count { $0 == $1 }
      return Float(hits) / Float(predictions.rowCount)
    }
    let (p, t, count) = (predictions.pointer, expected.pointer, predictions.elementCount)
    var hits = 0
    for i in 0..<count where p[i].rounded(.toNearestOrEven) == t[i] { hits += 1 }
    return Float(hits) / Float(count)
  }
}
