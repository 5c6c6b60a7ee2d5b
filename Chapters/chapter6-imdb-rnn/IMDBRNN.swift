// Section 6.2 and the film reviews of 6.3: networks that read word by word.
//
// In section 3.4 a review was a set of words. Here it is a sequence: each word becomes a vector that is learned with
// the rest, and a recurrent layer takes in one after another, with a state that remembers. A simple recurrence
// forgets too soon to do as well as the set of words; an LSTM, which can carry things along unchanged, comes close to it
// without reaching it. Whether it reads forwards or backwards hardly matters.

import Datasets
import DeepLearning

// MARK: - 6.2 A recurrence by hand

/// The recurrence in a few lines, and by the layer.
///
/// 100 time steps of 32 numbers go in; 64 numbers go on from step to step and come out at each.
enum ByHand {
  static let (timeSteps, features, units) = (100, 32, 64)

  /// The numbers that a recurrence learns.
  struct Weights {
    let input, state, bias: Tensor

    /// Draws all numbers evenly from a range.
    init(in range: Range<Float>, using random: inout RandomGenerator) {
      input = .uniform([features, units], in: range, using: &random)
      state = .uniform([units, units], in: range, using: &random)
      bias = .uniform([units], in: range, using: &random)
    }
  }

  /// hₜ = tanh(xₜ·W + hₜ₋₁·U + b), beginning with h₀ = 0.
  ///
  /// - Parameter sequence: `[timeSteps, features]`
  /// - Returns: `[timeSteps, units]`
  static func recurrence(_ sequence: Tensor, _ weights: Weights) -> Tensor {
    var state = Tensor.zeros([1, units])
    var states: [Tensor] = []
    for step in 0..<timeSteps {
      let input = sequence[step..<step + 1]
      state =
        (input.matmul(weights.input) + state.matmul(weights.state) + weights.bias)
        .activated(.tanh)
      states.append(state)
    }
    return .concatenated(states).reshaped([timeSteps, units])
  }

  /// The same by the layer.
  static func layer(_ sequence: Tensor, _ weights: Weights) -> Tensor {
    let model = Sequential(input: [timeSteps, features]) {
      SimpleRNN(units, returnsSequences: true)
    }
    let values = [weights.input, weights.state, weights.bias]
    for (weight, value) in zip(model.weights, values) { weight.value = value }
    return model.predict(sequence.reshaped([1, timeSteps, features]))
      .reshaped([timeSteps, units])
  }
}

// MARK: - 6.2.1 to 6.3.8 Film reviews

/// A network that reads a review word by word, and in which form it gets the reviews.
struct ReviewNetwork: Sendable {
  /// In lower case with hyphens, for files.
  var name = ""
  let title: String
  /// Whether reviews are turned around, as in the book before they are cut.
  var isReversed = false
  /// Which of their words long reviews keep.
  var kept = SequenceEnd.end
  /// What comes before the probability.
  @LayerBuilder let layers: @Sendable () -> [Layer]

  /// The four of the book. The two of section 6.3 get turned reviews, and turned before they are cut: these keep
  /// their first 500 words, the others their last. Besides, one of the two has a larger embedding.
  static let book = [
    ReviewNetwork(name: "simple-rnn", title: "SimpleRNN") {
      Embedding(10_000, 32)
      SimpleRNN(32)
    },
    ReviewNetwork(name: "lstm", title: "LSTM") {
      Embedding(10_000, 32)
      LSTM(32)
    },
    ReviewNetwork(name: "reversed", title: "reversed LSTM", isReversed: true, kept: .start) {
      Embedding(10_000, 128)
      LSTM(32)
    },
    ReviewNetwork(
      name: "bidirectional", title: "bidirectional LSTM", isReversed: true, kept: .start
    ) {
      Embedding(10_000, 32)
      Bidirectional(LSTM(32))
    },
  ]

  func model(length: Int = 500, seed: UInt64) -> Sequential {
    let model = Sequential(input: [length], seed: seed) {
      for layer in layers() { layer }
      Dense(1, activation: .sigmoid)
    }
    model.compile(optimizer: RMSprop(), loss: .binaryCrossEntropy, metrics: [.accuracy])
    return model
  }

  /// The reviews in the form that the network gets, zeros in front of short ones.
  func sequences(of reviews: Reviews, length: Int = 500) -> Samples {
    // What is cut is an end of the review as the network meets it.
    let keepsLast = (kept == .end) != isReversed
    return reviews.sequences(
      length: length, truncating: keepsLast ? .start : .end, isReversed: isReversed)
  }

  /// Trains on the first four fifths of the reviews, and watches the last.
  @discardableResult
  func train(
    _ model: Model, on reviews: Reviews, length: Int = 500, epochs: Int = 10,
    batchSize: Int = 128, callbacks: [any Callback]
  ) throws -> History {
    let (partial, held) = reviews.split(at: reviews.count * 4 / 5)
    return try model.fit(
      sequences(of: partial, length: length), partial.y, epochs: epochs, batchSize: batchSize,
      validation: (sequences(of: held, length: length), held.y), callbacks: callbacks)
  }
}
