import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter6WordVectors: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter6-word-vectors",
    "Turn words into vectors: one-hot, learned, pretrained (book section 6.1).",
    discussion: """
      Encodes two sentences by hand, learns word vectors from 20,000 film reviews, and classifies \
      reviews by way of GloVe after 200 samples.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter6-word-vectors", section: "6.1", title: "words become vectors", options)
    let (packaged, _) = try options.loadReviews()
    let texts = try ReviewTexts(options)
    let pretrained = try PretrainedVectors(for: texts, options)
    run.data = texts.origin

    ToyEncodings().show(run)
    let learned = try LearnedEmbedding.show(on: packaged, run)
    if run.isInterrupted { return try run.finish() }

    pretrained.announce(run)
    try trainOnFew(texts, pretrained, run)
    showNeighbours(pretrained.vectors, learned, run)
    WordMap.draw(pretrained, learned, run)
    try run.finish()
  }

  /// Section 6.1.3: 200 reviews to learn from, with GloVe and without.
  private func trainOnFew(
    _ texts: ReviewTexts, _ pretrained: PretrainedVectors, _ run: ChapterRun
  ) throws {
    let tokens = texts.train.distinctWords
    run.note("Found \(tokens) unique tokens in the training texts.")
    run.result(
      "unique tokens", book: 88_582, here: Double(tokens), better: .higher)
    var random = RandomGenerator(seed: options.seed)
    let order = random.permutation(texts.train.count)
    let train = texts.samples(of: texts.train, order.prefix(200))
    let held = texts.samples(of: texts.train, order.dropFirst(200).prefix(10_000))

    let epochs = options.epochs(book: 10, quick: 4)
    for network in FewSamples.allCases where !run.isInterrupted {
      let model = network.model(pretrained.embedding, seed: options.seed)
      print("\n\(network.title), \(epochs) epochs on \(train.y.count) reviews\n")
      print(model.summary())
      let history = try model.fit(
        train.x, train.y, epochs: epochs, batchSize: options.batchSize(book: 32),
        validation: (held.x, held.y), callbacks: run.callbacks())
      report(history, of: network, pretrained, run)
      guard network == .pretrained, !run.isInterrupted else { continue }
      run.add(weightsOf: model, as: "pre_trained_glove_model")
      let test = texts.samples(of: texts.test, 0..<texts.test.count)
      let evaluation = model.evaluate(test.x, test.y)
      run.result(
        "\(pretrained.name): test accuracy", book: 0.5366, here: evaluation.accuracy,
        better: .higher, reservation: pretrained.reservation)
      run.result(
        "\(pretrained.name): test loss", book: 0.9375, here: evaluation.loss, better: .lower,
        reservation: pretrained.reservation)
    }
  }

  private func report(
    _ history: History, of network: FewSamples, _ pretrained: PretrainedVectors, _ run: ChapterRun
  ) {
    run.add(history, as: "history-\(network.rawValue)")
    let isOwn = network == .fromScratch
    let (footnote, reservation) =
      isOwn ? (nil, nil) : (pretrained.footnote, pretrained.reservation)
    run.addLoss(
      of: history, as: "\(network.rawValue)-loss", remark: ", \(network.remark)",
      footnote: footnote, book: footnote == nil ? network.figures.loss : nil)
    run.addAccuracy(
      of: history, as: "\(network.rawValue)-accuracy", remark: ", \(network.remark)",
      footnote: footnote, book: footnote == nil ? network.figures.accuracy : nil)
    for (name, book, here) in [
      ("best", network.book.best, history["val_acc"].max()),
      ("last", network.book.last, history["val_acc"].last),
    ] {
      run.result(
        "\(network.name(pretrained.name)): \(name) validation accuracy", book: book,
        here: here ?? .nan, better: .higher, reservation: reservation)
    }
  }

  /// What stands near some words, in both kinds of vectors.
  private func showNeighbours(
    _ pretrained: WordVectors, _ learned: WordVectors, _ run: ChapterRun
  ) {
    var table = ResultTable(
      "word", "nearest in the pretrained vectors", "nearest in the learned embedding", words: 3)
    for word in ["awful", "wonderful", "worst", "excellent", "actor", "mother", "london", "seven"] {
      let columns = [pretrained, learned].map { vectors in
        vectors.neighbours(of: word, count: 5).map(\.word).joined(separator: ", ")
      }
      if columns != ["", ""] { table.add([word] + columns) }
    }
    run.add(table, titled: "The nearest words")
  }
}
