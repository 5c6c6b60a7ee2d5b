import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// Which remedy helps most, once each network may stop at its best epoch?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter4-overfitting",
    "Rates of dropout, strengths of penalties, and early stopping, with several seeds.",
    discussion: """
      Each network is trained until its loss on held-out reviews has not fallen for three epochs; \
      its best weights are tested. Says which differences exceed what another seed would change.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter4-overfitting-experiments", section: "4.4", title: "which remedy helps most?",
      options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin
    let original = Network(name: "original", title: "original, stopped early")
    try compare(
      "Rate of dropout", run, train, test,
      [original]
        + [0.1, 0.3, 0.5, 0.8].map { (rate: Float) in
          Network(name: "dropout", title: "dropout \(rate)", dropout: rate)
        })
    try compare(
      "Strength of the penalties", run, train, test,
      [original]
        + [0.0001, 0.001, 0.01].map { (strength: Float) in
          Network(name: "l2", title: "L2 \(strength)", regularizer: .l2(strength))
        }
        + [0.00001, 0.0001, 0.001].map { (strength: Float) in
          Network(name: "l1", title: "L1 \(strength)", regularizer: .l1(strength))
        })
    try compare(
      "Size, and remedies together", run, train, test,
      [
        original, Network(name: "smaller", title: "4 units", units: 4),
        Network(name: "wider", title: "64 units", units: 64),
        Network(
          name: "both", title: "dropout 0.5 and L2 0.0001", regularizer: .l2(0.0001), dropout: 0.5),
      ])
    try run.finish()
  }

  private func compare(
    _ title: String, _ run: ChapterRun, _ train: Reviews, _ test: Reviews, _ networks: [Network]
  ) throws {
    let epochs = options.epochs(book: 40, quick: 3)
    let batchSize = options.batchSize(book: 512)
    let (held, partial) = train.split(at: train.count * 2 / 5)
    try run.compare(
      title, of: "test accuracy", networks, seeds: seedOptions.count(options), name: \.title
    ) { network, seed, watch in
      let model = network.model(seed: seed)
      try model.fit(
        partial.x, partial.y, epochs: epochs, batchSize: batchSize,
        validation: (held.x, held.y),
        callbacks: [EarlyStopping(patience: 3, restoresBestWeights: true), watch])
      return Double(model.evaluate(test.x, test.y).accuracy)
    }
  }
}
