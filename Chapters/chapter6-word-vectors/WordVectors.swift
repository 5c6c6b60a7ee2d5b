// Section 6.1: how words become numbers that a network can learn from.
//
// First by hand: one-hot vectors, with a dictionary and by hashing. Then vectors that are learned together with the
// task: an embedding in front of a classifier of film reviews, which sees 20 words of each. Last, vectors that others
// have learned from six billion words (GloVe), for a task of which there are only 200 samples, and the same network
// without them.

import Datasets
import DeepLearning

// MARK: - 6.1.1 One-hot encoding

/// The book's two sentences as numbers, in four ways.
struct ToyEncodings {
  let samples = ["The cat sat on the mat.", "The dog ate my homework."]
  /// The words, as they are separated by blanks.
  let tokens: [[String]]
  let words: TokenIndex<String>
  /// By the 100 printable characters.
  let characters: TokenIndex<Unicode.Scalar>
  /// In lower case and without punctuation.
  var tokenizer = KerasTokenizer(words: 1000)
  let hashing = HashingTrick(dimension: 1000)

  /// Python's `string.printable`: digits, letters, punctuation, blanks.
  private static let printable =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\u{b}\u{c}"

  init() {
    tokens = samples.map { $0.split(separator: " ").map(String.init) }
    words = TokenIndex(tokens.joined())
    characters = TokenIndex(Self.printable.unicodeScalars)
    tokenizer.fit(on: samples)
  }

  /// Listing 6.1: `[2, 10, words + 1]`.
  var oneHotWords: Tensor {
    .oneHot(tokens.map(words.numbers), length: 10, depth: words.count + 1)
  }

  /// Listing 6.2: `[2, 50, characters + 1]`.
  var oneHotCharacters: Tensor {
    .oneHot(
      samples.map { characters.numbers(of: $0.unicodeScalars) }, length: 50,
      depth: characters.count + 1)
  }

  /// Listing 6.3: words as Keras' Tokenizer takes them, `[2, 1000]`.
  var binaryMatrix: Tensor { tokenizer.binaryMatrix(of: samples) }

  /// Listing 6.4: the place of a word is a hash of its letters; `[2, 10, 1000]`.
  var hashedWords: Tensor {
    .oneHot(tokens.map { $0.map { hashing[$0] } }, length: 10, depth: hashing.dimension)
  }
}

// MARK: - 6.1.2 Word embeddings

/// Word vectors that are learned together with the task.
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

  /// Trains on the first four fifths of the reviews, and watches the last.
  static func train(
    _ model: Model, on reviews: Reviews, epochs: Int = 10, batchSize: Int = 32,
    callbacks: [any Callback]
  ) throws -> History {
    let (partial, held) = reviews.split(at: reviews.count * 4 / 5)
    return try model.fit(
      partial.sequences(length: length), partial.y, epochs: epochs, batchSize: batchSize,
      validation: (held.sequences(length: length), held.y), callbacks: callbacks)
  }
}

// MARK: - 6.1.3 Pretrained word embeddings

/// The two networks that learn from 200 reviews, of each its last 100 words.
enum FewSamples: String, CaseIterable, Sendable {
  /// With pretrained vectors that stay as they are.
  case pretrained = "glove"
  /// With vectors of its own, which it learns.
  case fromScratch = "without-glove"

  /// An embedding, 32 units and a probability: 1,320,065 parameters with vectors of 100 numbers.
  ///
  /// - Parameter embedding: the pretrained vectors, `[words, dimension]`.
  func model(_ embedding: Tensor, seed: UInt64) -> Sequential {
    let vectors = Embedding(embedding.shape[0], embedding.shape[1])
    let model = Sequential(input: [100], seed: seed) {
      vectors
      Flatten()
      Dense(32, activation: .relu)
      Dense(1, activation: .sigmoid)
    }
    if self == .pretrained {
      vectors.embeddings?.value = embedding
      vectors.isTrainable = false
    }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }
}
