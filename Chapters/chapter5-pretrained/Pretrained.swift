// Section 5.3: a network that was trained on something else.
//
// VGG16 has learned from a million photographs what pictures are made of, and a new classifier on top of it needs only
// 2,000 to tell cats from dogs. (a) What VGG16 makes of the pictures is computed once, and a classifier learns from
// that. (b) Pictures are changed at random and go through a frozen VGG16 each time. (c) VGG16's last block learns too.
//
// The book's program for (b) did not freeze VGG16: its Keras said so, and trained all of it. Both are here.

import DeepLearning
import Images

/// Pixels along a side of a picture.
let side = 150

/// One of the section's trainings.
struct Training: Sendable {
  let epochs: Int
  let learningRate: Float
  /// How many of VGG16's five blocks learn, from the end.
  var blocks = 0

  static let features = Training(epochs: 30, learningRate: 2e-5)
  static let frozen = Training(epochs: 30, learningRate: 2e-5)
  static let fineTuning = Training(epochs: 100, learningRate: 1e-5, blocks: 1)
  /// What the book's program for (b) really did.
  static let trainable = Training(epochs: 30, learningRate: 2e-5, blocks: 5)

  /// Prepares a network for training.
  func compile(_ model: Model) {
    model.compile(
      optimizer: RMSprop(learningRate: learningRate), loss: .binaryCrossEntropy,
      metrics: [.accuracy])
  }
}

// MARK: - 5.3.1 Feature extraction

/// 4 x 4 x 512 numbers are all that VGG16 leaves of a picture.
let featureCount = 8192

/// (a) What a base makes of pictures, computed once: `[count, 8192]`.
///
/// - Parameter batchDidEnd: called after every 20 pictures.
func features(of pictures: Pixels, by base: Model, batchDidEnd: () -> Void) -> Tensor {
  var features = Tensor.zeros([pictures.count, featureCount])
  for start in stride(from: 0, to: pictures.count, by: 20) {
    let range = start..<min(start + 20, pictures.count)
    features[range] = base(pictures[range]).reshaped([range.count, featureCount])
    batchDidEnd()
  }
  return features
}

/// (a) The classifier for ready-made features: 2,097,665 parameters.
func classifier(learningRate: Float = Training.features.learningRate, seed: UInt64) -> Sequential {
  let model = Sequential(input: [featureCount], seed: seed) {
    Dense(256, activation: .relu)
    Dropout(0.5)
    Dense(1, activation: .sigmoid)
  }
  Training(epochs: 30, learningRate: learningRate).compile(model)
  return model
}

/// (b) A base with a new classifier on top, as one network: 16,812,353 parameters in 30 tensors.
///
/// - Parameter base: the layers of VGG16 without its own classifier.
func extended(_ base: [Layer], seed: UInt64) -> Sequential {
  Sequential(input: [side, side, 3], seed: seed) {
    for layer in base { layer }
    Flatten()
    Dense(256, activation: .relu)
    Dense(1, activation: .sigmoid)
  }
}

/// Batches without end of pictures that are changed at random as in section 5.2.
///
/// - Parameter labels: 0 for a cat, 1 for a dog.
func augmentedBatches(
  of pictures: Pixels, _ labels: [Float], batchSize: Int = 20, seed: UInt64
) -> PictureBatches {
  PictureBatches(
    pixels: pictures.bytes, height: side, width: side, labels: labels, augmentation: .book,
    batchSize: batchSize, seed: seed)
}

// MARK: - 5.3.2 Fine-tuning

extension Model {
  /// (c) Lets the last of VGG16's five blocks learn, and no others.
  ///
  /// - Parameter count: how many blocks, from 0 for a frozen base to 5.
  func unfreeze(blocks count: Int) {
    for layer in layers where layer.name.hasPrefix("block") {
      let block = layer.name.dropFirst(5).first?.wholeNumberValue ?? 0
      layer.isTrainable = block > 5 - count
    }
  }
}
