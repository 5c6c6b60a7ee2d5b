import Datasets
import DeepLearning
import Gallery

extension LearnedEmbedding {
  /// Trains, shows what came of it, and returns the vectors of the words.
  static func show(on reviews: Reviews, _ run: ChapterRun) throws -> WordVectors {
    let options = run.options
    let model = model(seed: options.seed)
    let epochs = options.epochs(book: 10, quick: 5)
    print("An embedding that is learned, \(epochs) epochs on \(reviews.count * 4 / 5) reviews\n")
    print(model.summary())
    let history = try train(
      model, on: reviews, epochs: epochs, batchSize: options.batchSize(book: 32),
      callbacks: run.callbacks())
    run.add(history)
    run.add(weightsOf: model)
    run.addLoss(
      of: history, as: "learned-loss", remark: ", 20 words of each review", book: nil,
      bookHistory: "history")
    run.addAccuracy(
      of: history, as: "learned-accuracy", remark: ", 20 words of each review", book: nil,
      bookHistory: "history")
    if let best = history.epochOfMinimum("val_loss"), let last = history["val_acc"].last {
      run.result(
        "learned: best validation accuracy", book: 0.7594, here: history["val_acc"].max() ?? .nan,
        better: .higher)
      run.result(
        "learned: last validation accuracy", book: 0.7554, here: last, better: .higher)
      run.result(
        "learned: lowest validation loss", book: 0.4905, here: history["val_loss"][best - 1],
        better: .lower)
      run.result(
        "learned: its epoch", book: 4, here: Double(best), better: .lower)
    }
    return vectors(of: model, reviews)
  }

  /// The learned vectors of the 5,000 most frequent words; rarer ones have hardly moved from their random start.
  private static func vectors(of model: Model, _ reviews: Reviews) -> WordVectors {
    guard let embeddings = model.weights.first?.value else {
      fail("The model has lost its embedding.")
    }
    let dimension = embeddings.shape[1]
    let ranks = (1...5_000).filter { reviews.word(ofRank: $0) != nil }
    let values = embeddings.scalars
    return WordVectors(
      words: ranks.compactMap { reviews.word(ofRank: $0) },
      // The packaged reviews put three ids that are no words in front.
      values: ranks.flatMap { values[($0 + 3) * dimension..<($0 + 4) * dimension] },
      dimension: dimension)
  }
}
