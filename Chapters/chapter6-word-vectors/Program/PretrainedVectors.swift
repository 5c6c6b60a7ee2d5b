import DataFiles
import Datasets
import DeepLearning
import Gallery

/// Vectors that were not learned from the labels at hand: GloVe's or, where it cannot be had, a stand-in.
struct PretrainedVectors {
  let vectors: WordVectors
  let origin: DataOrigin
  /// The vectors of the vocabulary as weights: shape [10,000, dimension].
  let embedding: Tensor

  init(for texts: ReviewTexts, _ options: RunOptions) throws {
    let words = texts.words
    // A rehearsal is not worth a download of 862 MB.
    let found = try GloVe.load(
      words.compactMap { $0 }, from: options.location, offline: options.offline || options.quick)
    (vectors, origin) = found ?? Self.standIn(texts)
    let vectors = vectors
    embedding = vectors.embedding(rows: ReviewTexts.vocabulary) { words[$0] }
  }

  /// Whether the book's network is the same here, with vectors of 100 numbers from GloVe.
  var isTheBooks: Bool { origin.kind == .official && vectors.dimension == 100 }

  /// What to call the vectors.
  var name: String {
    if origin.kind == .standIn { return "stand-in for GloVe" }
    return vectors.dimension == 100 ? "GloVe" : "GloVe of \(vectors.dimension) numbers"
  }

  /// Why what comes of them is not to be judged by the book's numbers; nil for the book's vectors.
  var reservation: String? {
    if isTheBooks { return nil }
    return origin.kind == .standIn ? name : "\(name) (\(origin.kind.rawValue))"
  }

  /// What figures must tell of them; nil for the book's vectors.
  var footnote: String? {
    reservation.map { "Vectors: \($0), not the book's." }
  }

  func announce(_ run: ChapterRun) {
    run.note("\nvectors: \(origin.name), \(origin.kind.rawValue): \(origin.detail)")
    let share = 100 * Double(vectors.count) / Double(ReviewTexts.vocabulary - 1)
    run.note(
      "\(vectors.count) of the \(ReviewTexts.vocabulary - 1) words (\(ResultTable.number(share))%) "
        + "have a vector; the others get zeros.")
    if !isTheBooks {
      run.note(
        "The book's vectors are GloVe's of 100 numbers, so what is measured with these stands beside the book's "
          + "numbers without a verdict.")
    }
  }

  /// Vectors of 50 numbers from which words stand beside which in the very reviews.
  static func fromReviews(_ texts: ReviewTexts) -> WordVectors {
    let train = texts.train
    let sequences = (0..<train.count).map { train.ranks($0, below: ReviewTexts.vocabulary) }
    return WordVectors(cooccurrencesIn: sequences, words: texts.words)
  }

  private static func standIn(_ texts: ReviewTexts) -> (WordVectors, DataOrigin) {
    let vectors = fromReviews(texts)
    return (
      vectors,
      DataOrigin(
        name: "GloVe", kind: .standIn,
        detail:
          "vectors of \(vectors.dimension) numbers derived from which words stand beside which in these reviews, "
          + "not GloVe's. `swift run fetch-data glove` fetches those.",
        trainSamples: vectors.count, testSamples: 0)
    )
  }
}
