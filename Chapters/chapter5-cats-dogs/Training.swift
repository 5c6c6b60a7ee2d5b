import DeepLearning
import Images

/// One of the book's two trainings.
struct Training: Sendable {
  let name: String
  let title: String
  let epochs: Int
  let batchSize: Int
  /// Whether pictures are changed at random, and what the classifier sees is dropped in part.
  let isAugmented: Bool
  /// The name of the file of weights; the book's, with another ending.
  let weights: String
  /// The book's numbers.
  let book: Numbers

  struct Numbers: Sendable {
    let bestAccuracy: Double
    let lastAccuracy: Double
    let lowestLoss: Double
    let lowestEpoch: Double
    let trainingAccuracy: Double
  }

  /// The share of the classifier's inputs that is dropped.
  var dropout: Float { isAugmented ? 0.5 : 0 }

  static let book = [
    Training(
      name: "a", title: "baseline", epochs: 30, batchSize: 20, isAugmented: false,
      weights: "cats_and_dogs_small_1",
      book: Numbers(
        bestAccuracy: 0.731, lastAccuracy: 0.724, lowestLoss: 0.5508, lowestEpoch: 10,
        trainingAccuracy: 0.9895)),
    Training(
      name: "b", title: "augmented", epochs: 100, batchSize: 32, isAugmented: true,
      weights: "cats_and_dogs_small_2",
      book: Numbers(
        bestAccuracy: 0.846, lastAccuracy: 0.8439, lowestLoss: 0.3518, lowestEpoch: 99,
        trainingAccuracy: 0.8491)),
  ]

  /// Four convolutions with pooling, and a classifier: 3,453,121 parameters.
  static func network(dropout: Float, seed: UInt64) -> Sequential {
    let side = Photographs.side
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
}
