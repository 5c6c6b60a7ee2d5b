import Datasets
import DeepLearning
import Gallery

/// Does a GRU with relu explode, as many found who ran the book's stacked network on later versions of Keras?
struct ReLUExperiment: Sendable {
  private let experiments: Experiments
  private let forecast: TemperatureForecast

  /// Prepares the experiment.
  init(_ experiments: Experiments, _ forecast: TemperatureForecast) {
    (self.experiments, self.forecast) = (experiments, forecast)
  }

  /// A way to build and train the second of the stacked GRUs.
  private struct Way: Sendable {
    let activation: Activation
    let gates: Activation
    let clipNorm: Float?
    var rate: Float = 0.001
  }

  /// How a training went.
  private struct Course: Sendable {
    /// The largest loss of a batch; infinite if it stopped being a number.
    let worst: Double
    /// The lowest validation error, if an epoch was finished.
    let lowest: Double?
  }

  /// Trains each way with each seed, and adds the table.
  func carryOut(_ run: ChapterRun) throws {
    let ways = [
      Way(activation: .tanh, gates: .hardSigmoid, clipNorm: nil),
      Way(activation: .relu, gates: .hardSigmoid, clipNorm: nil),
      Way(activation: .relu, gates: .hardSigmoid, clipNorm: 1),
      Way(activation: .relu, gates: .sigmoid, clipNorm: nil),
      Way(activation: .relu, gates: .sigmoid, clipNorm: 1),
      Way(activation: .relu, gates: .hardSigmoid, clipNorm: nil, rate: 0.01),
      Way(activation: .relu, gates: .hardSigmoid, clipNorm: 1, rate: 0.01),
    ]
    let (seeds, firstSeed) = (experiments.seedOptions.count(run.options), run.options.seed)
    let progress = ExperimentProgress(
      "relu", total: ways.count * seeds, isShown: !run.options.noProgress)
    defer { progress.finish() }
    let courses = try run.sideBySide { watch in
      try Parallel.map(ways.count * seeds) { index -> Course? in
        if Interruption.isRequested { return nil }
        let course = try self.course(
          of: ways[index / seeds], seed: firstSeed &+ UInt64(index % seeds), watch)
        progress.advance()
        return Interruption.isRequested ? nil : course
      }
    }
    progress.finish()
    var table = ResultTable([
      ("activation", .left), ("gates", .left), ("rate", .right), ("gradients", .left),
      ("runs", .right), ("exploded", .right), ("largest loss of a batch", .right),
      ("lowest validation MAE, mean", .right),
    ])
    for (index, way) in ways.enumerated() {
      let own = courses[index * seeds..<(index + 1) * seeds].compactMap { $0 }
      // Ten standard deviations are no forecast any more.
      let exploded = own.count { $0.worst > 10 }
      table.add([
        way.activation.rawValue, way.gates == .sigmoid ? "sigmoid" : "hard sigmoid", "\(way.rate)",
        way.clipNorm.map { "norm clipped to \(Int($0))" } ?? "as they are", "\(own.count)",
        "\(exploded)",
        own.contains { $0.worst == .infinity } ? "∞" : run.text(own.map(\.worst).max() ?? .nan),
        run.text(Statistics.mean(own.compactMap(\.lowest))),
      ])
    }
    run.add(table, titled: "Does relu in a GRU explode?")
  }

  private func course(
    of way: Way, seed: UInt64, _ watch: any Callback & Sendable
  ) throws -> Course {
    let model = Sequential(input: [forecast.length, forecast.variableCount], seed: seed) {
      GRU(32, gates: way.gates, returnsSequences: true, dropout: 0.1, recurrentDropout: 0.5)
      GRU(
        64, activation: way.activation, gates: way.gates, dropout: 0.1, recurrentDropout: 0.5)
      Dense(1)
    }
    let optimizer = RMSprop(learningRate: way.rate)
    optimizer.clipNorm = way.clipNorm
    model.compile(optimizer: optimizer, loss: .meanAbsoluteError)
    let options = experiments.options
    let peak = PeakLoss()
    do {
      let history = try model.fit(
        forecast.stream(batchSize: experiments.batchSize, seed: seed &+ 1),
        stepsPerEpoch: experiments.steps, epochs: options.epochs(book: 5, quick: 1),
        validation: (forecast.validation.x, forecast.validation.y), callbacks: [peak, watch])
      return Course(worst: peak.value, lowest: history["val_loss"].min().map(Double.init))
    } catch TrainingError.notFinite {
      return Course(worst: .infinity, lowest: nil)
    }
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
