import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// What matters when a network reads: the cell, how much it reads, in which order, and the LSTM's small print?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter6-imdb-rnn",
    "Cells and lengths, order without the book's confounds, the LSTM's details.",
    discussion: """
      Each network is trained until its validation loss has not fallen for three epochs, 10 at \
      most; its best weights are tested. Says which differences exceed what another seed would \
      change.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions
  @OptionGroup var variantOptions: VariantOptions

  /// The questions that can be asked alone.
  enum Table: String, CaseIterable {
    case cells, order, details
  }

  private func tables() throws -> [Table] {
    try variantOptions.chosen(from: Table.allCases, name: \.rawValue)
  }

  func validate() throws { _ = try tables() }

  func run() throws {
    let run = try ChapterRun(
      "chapter6-imdb-rnn-experiments", section: "6.2", title: "what matters in reading?", options)
    let (train, test) = try options.loadReviews(quick: 500)
    run.data = train.origin
    let whole = Chapter6IMDBRNN.length(options)
    for table in try tables() {
      switch table {
      case .cells:
        for length in options.quick ? [10, whole] : [50, 100, 200, whole] {
          try compare(
            "Cells that read the last \(length) words", run, train, test, length, Self.cells)
        }
      case .order:
        try compare(
          "Order, with and without the book's confounds", run, train, test, whole, Self.orders)
      case .details: try compare("Details of the cells", run, train, test, whole, Self.details)
      }
    }
    try run.finish()
  }

  private static let cells = [
    network("LSTM"), network("SimpleRNN") { SimpleRNN(32) }, network("GRU") { GRU(32) },
  ]

  /// Turning, the words that are kept and the size of the embedding, one at a time.
  private static let orders = [
    network("last words, forwards"),
    network("last words, backwards", isReversed: true),
    network("first words, forwards", kept: .start),
    network("first words, backwards", isReversed: true, kept: .start),
    network("last words, forwards, embedding 128", embedding: 128),
    network(
      "first words, backwards, embedding 128 (book)", embedding: 128, isReversed: true,
      kept: .start),
    network("last words, both ways") { Bidirectional(LSTM(32)) },
    network("last words, both ways, zeros masked", masksZero: true) { Bidirectional(LSTM(32)) },
    network("first words, both ways (book)", isReversed: true, kept: .start) {
      Bidirectional(LSTM(32))
    },
  ]

  private static let details = [
    network("LSTM"),
    network("LSTM, forget bias 0") { LSTM(32, unitForgetBias: false) },
    network("LSTM, sigmoid gates") { LSTM(32, gates: .sigmoid) },
    network("LSTM, zeros masked", masksZero: true),
    network("SimpleRNN") { SimpleRNN(32) },
    network("SimpleRNN, zeros masked", masksZero: true) { SimpleRNN(32) },
  ]

  private static func network(
    _ title: String, embedding: Int = 32, masksZero: Bool = false, isReversed: Bool = false,
    kept: SequenceEnd = .end, _ recurrent: @escaping @Sendable () -> Layer = { LSTM(32) }
  ) -> ReviewNetwork {
    ReviewNetwork(title: title, isReversed: isReversed, kept: kept) {
      Embedding(10_000, embedding, masksZero: masksZero)
      recurrent()
    }
  }

  private func compare(
    _ title: String, _ run: ChapterRun, _ train: Reviews, _ test: Reviews, _ length: Int,
    _ networks: [ReviewNetwork]
  ) throws {
    let epochs = options.epochs(book: 10, quick: 1)
    let batchSize = Chapter6IMDBRNN.batchSize(options)
    try run.compare(
      title, of: "test accuracy", networks, seeds: seedOptions.count(options), name: \.title
    ) { network, seed, watch in
      let model = network.model(length: length, seed: seed)
      try network.train(
        model, on: train, length: length, epochs: epochs, batchSize: batchSize,
        callbacks: [EarlyStopping(patience: 2, restoresBestWeights: true), watch])
      return Double(
        model.evaluate(network.sequences(of: test, length: length), test.y).accuracy)
    }
  }
}
