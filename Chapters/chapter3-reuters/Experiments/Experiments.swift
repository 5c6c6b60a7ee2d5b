import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// How much of what the bottleneck costs is its width, and how much the smaller batch it is trained with?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter3-reuters",
    "Vary the width of the middle layer, the batch size and the activation.",
    discussion: """
      The book changes width and batch size at once. Here each is varied alone, with several \
      seeds, for equal epochs; the best validation accuracy counts, as in the book.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter3-reuters-experiments", section: "3.5", title: "what does a bottleneck cost?",
      options)
    let (train, _) = try options.loadNewswires()
    run.data = train.origin
    let widths = options.quick ? [64, 4] : [64, 32, 16, 8, 4, 2]
    for batchSize in [512, 128] {
      try compare(
        "Width of the middle layer, batches of \(batchSize)", run, train,
        widths.map { Variant(width: $0, batchSize: batchSize) })
    }
    try compare(
      "A bottleneck of 4 units with and without relu, batches of 128", run, train,
      [
        Variant(width: 4, batchSize: 128),
        Variant(width: 4, batchSize: 128, activation: .linear),
        Variant(width: 4, batchSize: 128, activation: .tanh),
      ])
    try run.finish()
  }

  private struct Variant: Sendable {
    let width: Int
    let batchSize: Int
    var activation = Activation.relu

    var name: String { "\(width) units, \(activation.rawValue), batches of \(batchSize)" }

    func network(topics: Int, seed: UInt64) -> Sequential {
      let model = Sequential(input: [10_000], seed: seed) {
        Dense(64, activation: .relu)
        Dense(width, activation: activation)
        Dense(topics, activation: .softmax)
      }
      model.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
      return model
    }
  }

  private func compare(
    _ title: String, _ run: ChapterRun, _ train: Newswires, _ variants: [Variant]
  ) throws {
    let epochs = options.epochs(book: 20, quick: 4)
    let (held, partial) = train.split(at: min(1_000, train.count / 3))
    try run.compare(
      title, of: "best validation accuracy", variants, seeds: seedOptions.count(options),
      name: \.name
    ) { variant, seed, watch in
      let history = try variant.network(topics: train.topicCount, seed: seed).fit(
        partial.x, partial.labels, epochs: epochs, batchSize: variant.batchSize,
        validation: (held.x, held.labels), callbacks: [watch])
      return history["val_acc"].max().map(Double.init) ?? .nan
    }
  }
}
