import Datasets
import DeepLearning
import Foundation
import Gallery

extension Experiments {
  /// How many words share their number with another one, and what that costs a linear classifier.
  func compareHashes(_ texts: ReviewTexts, _ run: ChapterRun) throws {
    let words = (1...max(texts.train.distinctWords, 1)).compactMap { texts.train.word(ofRank: $0) }
    let dimensions = [250, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 250_000]
    var table = ResultTable("numbers", "of \(words.count) words share theirs", "expected", words: 0)
    for dimension in dimensions {
      let share =
        Double(HashingTrick(dimension: dimension).collisions(among: words)) / Double(words.count)
      // A word is alone if none of the others falls on its number.
      let expected = 1 - pow(1 - 1 / Double(dimension), Double(words.count - 1))
      table.add(
        [dimension.description]
          + [share, expected].map { ResultTable.number($0 * 100) + "%" })
    }
    run.add(table, titled: "Hash collisions")

    let shown = options.quick ? [nil, 500] : [nil] + dimensions.prefix(7).map(Optional.init)
    // Encoded once for all seeds.
    let halves = try Parallel.map(shown.count) { place in
      [texts.train, texts.test].map { Self.rows($0, words, shown[place]) }
    }
    let (epochs, batchSize) = (options.epochs(book: 20, quick: 2), options.batchSize(book: 512))
    let (partial, held) = texts.train.split(at: texts.train.count * 4 / 5)
    try run.compare(
      "Reviews by hashed words, linear classifier", of: "test accuracy", Array(shown.indices),
      seeds: seeds(),
      name: { shown[$0].map { "\($0) numbers by hash" } ?? "10000 words by dictionary" }
    ) { place, seed, watch in
      let (train, test) = (halves[place][0], halves[place][1])
      let model = Sequential(input: [train.columns], seed: seed) {
        Dense(1, activation: .sigmoid)
      }
      model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
      try model.fit(
        train[0..<partial.count], partial.y, epochs: epochs, batchSize: batchSize,
        validation: (train[partial.count..<train.count], held.y),
        callbacks: [EarlyStopping(patience: 2, restoresBestWeights: true), watch])
      return Double(model.evaluate(test, texts.test.y).accuracy)
    }
  }

  /// Reviews as rows with a 1 for each number that one of their words has by the hash; without a dimension for each of
  /// the 10,000 most frequent words.
  private static func rows(_ half: Reviews, _ words: [String], _ dimension: Int?) -> SparseRows {
    guard let dimension else { return half.x }
    let hashing = HashingTrick(dimension: dimension)
    let places = words.map { hashing[$0] }
    return SparseRows(
      multiHot: (0..<half.count).map { review in
        half.ranks(review, below: places.count + 1).map { places[Int($0) - 1] }
      }, columns: dimension)
  }
}
