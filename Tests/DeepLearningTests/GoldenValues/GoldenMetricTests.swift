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

  @Test(arguments: try Golden.cases("metrics") as [Case])
  func value(_ golden: Case) throws {
    let metric: Metric = golden.metric == "mean_absolute_error" ? .meanAbsoluteError : .accuracy
    let targets: any SamplesConvertible =
      golden.metric.hasPrefix("sparse")
      ? golden.targets.tensor.scalars.map { Int32($0) } : golden.targets.tensor
    expectClose(
      metric(golden.predictions.tensor, targets), golden.value, golden.testDescription)
  }
}
