// Section 2.1: which digit is this?
//
// 28 x 28 grey pixels in a row go through a layer of 512 units into ten probabilities. Five passes over 60,000
// handwritten digits are enough to get about 98 of 100 unseen ones right, and to see that the network does
// better on digits it has learned from: the first sight of overfitting.

import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

@main
struct Chapter2MNIST: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter2-mnist", "Recognise handwritten digits, the first network of the book (section 2.1).",
    discussion: "Trains on 60,000 digits and is tested on 10,000 others.",
    subcommands: [TensorTour.self, Experiments.self])

  @OptionGroup var options: RunOptions

  @Flag(help: "Photographs of garments (Fashion-MNIST) instead of digits.")
  var fashion = false

  func run() throws {
    let run = try ChapterRun(
      "chapter2-mnist", section: "2.1", title: "recognising handwritten digits", options)
    let (train, test) = try run.loadDigits(quick: 2_000, fashion: fashion)
    run.add(
      PictureGrid(
        title: "The first pictures to learn from", columns: 10, isInverted: !fashion,
        pictures: (0..<min(50, train.count)).map { train.picture($0) }), as: "digits",
      book: fashion ? nil : "2.1")

    let model = Self.network(seed: options.seed)
    print(model.summary() + "\n")
    let history = try model.fit(
      train.x, train.oneHot, epochs: options.epochs(book: 5, quick: 5),
      batchSize: options.batchSize(book: 128), callbacks: run.callbacks())
    run.add(history)
    run.add(weightsOf: model)
    if !run.isInterrupted {
      showResults(of: model, history, on: test, run)
    }
    try run.finish()
  }

  /// One hidden layer and ten probabilities: 407,050 parameters.
  static func network(seed: UInt64) -> Sequential {
    let model = Sequential(input: [28 * 28], seed: seed) {
      Dense(512, activation: .relu)
      Dense(10, activation: .softmax)
    }
    model.compile(optimizer: RMSprop(), loss: .categoricalCrossEntropy, metrics: [.accuracy])
    return model
  }

  private func showResults(
    of model: Model, _ history: History, on test: Digits, _ run: ChapterRun
  ) {
    let evaluation = model.evaluate(test.x, test.oneHot)
    run.addCurves(of: history, testAccuracy: evaluation.accuracy)
    run.addMistakes(model.predict(test.x), on: test, isInverted: !fashion)

    run.result(
      "test accuracy", book: fashion ? nil : 0.9785, here: evaluation.accuracy, better: .higher)
    run.result(
      "training accuracy", book: fashion ? nil : 0.989, here: history["acc"].last ?? .nan,
      better: .higher)
    run.result(
      "training loss", book: fashion ? nil : 0.0382, here: history["loss"].last ?? .nan,
      better: .lower)
  }
}
