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

  @Option(help: "Which table to make: cells, order, details or all.")
  var table = Table.all

  /// The questions that can be asked alone.
  enum Table: String, CaseIterable, ExpressibleByArgument {
    case cells, order, details, all
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter6-imdb-rnn-experiments", section: "6.2", title: "what matters in reading?", options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin
    let whole = Chapter6IMDBRNN.length(options)
    if table == .all || table == .cells {
      for length in options.quick ? [10, whole] : [50, 100, 200, whole] {
        try compare(
          "Cells that read the last \(length) words", run, train, test, length, Self.cells)
      }
    }
    if table == .all || table == .order {
      try compare(
        "Order, with and without the book's confounds", run, train, test, whole, Self.orders)
    }
    if table == .all || table == .details {
      try compare("Details of the cells", run, train, test, whole, Self.details)
    }
    try run.finish()
  }

  private static let cells = [
    Network(title: "LSTM"), Network(title: "SimpleRNN", cell: .simpleRNN),
    Network(title: "GRU", cell: .gru),
  ]

  /// Turning, the words that are kept and the size of the embedding, one at a time.
  private static let orders = [
    Network(title: "last words, forwards"),
    Network(title: "last words, backwards", isReversed: true),
    Network(title: "first words, forwards", kept: .start),
    Network(title: "first words, backwards", isReversed: true, kept: .start),
    Network(title: "last words, forwards, embedding 128", embedding: 128),
    Network(
      title: "first words, backwards, embedding 128 (book)", embedding: 128, isReversed: true,
      kept: .start),
    Network(title: "last words, both ways", cell: .bidirectionalLSTM),
    Network(
      title: "last words, both ways, zeros masked", cell: .bidirectionalLSTM, masksZero: true),
    Network(
      title: "first words, both ways (book)", cell: .bidirectionalLSTM, isReversed: true,
      kept: .start),
  ]

  private static let details = [
    Network(title: "LSTM"),
    Network(title: "LSTM, forget bias 0", unitForgetBias: false),
    Network(title: "LSTM, sigmoid gates", gates: .sigmoid),
    Network(title: "LSTM, zeros masked", masksZero: true),
    Network(title: "SimpleRNN", cell: .simpleRNN),
    Network(title: "SimpleRNN, zeros masked", cell: .simpleRNN, masksZero: true),
  ]

  private func compare(
    _ title: String, _ run: ChapterRun, _ train: Reviews, _ test: Reviews, _ length: Int,
    _ networks: [Network]
  ) throws {
    let epochs = options.epochs(book: 10, quick: 1)
    let batchSize = Chapter6IMDBRNN.batchSize(options)
    let (partial, held) = train.split(at: train.count * 4 / 5)
    try run.compare(
      title, of: "test accuracy", networks, seeds: seedOptions.count(options), name: \.title
    ) { network, seed, watch in
      let model = network.model(length: length, seed: seed)
      try model.fit(
        network.sequences(of: partial, length: length), partial.y, epochs: epochs,
        batchSize: batchSize, validation: (network.sequences(of: held, length: length), held.y),
        callbacks: [EarlyStopping(patience: 2, restoresBestWeights: true), watch])
      return Double(
        model.evaluate(network.sequences(of: test, length: length), test.y).accuracy)
    }
  }
}
