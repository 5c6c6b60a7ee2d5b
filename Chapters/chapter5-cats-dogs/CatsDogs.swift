// Section 5.2: a convnet for cats and dogs, from 2,000 photographs.
//
// So few pictures are soon known by heart: run A learns them within 30 epochs, and gets no better on others after a
// few. Run B never sees the same picture twice, as every one is turned, moved, slanted and mirrored at random, and
// half of what the classifier sees is dropped: it goes on getting better for 100 epochs.

import DeepLearning
import Images

/// Pixels along a side of a picture.
let side = 150

/// Four convolutions with pooling, and a classifier: 3,453,121 parameters.
///
/// - Parameter dropout: the share of the classifier's inputs that is dropped.
func network(dropout: Float, seed: UInt64) -> Sequential {
  let model = Sequential(input: [side, side, 3], seed: seed) {
    Conv2D(32, kernel: 3, activation: .relu)
    MaxPooling2D(2)
    Conv2D(64, kernel: 3, activation: .relu)
    MaxPooling2D(2)
    Conv2D(128, kernel: 3, activation: .relu)
    MaxPooling2D(2)
    Conv2D(128, kernel: 3, activation: .relu)
    MaxPooling2D(2)
    Flatten()
    if dropout > 0 { Dropout(dropout) }
    Dense(512, activation: .relu)
    Dense(1, activation: .sigmoid)
  }
  model.compile(
    optimizer: RMSprop(learningRate: 1e-4), loss: .binaryCrossEntropy, metrics: [.accuracy])
  return model
}

/// Batches of pictures without end, in a new order in every pass.
///
/// - Parameters:
///   - pictures: `[count, 150, 150, 3]`.
///   - labels: 0 for a cat, 1 for a dog.
///   - augmentation: how each picture is changed at random; nil to leave them as they are.
func batches(
  of pictures: Pixels, _ labels: [Float], _ augmentation: Augmentation?, batchSize: Int,
  seed: UInt64
) -> PictureBatches {
  PictureBatches(
    pixels: pictures.bytes, height: side, width: side, labels: labels, augmentation: augmentation,
    batchSize: batchSize, seed: seed)
}

/// One of the book's two trainings.
struct Training: Sendable {
  /// a or b.
  let name: String
  let title: String
  var epochs: Int
  var batchSize: Int
  /// The batches of an epoch; nil for all pictures once.
  var stepsPerEpoch: Int?
  /// How pictures are changed at random.
  var augmentation: Augmentation?
  var dropout: Float = 0

  static let book = [
    Training(name: "a", title: "baseline", epochs: 30, batchSize: 20),
    Training(
      name: "b", title: "augmented", epochs: 100, batchSize: 32, stepsPerEpoch: 100,
      augmentation: .book, dropout: 0.5),
  ]

  /// Trains a network, and watches it on other pictures.
  ///
  /// - Parameter past: the epochs that the model has been trained for already.
  func train(
    _ model: Model, on pictures: Pixels, _ labels: [Float], watching validation: (Pixels, Tensor),
    seed: UInt64, after past: History = History(), callbacks: [any Callback]
  ) throws -> History {
    guard let stepsPerEpoch else {
      return try model.fit(
        pictures, Tensor(labels, shape: [labels.count, 1]), epochs: epochs, batchSize: batchSize,
        validation: validation, resuming: past, callbacks: callbacks)
    }
    let stream = batches(
      of: pictures, labels, augmentation, batchSize: batchSize, seed: seed &+ 1)
    stream.skip(stepsPerEpoch * past.epochs.count)
    return try model.fit(
      stream, stepsPerEpoch: stepsPerEpoch, epochs: epochs, validation: validation,
      resuming: past, callbacks: callbacks)
  }
}
