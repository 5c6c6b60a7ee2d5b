import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// Is the missing sigmoid more than a blemish, and what do other heads and a dilated convolution change?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter6-conv1d", "Reviews: with and without sigmoid, other heads, dilation.",
    discussion: """
      Each convnet is trained for 10 epochs with each seed and tested; outputs above 0.5 count as \
      yes. Says which differences exceed what another seed would change.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter6-conv1d-experiments", section: "6.4", title: "which convnet reads best?", options)
    let (train, test) = try options.loadReviews(quick: 400)
    run.data = train.origin
    let (length, batchSize) = (Chapter6Conv1D.length(options), Chapter6Conv1D.batchSize(options))
    let epochs = options.epochs(book: 10, quick: 1)
    let learningRate = Chapter6Conv1D.learningRate(options)
    try run.compare(
      "Sigmoid, head and dilation", of: "test accuracy", Self.variants,
      seeds: seedOptions.count(options), name: \.title
    ) { variant, seed, watch in
      let model = variant.model(length: length, learningRate: learningRate, seed: seed)
      let (partial, _) = train.split(at: train.count * 4 / 5)
      try model.fit(
        partial.sequences(length: length), partial.y, epochs: epochs, batchSize: batchSize,
        callbacks: [watch])
      let outputs = model.predict(test.sequences(length: length)).scalars
      return OutputWatch.accuracy(outputs, test.labels)
    }
    try run.finish()
  }

  /// A convnet that differs from the book's in some respect.
  private struct Variant: Sendable {
    let title: String
    var output = Activation.sigmoid
    /// The step between the words that the second convolution looks at.
    var dilation = 1
    /// What becomes of the sequence after the last convolution.
    @LayerBuilder let head: @Sendable () -> [Layer]

    func model(length: Int, learningRate: Float, seed: UInt64) -> Sequential {
      let model = Sequential(input: [length], seed: seed) {
        Embedding(10_000, 128)
        Conv1D(32, kernel: 7, activation: .relu)
        MaxPooling1D(5)
        Conv1D(32, kernel: 7, dilation: dilation, activation: .relu)
        for layer in head() { layer }
        Dense(1, activation: output)
      }
      model.compile(
        optimizer: RMSprop(learningRate: learningRate), loss: .binaryCrossEntropy,
        metrics: [.accuracy])
      return model
    }
  }

  private static let variants = [
    Variant(title: "repaired: sigmoid, global maximum") { GlobalMaxPooling1D() },
    Variant(title: "as printed: no sigmoid", output: .linear) { GlobalMaxPooling1D() },
    // The mean of each channel instead of the largest value.
    Variant(title: "global mean") { GlobalAveragePooling1D() },
    // All numbers: says where, too.
    Variant(title: "flatten") { Flatten() },
    Variant(title: "second convolution with dilation 2", dilation: 2) { GlobalMaxPooling1D() },
  ]
}
