import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// What does pooling do for the network, and what could stand in its place?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter5-mnist-convnet",
    "With and without pooling, other pooling, strides instead; several seeds each.",
    discussion: """
      Trains every network for 5 epochs with each seed and says which differences in test accuracy \
      are more than what another seed would change. Most of the work is for the network without \
      pooling; --epochs 1 --seeds 3 is quicker.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter5-mnist-convnet-experiments", section: "5.1", title: "what is pooling good for?",
      options)
    let (train, test) = try MNIST.load(
      samples: options.quick ? 200 : nil, from: options.location, offline: options.offline)
    run.data = train.origin
    let (epochs, batchSize) = (options.epochs(book: 5, quick: 2), options.batchSize(book: 64))
    for pooling in Pooling.allCases {
      run.note("\(pooling.rawValue): \(pooling.network(seed: 0).parameterCount) parameters")
    }
    try run.compare(
      "How pictures become smaller", of: "test accuracy", Pooling.allCases,
      seeds: seedOptions.count(options), name: \.rawValue
    ) { pooling, seed, watch in
      let model = pooling.network(seed: seed)
      try model.fit(
        train.pictures, train.oneHot, epochs: epochs, batchSize: batchSize, callbacks: [watch])
      return Double(model.evaluate(test.pictures, test.oneHot).accuracy)
    }
    try run.finish()
  }

  /// What halves the width and height between the convolutions.
  private enum Pooling: String, CaseIterable {
    case max = "max-pooling, as in the book"
    case average = "average pooling"
    case stride = "convolutions of stride 2, no pooling"
    case none = "no pooling at all"

    /// The book's network but for this.
    func network(seed: UInt64) -> Sequential {
      let stride: Extent2D = self == .stride ? 2 : 1
      let model = Sequential(input: [28, 28, 1], seed: seed) {
        Conv2D(32, kernel: 3, stride: stride, activation: .relu)
        if self == .max { MaxPooling2D(2) }
        if self == .average { AveragePooling2D(2) }
        Conv2D(64, kernel: 3, stride: stride, activation: .relu)
        if self == .max { MaxPooling2D(2) }
        if self == .average { AveragePooling2D(2) }
        Conv2D(64, kernel: 3, activation: .relu)
        Flatten()
        Dense(64, activation: .relu)
        Dense(10, activation: .softmax)
      }
      model.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
      return model
    }
  }
}
