import DataFiles
import Datasets
import DeepLearning
import Gallery

/// The reviews as the section's network reads them: the first four fifths of the training reviews to learn from, the last
/// to watch, and those for testing.
struct ReviewSet: Sendable {
  /// Sequences of ids and their labels.
  typealias Part = (x: Samples, y: Tensor)

  let partial: Part
  let held: Part
  let test: Part
  let origin: DataOrigin
  let length: Int
  let batchSize: Int
  /// The words of the embedding's rows.
  let vocabulary: [String]

  /// - Parameter few: how many reviews of either half in a quick run.
  init(_ options: RunOptions, quick few: Int = 1_000) throws {
    let (train, test) = try options.loadReviews(quick: few)
    let length = options.quick ? 100 : WatchedReviews.length
    func part(_ reviews: Reviews) -> Part {
      (reviews.limited(toWords: WatchedReviews.words).sequences(length: length), reviews.y)
    }
    // As validation_split: 0.2.
    let (partial, held) = train.split(at: train.count * 4 / 5)
    (self.partial, self.held, self.test) = (part(partial), part(held), part(test))
    origin = train.origin
    self.length = length
    // In a rehearsal on few reviews small batches make up for it.
    batchSize = options.batchSize(book: options.quick ? 32 : 128)
    vocabulary = WatchedReviews.vocabulary(of: train)
  }
}
