import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// Which remedy helps most, once each network may stop at its best epoch? And what readers ask about the section.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter4-overfitting",
    "Rates of dropout, strengths of penalties, early stopping, readers' questions.",
    discussion: """
      The parts are dropout, penalties, sizes, rescaling (of dropout, in training or in the test), \
      weights (normal or uniform at the start) and first-epoch (why validation seems better). Each \
      network is trained with several seeds, mostly until its loss on held-out reviews has not \
      fallen for three epochs; its best weights are tested. Says which differences exceed what \
      another seed would change.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions
  @OptionGroup var variantOptions: VariantOptions

  private enum Part: String, CaseIterable {
    case dropout, penalties, sizes, rescaling, weights, firstEpoch = "first-epoch"
  }

  func run() throws {
    let parts = try variantOptions.chosen(from: Part.allCases, name: \.rawValue)
    let run = try ChapterRun(
      "chapter4-overfitting-experiments", section: "4.4", title: "which remedy helps most?",
      options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin
    let original = Network(name: "original", title: "original, stopped early")
    for part in parts where !run.isInterrupted {
      switch part {
      case .dropout:
        try compare(
          "Rate of dropout", run, train, test,
          [original]
            + [0.1, 0.3, 0.5, 0.8].map { (rate: Float) in
              Network(name: "dropout", title: "dropout \(rate)", dropout: rate)
            })
      case .penalties:
        try compare(
          "Strength of the penalties", run, train, test,
          [original]
            + [0.0001, 0.001, 0.01].map { (strength: Float) in
              Network(name: "l2", title: "L2 \(strength)", regularizer: .l2(strength))
            }
            + [0.00001, 0.0001, 0.001].map { (strength: Float) in
              Network(name: "l1", title: "L1 \(strength)", regularizer: .l1(strength))
            })
      case .sizes:
        try compare(
          "Size, and remedies together", run, train, test,
          [
            original, Network(name: "smaller", title: "4 units", units: 4),
            Network(name: "wider", title: "64 units", units: 64),
            Network(
              name: "both", title: "dropout 0.5 and L2 0.0001", regularizer: .l2(0.0001),
              dropout: 0.5),
          ])
      case .rescaling: try compareRescaling(run, train, test)
      case .weights: try compareInitialWeights(run, train, test)
      case .firstEpoch: try explainFirstEpoch(run, train)
      }
    }
    try run.finish()
  }

  private func compare(
    _ title: String, _ run: ChapterRun, _ train: Reviews, _ test: Reviews, _ networks: [Network]
  ) throws {
    try run.compare(
      title, of: "test accuracy", networks, seeds: seedOptions.count(options), name: \.title
    ) { network, seed, watch in
      try Double(
        tested(network.model(seed: seed), train, test, watch).accuracy)
    }
  }

  /// Trains a network until its loss on held-out reviews has not fallen for three epochs, and tests its best weights.
  func tested(
    _ model: Model, _ train: Reviews, _ test: Reviews, _ watch: any Callback
  ) throws -> Evaluation {
    let (held, partial) = train.split(at: train.count * 2 / 5)
    try model.fit(
      partial.x, partial.y, epochs: options.epochs(book: 40, quick: 3),
      batchSize: options.batchSize(book: 512), validation: (held.x, held.y),
      callbacks: [EarlyStopping(patience: 3, restoresBestWeights: true), watch])
    return model.evaluate(test.x, test.y)
  }
}
