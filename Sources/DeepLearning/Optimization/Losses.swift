import Foundation

/// What training makes small: the distance between predictions and targets, as in Keras 2.0.
public enum Loss: String, Sendable {
  /// For probabilities of yes or no, after a sigmoid.
  case binaryCrossEntropy
  /// For probabilities of classes, after a softmax; targets are one-hot rows or class numbers.
  case categoricalCrossEntropy
  /// The mean of the squared differences.
  case meanSquaredError
  /// The mean of the absolute differences.
  case meanAbsoluteError

  /// The mean loss over a batch, a differentiable scalar.
  ///
  /// - Parameters:
  ///   - predictions: `[batch, ...]`
  ///   - targets: as many elements as predictions; or one class number per row.
  public func callAsFunction(_ predictions: Tensor, _ targets: any SamplesConvertible) -> Tensor {
    let targets = targets.samples
    switch (self, targets) {
    case (.categoricalCrossEntropy, .integers(let classes, _)):
      return DeepLearning.categoricalCrossEntropy(predictions, classes)
    case (.categoricalCrossEntropy, _):
      return DeepLearning.categoricalCrossEntropy(predictions, targets.tensor(for: rawValue))
    case (.binaryCrossEntropy, _):
      return DeepLearning.binaryCrossEntropy(predictions, targets.tensor(for: rawValue))
    case (.meanSquaredError, _):
      return DeepLearning.meanSquaredError(predictions, targets.tensor(for: rawValue))
    case (.meanAbsoluteError, _):
      return DeepLearning.meanAbsoluteError(predictions, targets.tensor(for: rawValue))
    }
  }
}

/// Keras' limits for probabilities, in the precision that it computes them: 10⁻⁷ and 1 - 2⁻²³.
private let lowest: Float = 1e-7
private let highest: Float = 1 - 1e-7

/// -(t·ln p + (1-t)·ln(1-p)), averaged over all elements.
///
/// As in Keras 2.0, p is first clipped to [10⁻⁷, 1 - 10⁻⁷], and no gradient flows where that changes it. If
/// `probabilities` come out of a sigmoid, the gradient skips it and is exactly p - t.
///
/// - Parameters:
///   - probabilities: of any shape.
///   - targets: as many elements, 0 or 1 or between.
public func binaryCrossEntropy(_ probabilities: Tensor, _ targets: Tensor) -> Tensor {
  checkCounts(probabilities, targets, "binary cross-entropy")
  let count = probabilities.elementCount
  let isFused = probabilities.node?.activation?.kind == .sigmoid
  let gradient = probabilities.node.map { _ in Tensor(uninitialized: probabilities.shape) }
  let (p, t, g) = (probabilities.pointer, targets.pointer, gradient?.pointer)
  var total: Double = 0
  for i in 0..<count {
    let q = min(max(p[i], lowest), highest)
    var sum: Float = 0
    if t[i] != 0 { sum -= t[i] * log(q) }
    if t[i] != 1 { sum -= (1 - t[i]) * log(1 - q) }
    total += Double(p[i].isNaN ? .nan : sum)
    g?[i] = q == p[i] ? (isFused ? q - t[i] : (q - t[i]) / (q * (1 - q))) / Float(count) : 0
  }
  return recordLoss(total / Double(count), of: probabilities, gradient, skipping: .sigmoid)
}

/// -Σ t·ln p over the classes, averaged over the batch.
///
/// As in Keras 2.0, each row of p is divided by its sum and clipped to [10⁻⁷, 1 - 10⁻⁷], and no gradient flows
/// where clipping changes it. If `probabilities` come out of a softmax, the gradient skips it and is
/// exactly p - t.
///
/// - Parameters:
///   - probabilities: `[batch, classes]`
///   - targets: `[batch, classes]`, one-hot or a distribution.
public func categoricalCrossEntropy(_ probabilities: Tensor, _ targets: Tensor) -> Tensor {
  checkCounts(probabilities, targets, "categorical cross-entropy")
  let classes = probabilities.rowLength
  let t = targets.pointer
  return categoricalCrossEntropy(probabilities) { row, visit in
    for j in 0..<classes where t[row * classes + j] != 0 { visit(j, t[row * classes + j]) }
  }
}

