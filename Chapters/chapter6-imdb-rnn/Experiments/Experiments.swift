import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// What matters when a network reads: the cell, how much it reads, in which order, and the LSTM's small print?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cells and lengths, order without the book's confounds, the LSTM's details.",
    usage: "chapter6-imdb-rnn experiments [options]",
    discussion: """
      Each network is trained until its validation loss has not fallen for three epochs, 10 at most; \
      its best weights are tested. Takes about an hour. Says which differences exceed what another seed \
      would change.
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
    let (train, test) = try options.loadReviews()
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
    ReviewNetwork(title: "LSTM") {
      Embedding(10_000, 32)
      LSTM(32)
    },
    ReviewNetwork(title: "SimpleRNN") {
      Embedding(10_000, 32)
      SimpleRNN(32)
    },
    ReviewNetwork(title: "GRU") {
      Embedding(10_000, 32)
      GRU(32)
    },
  ]

  /// Turning, the words that are kept and the size of the embedding, one at a time.
  private static let orders = [
    ReviewNetwork(title: "last words, forwards") {
      Embedding(10_000, 32)
      LSTM(32)
    },
    ReviewNetwork(title: "last words, backwards", isReversed: true) {
      Embedding(10_000, 32)
      LSTM(32)
    },
    ReviewNetwork(title: "first words, forwards", kept: .start) {
      Embedding(10_000, 32)
      LSTM(32)
    },
    ReviewNetwork(title: "first words, backwards", isReversed: true, kept: .start) {
      Embedding(10_000, 32)
      LSTM(32)
    },
    ReviewNetwork(title: "last words, forwards, embedding 128") {
      Embedding(10_000, 128)
      LSTM(32)
    },
    ReviewNetwork(
      title: "first words, backwards, embedding 128 (book)", isReversed: true, kept: .start
    ) {
      Embedding(10_000, 128)
      LSTM(32)
    },
    ReviewNetwork(title: "last words, both ways") {
      Embedding(10_000, 32)
      Bidirectional(LSTM(32))
    },
    ReviewNetwork(title: "last words, both ways, zeros masked") {
      Embedding(10_000, 32, masksZero: true)
      Bidirectional(LSTM(32))
    },
    ReviewNetwork(title: "first words, both ways (book)", isReversed: true, kept: .start) {
      Embedding(10_000, 32)
      Bidirectional(LSTM(32))
    },
  ]

  private static let details = [
    ReviewNetwork(title: "LSTM") {
      Embedding(10_000, 32)
      LSTM(32)
    },
    ReviewNetwork(title: "LSTM, forget bias 0") {
      Embedding(10_000, 32)
      LSTM(32, unitForgetBias: false)
    },
    ReviewNetwork(title: "LSTM, sigmoid gates") {
      Embedding(10_000, 32)
      LSTM(32, gates: .sigmoid)
    },
    ReviewNetwork(title: "LSTM, zeros masked") {
      Embedding(10_000, 32, masksZero: true)
      LSTM(32)
    },
    ReviewNetwork(title: "SimpleRNN") {
      Embedding(10_000, 32)
      SimpleRNN(32)
    },
    ReviewNetwork(title: "SimpleRNN, zeros masked") {
      Embedding(10_000, 32, masksZero: true)
      SimpleRNN(32)
    },
  ]

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
