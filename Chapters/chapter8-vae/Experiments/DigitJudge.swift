import Datasets
import DeepLearning
import Foundation
import Gallery

/// A network that was trained to recognise pictures, and says of made ones whether they look like any.
struct DigitJudge {
  /// What it says of pictures that were made at random points.
  struct Opinion: Sendable {
    /// The first two dozen of the pictures, `[24, 28, 28, 1]`.
    let examples: Tensor
    /// The share of pictures that it recognises with a probability of at least 0.9.
    let recognised: Double
    /// As how many classes, equally frequent, the recognised ones would be as varied.
    let kinds: Double
  }

  private let network: Sequential

  /// Trains a network on the same pictures.
  static func trained(on train: Digits, _ test: Digits, _ run: ChapterRun) throws -> DigitJudge {
    let network = Sequential(input: [28 * 28], seed: run.options.seed) {
      Dense(512, activation: .relu)
      Dropout(0.3)
      Dense(10, activation: .softmax)
    }
    network.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    try network.fit(
      train.x, train.oneHot, epochs: 5, batchSize: 128, callbacks: run.callbacks())
    let accuracy = network.evaluate(test.x, test.oneHot).accuracy
    let sure = DigitJudge.sure(network.predict(test.x)).count
    let share = ResultTable.number(Double(sure) / Double(test.count))
    run.note(
      "The judge: recognises test pictures with an accuracy of \(ResultTable.number(Double(accuracy))), a "
        + "share of \(share) of them with a probability of at least 0.9.")
    return DigitJudge(network: network)
  }

  /// Looks at the pictures of points that are drawn from a normal distribution, or from a uniform one of the same mean and
  /// deviation.
  func opinion(
    of vae: VariationalAutoencoder, center: [Float]? = nil, spread: [Float]? = nil,
    isUniform: Bool = false, count: Int, seed: UInt64
  ) -> Opinion {
    var random = RandomGenerator(seed: seed)
    let latent = vae.decoder.inputShapes[0].elementCount
    let points = (0..<count).map { _ in
      (0..<latent).map { axis in
        // A uniform distribution reaches √3 deviations to each side.
        let number =
          isUniform ? (2 * random.uniform() - 1) * Float(3).squareRoot() : random.normal()
        return (center?[axis] ?? 0) + (spread?[axis] ?? 1) * number
      }
    }
    let images = vae.images(at: points)
    let classes = DigitJudge.sure(network.predict(images.reshaped([count, 28 * 28])))
    let shares = Dictionary(grouping: classes) { $0 }.values.map {
      Double($0.count) / Double(classes.count)
    }
    return Opinion(
      examples: images[0..<min(24, count)], recognised: Double(classes.count) / Double(count),
      kinds: classes.isEmpty ? .nan : exp(-shares.reduce(0) { $0 + $1 * log($1) }))
  }

  /// The classes of the pictures that it is sure of.
  private static func sure(_ probabilities: Tensor) -> [Int] {
    let scalars = probabilities.scalars
    return probabilities.argmax().enumerated()
      .filter { scalars[$0.offset * 10 + $0.element] >= 0.9 }.map(\.element)
  }
}