/// -ln p of the right class, averaged over the batch; the same numbers as with one-hot targets.
///
/// - Parameters:
///   - probabilities: `[batch, classes]`
///   - classes: the number of the right class of each row.
public func categoricalCrossEntropy(_ probabilities: Tensor, _ classes: [Int32]) -> Tensor {
  require(
    classes.count == probabilities.rowCount,
    "\(probabilities.rowCount) rows of probabilities cannot be compared with \(classes.count) classes. Give one class for each sample."
  )
  for label in classes {
    require(
      label >= 0 && label < probabilities.rowLength,
      "Class \(label) does not exist: the model tells \(probabilities.rowLength) classes apart. Give its last layer a unit for each class; classes count from 0."
    )
  }
  return categoricalCrossEntropy(probabilities) { row, visit in visit(Int(classes[row]), 1) }
}

/// - Parameter forEachTarget: calls its second argument with each class of a row that has a share, and
///   the share.
private func categoricalCrossEntropy(
  _ probabilities: Tensor, forEachTarget: (Int, (Int, Float) -> Void) -> Void
) -> Tensor {
  let (rows, classes) = (probabilities.rowCount, probabilities.rowLength)
  let isFused = probabilities.node?.activation?.kind == .softmax
  let gradient = probabilities.node.map { _ in Tensor(uninitialized: probabilities.shape) }
  var total: Double = 0
  for row in 0..<rows {
    let p = probabilities.pointer + row * classes
    let g = gradient.map { $0.pointer + row * classes }
    // A softmax' rows add up to 1 already.
    var sum: Float = 1
    if !isFused {
      sum = 0
      for j in 0..<classes { sum += p[j] }
    }
    var share: Float = 0
    forEachTarget(row) { j, t in
      let q = p[j] / sum
      let clipped = min(max(q, lowest), highest)
      total -= Double(q.isNaN ? .nan : t * log(clipped))
      if q == clipped { share += t }
    }
    guard let g else { continue }
    let scale = 1 / Float(rows)
    for j in 0..<classes { g[j] = (isFused ? p[j] * share : share / sum) * scale }
    forEachTarget(row) { j, t in
      let q = p[j] / sum
      if q == min(max(q, lowest), highest) { g[j] -= (isFused ? t : t / p[j]) * scale }
    }
  }
  return recordLoss(total / Double(rows), of: probabilities, gradient, skipping: .softmax)
}

/// (y - t)², averaged over all elements.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  checkCounts(predictions, targets, "mean squared error")
  return (predictions - targets.detached.reshaped(predictions.shape)).squared().mean()
}

/// |y - t|, averaged over all elements.
public func meanAbsoluteError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  checkCounts(predictions, targets, "mean absolute error")
  return (predictions - targets.detached.reshaped(predictions.shape)).magnitude.mean()
}

/// The loss as a recorded scalar whose gradient is already known.
///
/// - Parameter activation: an activation that the gradient has taken into account; if the predictions
///   come out of it, the gradient goes to its input.
private func recordLoss(
  _ value: Double, of predictions: Tensor, _ gradient: Tensor?, skipping activation: Activation
) -> Tensor {
  var loss = Tensor.scalar(Float(value))
  guard let node = predictions.node, let gradient else { return loss }
  let fused = node.activation.flatMap { $0.kind == activation ? $0.input : nil }
  loss.node = Node(inputs: [fused ?? node]) { upstream in
    [upstream.item == 1 ? gradient : gradient * upstream.item]
  }
  return loss
}

/// Stops with a sentence unless there is one target per prediction.
func checkCounts(_ predictions: Tensor, _ targets: Tensor, _ name: String) {
  require(
    predictions.elementCount == targets.elementCount && predictions.count == targets.count,
    "The \(name) compares predictions of shape \(predictions.shape) with targets of shape \(targets.shape). They need the same number of elements: give the last layer a unit for each target, or reshape the targets."
  )
}
