import Datasets
import DeepLearning
import Gallery

/// Section 6.1.2: word vectors that are learned together with the task.
enum LearnedEmbedding {
  /// How many words of each review are looked at: the last ones, as Keras cuts at the start.
  static let length = 20

  /// 8 numbers for each of 10,000 words, and a probability from the 160 numbers of a review: 80,161 parameters.
  static func model(length: Int = length, seed: UInt64) -> Sequential {
    let model = Sequential(input: [length], seed: seed) {
      Embedding(10_000, 8)
      Flatten()
      Dense(1, activation: .sigmoid)
    }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// Trains on the first four fifths of the reviews, watches the last, and returns the vectors of the words.
  static func train(on reviews: Reviews, _ run: ChapterRun) throws -> WordVectors {
    let options = run.options
    let model = model(seed: options.seed)
    let epochs = options.epochs(book: 10, quick: 5)
    let (partial, held) = reviews.split(at: reviews.count * 4 / 5)
    print("An embedding that is learned, \(epochs) epochs on \(partial.count) reviews\n")
    print(model.summary())
    let history = try model.fit(
      partial.sequences(length: length), partial.y, epochs: epochs,
      batchSize: options.batchSize(book: 32),
      validation: (held.sequences(length: length), held.y), callbacks: run.callbacks())
    run.add(history)
    run.add(weightsOf: model)
    run.addLoss(
      of: history, as: "learned-loss", remark: ", 20 words of each review", book: nil)
    run.addAccuracy(
      of: history, as: "learned-accuracy", remark: ", 20 words of each review", book: nil)
    if let best = history.epochOfMinimum("val_loss"), let last = history["val_acc"].last {
      run.result(
        "learned: best validation accuracy", book: 0.7594, here: history["val_acc"].max() ?? .nan,
        better: .higher, tolerance: 0.02)
      run.result(
        "learned: last validation accuracy", book: 0.7554, here: last, better: .higher,
        tolerance: 0.02)
      run.result(
        "learned: lowest validation loss", book: 0.4905, here: history["val_loss"][best - 1],
        better: .lower, tolerance: 0.025)
      run.result(
        "learned: its epoch", book: 4, here: Double(best), better: .lower, tolerance: 1.5)
    }
    return vectors(of: model, reviews)
  }

  /// The learned vectors of the 5,000 most frequent words; rarer ones have hardly moved from where chance put them.
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
