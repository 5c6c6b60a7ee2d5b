import Datasets
import DeepLearning
import Gallery

extension Experiments {
  /// Does a GRU with relu explode, as many found who ran the book's stacked network on later versions of Keras?
  func compareActivations(_ forecast: TemperatureForecast, _ run: ChapterRun) throws {
    let variants = [
      StackedVariant(activation: .tanh, gates: .hardSigmoid, clipNorm: nil),
      StackedVariant(activation: .relu, gates: .hardSigmoid, clipNorm: nil),
      StackedVariant(activation: .relu, gates: .hardSigmoid, clipNorm: 1),
      StackedVariant(activation: .relu, gates: .sigmoid, clipNorm: nil),
      StackedVariant(activation: .relu, gates: .sigmoid, clipNorm: 1),
      StackedVariant(activation: .relu, gates: .hardSigmoid, clipNorm: nil, learningRate: 0.01),
      StackedVariant(activation: .relu, gates: .hardSigmoid, clipNorm: 1, learningRate: 0.01),
    ]
    let (steps, batchSize, epochs) = (steps, batchSize, options.epochs(book: 5, quick: 1))
    let outcomes = try run.outcomes(
      "relu", variants, seeds: seedOptions.count(options)
    ) { variant, seed, callback in
      let peak = PeakLoss()
      do {
        let history = try variant.model(forecast, seed: seed).fit(
          forecast.generator(batchSize: batchSize, seed: seed), stepsPerEpoch: steps,
          epochs: epochs, validation: (forecast.validation.x, forecast.validation.y),
          callbacks: [peak, callback])
        return Outcome(
          largestLoss: peak.value, lowestError: history["val_loss"].min().map(Double.init))
      } catch TrainingError.notFinite {
        return Outcome(largestLoss: .infinity, lowestError: nil)
      }
    }
    var table = ResultTable([
      ("activation", .left), ("gates", .left), ("rate", .right), ("gradients", .left),
      ("runs", .right), ("exploded", .right), ("largest loss of a batch", .right),
      ("lowest validation MAE, mean", .right),
    ])
    for (variant, own) in zip(variants, outcomes) {
      // Ten standard deviations are no forecast any more.
      let exploded = own.count { $0.largestLoss > 10 }
      table.add([
        variant.activation.rawValue, variant.gates == .sigmoid ? "sigmoid" : "hard sigmoid",
        "\(variant.learningRate)",
        variant.clipNorm.map { "norm clipped to \(Int($0))" } ?? "as they are", "\(own.count)",
        "\(exploded)",
        own.contains { $0.largestLoss == .infinity }
          ? "∞" : run.text(own.map(\.largestLoss).max() ?? .nan),
        run.text(Statistics.mean(own.compactMap(\.lowestError))),
      ])
    }
    run.add(table, titled: "Does relu in a GRU explode?")
  }

  /// How a training went.
  private struct Outcome: Sendable {
    /// The largest loss of a batch; infinite if it became NaN.
    let largestLoss: Double
    /// The lowest validation error, if an epoch was finished.
    let lowestError: Double?
  }
}

/// A way to build and train the second of the stacked GRUs.
private struct StackedVariant: Sendable {
  let activation: Activation
  let gates: Activation
  let clipNorm: Float?
  var learningRate: Float = 0.001

  func model(_ forecast: TemperatureForecast, seed: UInt64) -> Sequential {
    let model = Sequential(input: [forecast.length, forecast.variableCount], seed: seed) {
      GRU(32, gates: gates, returnsSequences: true, dropout: 0.1, recurrentDropout: 0.5)
      GRU(64, activation: activation, gates: gates, dropout: 0.1, recurrentDropout: 0.5)
      Dense(1)
    }
    let optimizer = RMSprop(learningRate: learningRate)
    optimizer.clipNorm = clipNorm
    model.compile(optimizer: optimizer, loss: .meanAbsoluteError)
    return model
  }
}

/// Finds the largest loss of a batch.
private final class PeakLoss: Callback {
  private(set) var value = 0.0
  private var sum = 0.0

  func epochWillBegin(_ run: TrainingRun) throws { sum = 0 }

  func stepDidEnd(_ run: TrainingRun) throws {
    // What is logged is the mean since the epoch began.
    let total = Double(run.logs["loss"] ?? .nan) * Double(run.step)
    value = max(value, total - sum)
    sum = total
  }
}
