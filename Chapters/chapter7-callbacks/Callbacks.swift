// Section 7.2: training that is watched.
//
// A training that is started and left alone may overfit for hours. Callbacks look at it after each step or epoch, and do
// what one would do oneself: stop, keep the best weights, take smaller steps, write down what happens inside. Watched
// here is a convnet for film reviews with a small vocabulary.

import DataFiles
import Datasets
import DeepLearning
import Foundation
import TensorBoard

/// The section's network, and the callbacks that it is trained with.
enum WatchedReviews {
  /// The size of the vocabulary.
  static let words = 2_000
  /// The number of words that are kept of a review, its last ones.
  static let length = 500

  /// Two convolutions over words as vectors of 128 numbers; 291,937 parameters as in the book.
  ///
  /// - Parameter output: printed is none, which is a slip: the loss takes probabilities.
  static func convnet(
    length: Int = length, output: Activation = .sigmoid, learningRate: Float = 0.001, seed: UInt64
  ) -> Sequential {
    let model = Sequential(input: [length], seed: seed) {
      Embedding(words, 128, name: "embed")
      Conv1D(32, kernel: 7, activation: .relu)
      MaxPooling1D(5)
      Conv1D(32, kernel: 7, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1, activation: output)
    }
    model.compile(
      optimizer: RMSprop(learningRate: learningRate), loss: .binaryCrossEntropy,
      metrics: [.accuracy])
    return model
  }

  /// Stops when the accuracy has not improved for more than one epoch; the file keeps the weights of the epoch with the
  /// lowest validation loss.
  ///
  /// - Parameter monitor: printed is `acc`, the accuracy on what is learned by heart; meant is that of validation.
  static func stoppingEarly(
    keepingBest file: URL, monitor: String = "val_acc"
  ) -> (stopping: EarlyStopping, checkpoint: Checkpoint) {
    (
      EarlyStopping(monitor: monitor, patience: 1),
      Checkpoint(file, keepingBest: "val_loss")
    )
  }

  /// Divides the learning rate by ten when the validation loss has not fallen for ten epochs.
  static func slowingDown() -> ReduceLROnPlateau {
    ReduceLROnPlateau(monitor: "val_loss", factor: 0.1, patience: 10)
  }

  /// Histograms after each epoch, and the word vectors with their words.
  static func board(_ folder: URL, words: [String]) -> TensorBoard {
    TensorBoard(folder, histogramFrequency: 1, embeddings: ["embed": words])
  }

  /// The words of the embedding's rows: three ids that are no words, then the words by their frequency.
  static func vocabulary(of reviews: Reviews) -> [String] {
    ["<padding>", "<start>", "<unknown>"]
      + (3..<words).map { reviews.word(ofRank: $0 - 3) ?? "<id \($0)>" }
  }
}

/// A callback of one's own: after each epoch it writes what every layer puts out for the first validation sample to
/// `activations_at_epoch_N.npz`.
final class ActivationLogger: Callback {
  private let folder: URL
  /// A model of the same layers that computes all their outputs.
  private var activations: Model?

  /// Creates a callback that writes into `folder`.
  init(_ folder: URL) { self.folder = folder }

  func trainingWillBegin(_ run: TrainingRun) {
    activations = run.model.outputs(of: run.model.layers.map(\.name))
  }

  func epochDidEnd(_ run: TrainingRun) throws {
    guard let activations, let validation = run.validation else {
      throw DataError("ActivationLogger needs validation data: give fit some.")
    }
    let outputs = activations.outputs(for: validation.x[0][0..<1])
    let names = run.model.layers.map(\.name)
    try NumPyArchive.write(
      zip(names, outputs).map { ($0, NumPyArray($1)) },
      to: folder.appending(path: "activations_at_epoch_\(run.epoch).npz"))
  }
}
