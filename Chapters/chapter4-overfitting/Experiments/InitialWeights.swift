import Datasets
import DeepLearning
import Gallery

/// The distribution from which all kernels of a network are drawn at the start.
private struct InitialWeights: Sendable {
  let name: String
  let isNormal: Bool
  /// How many times as large the standard deviation is as Glorot's, √(2 / (inputs + outputs)).
  let scale: Float

  static let all = [Float(1), 0.1, 5].flatMap { scale in
    [
      InitialWeights(
        name: "uniform, \(scale) of Glorot's deviation", isNormal: false, scale: scale),
      InitialWeights(name: "normal, \(scale) of Glorot's deviation", isNormal: true, scale: scale),
    ]
  }

  func initializer(_ inputs: Int, _ outputs: Int) -> Initializer {
    let deviation = scale * (2 / Float(inputs + outputs)).squareRoot()
    // A uniform distribution reaches √3 deviations to each side.
    return isNormal
      ? .normal(standardDeviation: deviation) : .uniform(limit: deviation * Float(3).squareRoot())
  }

  func model(seed: UInt64) -> Sequential {
    let model = Sequential(input: [10_000], seed: seed) {
      Dense(16, activation: .relu, kernelInitializer: initializer(10_000, 16))
      Dense(16, activation: .relu, kernelInitializer: initializer(16, 16))
      Dense(1, activation: .sigmoid, kernelInitializer: initializer(16, 1))
    }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }
}

extension Experiments {
  /// Normal and uniform initial weights of the same deviation, and other deviations.
  func compareInitialWeights(_ run: ChapterRun, _ train: Reviews, _ test: Reviews) throws {
    let kinds = options.quick ? Array(InitialWeights.all.prefix(2)) : InitialWeights.all
    let title = "Initial weights"
    let values = try run.measure(title, kinds, seeds: seedOptions.count(options)) {
      kind, seed, watch in
      try Double(tested(kind.model(seed: seed), train, test, watch).accuracy)
    }
    let comparison = SeedComparison(
      of: "test accuracy", zip(kinds, values).map { ($0.name, $1) })
    run.add(comparison.table, titled: title)
    run.add(comparison.figure(title), as: "initial-weights")
  }
}
