import Testing

@testable import DeepLearning

/// Metrics against Keras 2.0's.
@Suite struct GoldenMetricTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name, metric: String
    let predictions, targets: GoldenTensor
    let value: Double
    var testDescription: String { "\(metric) \(name)" }
  }

  @Test("Metrics have the reference's values", arguments: try Golden.cases("metrics") as [Case])
  func value(_ golden: Case) throws {
    let metric: Metric =
      switch golden.metric {
      case "binary_accuracy": .binaryAccuracy
      case "mean_absolute_error": .meanAbsoluteError
      default: .accuracy
      }
    let targets: any SamplesConvertible =
      golden.metric.hasPrefix("sparse")
      ? golden.targets.tensor.scalars.map { Int32($0) } : golden.targets.tensor
    expectClose(
      metric(golden.predictions.tensor, targets), golden.value, golden.testDescription)
  }

  /// Keras' `accuracy` means another metric beside another loss.
  @Test("Compile decides what accuracy means")
  func accuracy() {
    #expect(Metric.accuracy.resolved(for: .binaryCrossEntropy) == .binaryAccuracy)
    #expect(Metric.accuracy.resolved(for: .categoricalCrossEntropy) == .accuracy)
    #expect(Metric.meanAbsoluteError.resolved(for: .binaryCrossEntropy) == .meanAbsoluteError)
    // Two labels a sample: two of four are right, though no row's largest is.
    let predictions = Tensor([0.9, 0.2, 0.1, 0.8], shape: [2, 2])
    let targets = Tensor([1, 1, 0, 0], shape: [2, 2])
    #expect(Metric.binaryAccuracy(predictions, targets) == 0.5)
  }

  @Test("Mean squared error is that of the formula")
  func meanSquaredError() {
    let (p, t) = (Tensor([1, 2, 4], shape: [3, 1]), Tensor([1, 4, 1], shape: [3, 1]))
    expectClose(Metric.meanSquaredError(p, t), 13.0 / 3, "mse")
  }

  @Test("Single outputs are rounded beside any loss")
  func rounding() {
    let (p, t) = (Tensor([0.6, 0.4, 0.7], shape: [3, 1]), Tensor([1, 1, 1], shape: [3, 1]))
    expectClose(Metric.accuracy(p, t), 2.0 / 3, "accuracy")
  }
}
