import Datasets
import DeepLearning
import Figures
import Gallery

/// Measures the training reviews once more at the end of each epoch: the weights are then the same for all of them.
private final class EpochEnds: Callback {
  /// The losses of the training reviews after an epoch.
  struct Losses {
    var withDropout, withoutDropout: Double
  }

  private let train: Reviews
  private(set) var losses: [Losses] = []

  init(_ train: Reviews) { self.train = train }

  func epochDidEnd(_ run: TrainingRun) throws {
    let (x, y) = (train.x.samples, train.y.samples)
    let crossEntropy = Loss.binaryCrossEntropy
    var sum = 0.0
    for start in stride(from: 0, to: train.count, by: 512) {
      let rows = start..<min(start + 512, train.count)
      let loss = crossEntropy(run.model(x[rows], training: true), y[rows])
      sum += Double(loss.item) * Double(rows.count)
    }
    losses.append(
      Losses(
        withDropout: sum / Double(train.count),
        withoutDropout: Double(run.model.evaluate(train.x, train.y).loss)))
  }
}

extension Experiments {
  /// Why is the training loss of the first epoch above the validation loss? Takes away one reason after the other.
  func explainFirstEpoch(_ run: ChapterRun, _ train: Reviews) throws {
    let (held, partial) = train.split(at: train.count * 2 / 5)
    let (epochs, batchSize) = (options.quick ? 2 : 5, options.batchSize(book: 512))
    let networks = [
      Network(name: "original", title: "Original network"),
      Network(name: "dropout", title: "Dropout of 0.5", dropout: 0.5),
    ]
    let outcomes = try run.outcomes(
      "First epochs", networks, seeds: seedOptions.count(options)
    ) { network, seed, watch in
      let ends = EpochEnds(partial)
      let history = try network.model(seed: seed).fit(
        partial.x, partial.y, epochs: epochs, batchSize: batchSize,
        validation: (held.x, held.y), callbacks: [ends, watch])
      return [
        history["loss"].map(Double.init), ends.losses.map(\.withDropout),
        ends.losses.map(\.withoutDropout), history["val_loss"].map(Double.init),
      ]
    }
    if run.isInterrupted { return }
    let names = [
      "training, mean over the epoch as it went",
      "training reviews at the epoch's end, as in training",
      "training reviews at the epoch's end, as in validation", "validation",
    ]
    for (network, seeds) in zip(networks, outcomes) {
      let title = "\(network.title): the loss of the first epoch"
      let values = names.indices.map { curve in
        (name: names[curve], values: seeds.map { $0[curve][0] })
      }
      run.add(SeedComparison(of: "loss", values).table, titled: title)
      run.add(
        Figure(
          title: "\(network.title): what is called training loss, means of \(seeds.count) seeds",
          x: "Epochs", y: "Loss", width: 800
        ) {
          for (curve, name) in names.enumerated() {
            let means = (0..<epochs).map { epoch in
              Statistics.mean(seeds.map { $0[curve][epoch] })
            }
            let label = name.prefix(1).uppercased() + name.dropFirst()
            if curve == names.count - 1 {
              Line(means, label, dashed: true)
            } else {
              Line(means, label)
            }
          }
        }, as: "first-epoch-\(network.name)")
    }
  }
}
