import Datasets
import DeepLearning
import Gallery

/// A network that reads a review word by word, and in which form it gets the reviews.
struct Network: Sendable {
  /// What does the reading.
  enum Cell: Sendable {
    case simpleRNN, lstm, gru, bidirectionalLSTM
  }

  /// The book's numbers, all of the 5,000 reviews that are held out.
  struct Book: Sendable {
    let bestAccuracy: Double
    let lowestLoss: Double
    let lastAccuracy: Double
    /// How far other seeds lead: about twice the spread over seeds, and for the last epoch no less than the book's
    /// last epochs differ among themselves.
    let tolerance: (best: Double, lowest: Double, last: Double)
  }

  /// In lower case with hyphens, for files.
  var name = ""
  let title: String
  var cell = Cell.lstm
  /// The length of the vector that each word becomes.
  var embedding = 32
  /// Whether reviews are turned around, as in the book before they are cut.
  var isReversed = false
  /// Which of their words long reviews keep.
  var kept = SequenceEnd.end
  var gates = Activation.hardSigmoid
  var unitForgetBias = true
  /// Whether the zeros in front of short reviews are passed over instead of read.
  var masksZero = false
  var book: Book?
  /// The book's figures of loss and accuracy.
  var figures: (loss: String, accuracy: String)?

  /// The four of the book. The two of section 6.3 get turned reviews, and turned before they are cut: these keep
  /// their first 500 words, the others their last. Besides, one of the two has a larger embedding.
  static let book = [
    Network(
      name: "simple-rnn", title: "SimpleRNN", cell: .simpleRNN,
      book: Book(
        bestAccuracy: 0.846, lowestLoss: 0.3783, lastAccuracy: 0.8054,
        tolerance: (0.035, 0.055, 0.08)),
      figures: ("6.11", "6.12")),
    Network(
      name: "lstm", title: "LSTM",
      book: Book(
        bestAccuracy: 0.8928, lowestLoss: 0.302, lastAccuracy: 0.8758,
        tolerance: (0.015, 0.035, 0.04)),
      figures: ("6.16", "6.17")),
    Network(
      name: "reversed", title: "reversed LSTM", embedding: 128, isReversed: true, kept: .start,
      book: Book(
        bestAccuracy: 0.877, lowestLoss: 0.3329, lastAccuracy: 0.8566,
        tolerance: (0.015, 0.035, 0.03))),
    Network(
      name: "bidirectional", title: "bidirectional LSTM", cell: .bidirectionalLSTM,
      isReversed: true, kept: .start,
      book: Book(
        bestAccuracy: 0.8856, lowestLoss: 0.2972, lastAccuracy: 0.8792,
        tolerance: (0.015, 0.035, 0.03))),
  ]

  /// All names, for people.
  static var names: String { book.map(\.name).joined(separator: ", ") }

  /// The networks of a list such as `lstm,reversed`, in the book's order; all of them if there is no list.
  ///
  /// - Throws: `ValidationError` if a name is not known.
  static func named(_ list: String?) throws -> [Network] {
    try chosen(list, from: book, name: \.name, flag: "--models")
  }

  /// An embedding of 10,000 words, 32 recurrent units (32 in each direction if there are two) and a probability.
  func model(length: Int, seed: UInt64) -> Sequential {
    let model = Sequential(input: [length], seed: seed) {
      Embedding(10_000, embedding, masksZero: masksZero)
      switch cell {
      case .simpleRNN: SimpleRNN(32)
      case .lstm: LSTM(32, gates: gates, unitForgetBias: unitForgetBias)
      case .gru: GRU(32, gates: gates)
      case .bidirectionalLSTM:
        Bidirectional(LSTM(32, gates: gates, unitForgetBias: unitForgetBias))
      }
      Dense(1, activation: .sigmoid)
    }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// The reviews in the form that the network gets, zeros in front of short ones.
  func sequences(of reviews: Reviews, length: Int) -> Samples {
    // What is cut is an end of the review as the network meets it.
    let keepsLast = (kept == .end) != isReversed
    return reviews.sequences(
      length: length, truncating: keepsLast ? .start : .end, isReversed: isReversed)
  }
}
