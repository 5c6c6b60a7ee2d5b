import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery

/// The questions that section 6.1 leaves open: which words to look at, what 200 samples are worth, from how many on
/// vectors of one's own are better, and what the hashing trick costs.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter6-word-vectors",
    "First or last words, draws of 200 samples, more samples, hash collisions.",
    discussion: """
      Each with several seeds; says which differences are more than what another seed alone would \
      change.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter6-word-vectors-experiments", section: "6.1", title: "what are word vectors worth?",
      options)
    let (train, test) = try options.loadReviews()
    let texts = try ReviewTexts(options)
    run.data = texts.origin
    let pretrained = try PretrainedVectors(for: texts, options)
    pretrained.announce(run)

    try compareWords(train, test, run)
    try compareDraws(texts, pretrained, run)
    try compareSizes(texts, pretrained, run)
    try compareHashes(texts, run)
    try run.finish()
  }

  func seeds(_ usual: Int = 5) -> Int { seedOptions.seeds ?? (options.quick ? 2 : usual) }

  // MARK: Which words

  /// The first or the last words of each review, and how many.
  private func compareWords(_ train: Reviews, _ test: Reviews, _ run: ChapterRun) throws {
    struct Part: Sendable {
      let length: Int
      let cutting: SequenceEnd
      var name: String { "\(cutting == .start ? "last" : "first") \(length) words" }
    }
    let (partial, held) = train.split(at: train.count * 4 / 5)
    let lengths = options.quick ? [20] : [20, 50, 100, 200]
    let parts = lengths.flatMap { length in
      [SequenceEnd.start, .end].map { Part(length: length, cutting: $0) }
    }
    let (epochs, batchSize) = (options.epochs(book: 10, quick: 2), options.batchSize(book: 32))
    try run.compare(
      "Which words of a review", of: "test accuracy", parts, seeds: seeds(), name: \.name
    ) { part, seed, watch in
      func rows(_ reviews: Reviews) -> Samples {
        reviews.sequences(length: part.length, truncating: part.cutting)
      }
      let model = LearnedEmbedding.model(length: part.length, seed: seed)
      try model.fit(
        rows(partial), partial.y, epochs: epochs, batchSize: batchSize,
        validation: (rows(held), held.y),
        callbacks: [EarlyStopping(patience: 2, restoresBestWeights: true), watch])
      return Double(model.evaluate(rows(test), test.y).accuracy)
    }
  }

  // MARK: Draws of 200 reviews

  /// Another 200 reviews for each seed, with vectors that are frozen, that learn, that come from the unlabelled reviews,
  /// or that are the network's own.
  private func compareDraws(
    _ texts: ReviewTexts, _ pretrained: PretrainedVectors, _ run: ChapterRun
  ) throws {
    let words = texts.words
    let domestic = PretrainedVectors.fromReviews(texts)
      .embedding(rows: ReviewTexts.vocabulary) { words[$0] }
    let starts: [(name: String, network: FewSamplesVariant, embedding: Tensor)] = [
      ("\(pretrained.name), frozen", .pretrained, pretrained.embedding),
      ("\(pretrained.name), unfrozen", .unfrozen, pretrained.embedding),
      ("from the reviews' own words, frozen", .pretrained, domestic),
      ("learned from the 200", .fromScratch, pretrained.embedding),
    ]
    let draws = seeds(20)
    let test = texts.samples(of: texts.test, 0..<texts.test.count)
    let (epochs, batchSize) = (options.epochs(book: 10, quick: 2), options.batchSize(book: 32))
    let title = "\(draws) draws of 200 reviews, \(epochs) epochs each"
    let values = try run.measure(title, starts, seeds: draws) { start, seed, watch in
      var random = RandomGenerator(seed: seed)
      let train = texts.samples(
        of: texts.train, random.permutation(texts.train.count).prefix(200))
      let model = start.network.model(start.embedding, seed: seed)
      try model.fit(
        train.x, train.y, epochs: epochs, batchSize: batchSize, callbacks: [watch])
      return Double(model.evaluate(test.x, test.y).accuracy)
    }
    let results = zip(starts, values).map { (name: $0.name, values: $1) }
    run.add(SeedComparison(of: "test accuracy", results).table, titled: title)
    for (name, values) in results where !values.isEmpty {
      let range = [values.min(), values.max()].map(ResultTable.number).joined(separator: " to ")
      run.note("\(name): \(range)")
    }
    run.add(
      Figure(title: "Test accuracy after other draws of 200 reviews", x: "Draw", y: "Test accuracy")
      {
        for (name, values) in results { Dots(values, name) }
      }, as: "draws")
  }

  // MARK: More reviews

  /// From how many reviews on is an embedding of one's own better?
  private func compareSizes(
    _ texts: ReviewTexts, _ pretrained: PretrainedVectors, _ run: ChapterRun
  ) throws {
    struct Task: Sendable {
      let network: FewSamplesVariant
      let size: Int
    }
    let largest = texts.train.count * 3 / 5
    let sizes = (options.quick ? [200, 1_000] : [200, 500, 1_000, 2_000, 5_000, 10_000, 15_000])
      .filter { $0 <= largest }
    let networks: [FewSamplesVariant] = [.pretrained, .fromScratch, .unfrozen]
    let tasks = networks.flatMap { network in sizes.map { Task(network: network, size: $0) } }
    let test = texts.samples(of: texts.test, 0..<texts.test.count)
    let (epochs, batchSize) = (options.epochs(book: 10, quick: 2), options.batchSize(book: 32))
    let title = "How many reviews, the epoch of the lowest validation loss kept"
    let values = try run.measure(title, tasks, seeds: seeds()) { task, seed, watch in
      var random = RandomGenerator(seed: seed)
      let order = random.permutation(texts.train.count)
      let train = texts.samples(of: texts.train, order.prefix(task.size))
      let held = texts.samples(of: texts.train, order.suffix(order.count - largest))
      let model = task.network.model(pretrained.embedding, seed: seed)
      try model.fit(
        train.x, train.y, epochs: epochs, batchSize: batchSize, validation: (held.x, held.y),
        callbacks: [EarlyStopping(patience: 3, restoresBestWeights: true), watch])
      return Double(model.evaluate(test.x, test.y).accuracy)
    }
    let curves = networks.indices.map { values[$0 * sizes.count..<($0 + 1) * sizes.count] }
      .map(Array.init)
    addTable(of: curves, sizes, pretrained.name, titled: title, run)
    run.add(
      Figure(
        title: "Test accuracy by the number of reviews", x: "Reviews to learn from",
        y: "Test accuracy", names: sizes.map(String.init), footnote: pretrained.footnote
      ) {
        for (network, curve) in zip(networks, curves) {
          Band(curve.map { $0.min() ?? .nan }, curve.map { $0.max() ?? .nan })
          Line(curve.map(Statistics.mean), network.name(pretrained.name))
        }
      }, as: "sizes")
  }

  private func addTable(
    of curves: [[[Double]]], _ sizes: [Int], _ vectors: String, titled title: String,
    _ run: ChapterRun
  ) {
    var table = ResultTable(
      "reviews", "runs", vectors, "± sd", "without GloVe", "± sd", "p", "\(vectors), unfrozen",
      "± sd", words: 0)
    let p = Statistics.holmCorrection(
      sizes.indices.map { Statistics.welchTest(curves[0][$0], curves[1][$0]) })
    for (place, size) in sizes.enumerated() {
      func cells(_ values: [Double]) -> [String] {
        [Statistics.mean(values), Statistics.standardDeviation(values)].map(ResultTable.number)
      }
      table.add(
        ["\(size)", "\(curves[0][place].count)"] + cells(curves[0][place])
          + cells(curves[1][place])
          + [p[place] < 0.001 ? "<0.001" : ResultTable.number(p[place])] + cells(curves[2][place]))
    }
    run.add(table, titled: title)
  }
}
