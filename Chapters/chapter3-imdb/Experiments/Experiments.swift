import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// The section's suggestions for going on: other depths, widths, activations, losses and vocabularies.
///
/// Each network is trained with several seeds on the reviews of run A until its validation loss has not
/// fallen for two epochs, and its best weights are tested. The runs are independent, so each core
/// takes one at a time.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter3-imdb",
    "Vary depth, width, activation, loss and vocabulary, each with several seeds.",
    discussion: "Says which differences are more than what another seed alone would change.")

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter3-imdb-experiments", section: "3.4", title: "which choices matter?", options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin

    let book = Variant()
    try compare(
      "Depth and width, with relu and tanh, cross-entropy and squared error", run, train, test,
      [book] + grid(except: book))
    try compare("No hidden layer at all", run, train, test, [book, Variant(layers: 0)])
    try compare(
      "Size of the vocabulary", run, train, test,
      [book] + [2_000, 5_000, 20_000].map { Variant(words: $0) })
    try run.finish()
  }

  /// A network that differs from the book's in some respect.
  private struct Variant: Equatable, Sendable {
    var layers = 2
    var units = 16
    var activation = Activation.relu
    var loss = Loss.binaryCrossEntropy
    var words = 10_000

    var name: String {
      if layers == 0 { return "linear" }
      let error = loss == .binaryCrossEntropy ? "cross-entropy" : "squared error"
      let vocabulary = words == 10_000 ? "" : ", \(words) words"
      return "\(layers) x \(units) \(activation.rawValue), \(error)\(vocabulary)"
    }

    func network(seed: UInt64) -> Sequential {
      let model = Sequential(input: [words], seed: seed) {
        for _ in 0..<layers { Dense(units, activation: activation) }
        Dense(1, activation: .sigmoid)
      }
      model.compile(optimizer: RMSprop(), loss: loss, metrics: [.accuracy])
      return model
    }
  }

  private func grid(except book: Variant) -> [Variant] {
    var variants: [Variant] = []
    for loss in [Loss.binaryCrossEntropy, .meanSquaredError] {
      for activation in [Activation.relu, .tanh] {
        for layers in 1...3 {
          for units in options.quick ? [16] : [16, 32, 64] {
            variants.append(
              Variant(layers: layers, units: units, activation: activation, loss: loss))
          }
        }
      }
    }
    return variants.filter { $0 != book }
  }

  /// Trains each variant with each seed, and prints how far they differ from the first.
  private func compare(
    _ title: String, _ run: ChapterRun, _ train: Reviews, _ test: Reviews, _ variants: [Variant]
  ) throws {
    let epochs = options.epochs(book: 20, quick: 3)
    let batchSize = options.batchSize(book: 512)
    try run.compare(
      title, of: "test accuracy", variants, seeds: seedOptions.count(options), name: \.name
    ) { variant, seed, watch in
      let (held, partial) = train.limited(toWords: variant.words).split(at: train.count * 2 / 5)
      let test = test.limited(toWords: variant.words)
      let model = variant.network(seed: seed)
      try model.fit(
        partial.x, partial.y, epochs: epochs, batchSize: batchSize,
        validation: (held.x, held.y),
        callbacks: [EarlyStopping(patience: 2, restoresBestWeights: true), watch])
      return Double(model.evaluate(test.x, test.y).accuracy)
    }
  }
}
