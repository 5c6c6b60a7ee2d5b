import Datasets
import DeepLearning
import Gallery

/// Dropout that leaves what it keeps as it is. What follows it then sees smaller sums in training than in the test, which
/// a factor can make up for.
final class PlainDropout: Layer {
  private let rate: Float
  /// What everything is multiplied by outside of training: the share that is kept in training, or 1.
  var testFactor: Float

  init(_ rate: Float) {
    (self.rate, testFactor) = (rate, 1 - rate)
    super.init()
  }

  override func forward(_ inputs: [Samples], _ context: ForwardContext) -> Tensor {
    let x = inputs[0].tensor(for: name)
    guard context.training else { return x * testFactor }
    return x
      * Tensor(shape: x.shape) { mask in
        for index in mask.indices { mask[index] = context.random.uniform() < rate ? 0 : 1 }
      }
  }
}

/// The network with two dropouts.
private func network(_ dropouts: [Layer], seed: UInt64) -> Sequential {
  let model = Sequential(input: [10_000], seed: seed) {
    Dense(16, activation: .relu)
    dropouts[0]
    Dense(16, activation: .relu)
    dropouts[1]
    Dense(1, activation: .sigmoid)
  }
  model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
  return model
}

extension Experiments {
  /// Dropout scaled up in training, as in Keras; scaled down in the test, as in the paper; and not scaled at all.
  func compareRescaling(_ run: ChapterRun, _ train: Reviews, _ test: Reviews) throws {
    let rates: [Float] = options.quick ? [0.5] : [0.5, 0.8]
    let ways = rates.flatMap { [(rate: $0, isPlain: false), (rate: $0, isPlain: true)] }
    let outcomes = try run.outcomes(
      "Rescaling", ways, seeds: seedOptions.count(options)
    ) { way, seed, watch in
      let dropouts: [Layer] = (0..<2).map { _ in
        way.isPlain ? PlainDropout(way.rate) : Dropout(way.rate)
      }
      let model = network(dropouts, seed: seed)
      let scaled = try tested(model, train, test, watch)
      for case let dropout as PlainDropout in dropouts { dropout.testFactor = 1 }
      return (scaled: scaled, unscaled: model.evaluate(test.x, test.y))
    }
    let measurements: [(String, KeyPath<Evaluation, Float>)] = [
      ("test accuracy", \.accuracy), ("test loss", \.loss),
    ]
    for (measurement, value) in measurements {
      let rows = zip(ways, outcomes).flatMap {
        way, outcomes -> [(name: String, values: [Double])] in
        let scaled = outcomes.map { Double($0.scaled[keyPath: value]) }
        guard way.isPlain else { return [("\(way.rate), up in training", scaled)] }
        let unscaled = outcomes.map { Double($0.unscaled[keyPath: value]) }
        return [
          ("\(way.rate), down in the test", scaled), ("\(way.rate), not rescaled", unscaled),
        ]
      }
      let title = "Dropout with and without rescaling: \(measurement)"
      let comparison = SeedComparison(of: measurement, rows)
      run.add(comparison.table, titled: title)
      run.add(comparison.figure(title), as: "rescaling-" + measurement.dropFirst(5))
    }
  }
}
