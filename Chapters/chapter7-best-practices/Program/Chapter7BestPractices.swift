import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter7BestPractices: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter7-best-practices",
    "Normalize, separate, shortcut, search and combine (book section 7.3).",
    discussion: """
      Trains small networks on 8,000 digits: with and without batch normalization, with separable \
      convolutions, 20 layers deep with and without shortcuts; then searches for hyperparameters \
      at random, and lets several networks vote.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  @Flag(help: "Photographs of garments (Fashion-MNIST) instead of digits.")
  var fashion = false

  func run() throws {
    let run = try ChapterRun(
      "chapter7-best-practices", section: "7.3", title: "getting the most out of models", options)
    let digits = try DigitParts(options, fashion: fashion)
    run.data = digits.train.origin
    let section = SectionRun(run, digits)
    try section.normalize()
    try section.separate()
    try section.shortcut()
    try section.search()
    try section.combine()
    try run.finish()
  }
}

/// What the parts of the section need to be run one after another.
struct SectionRun {
  let run: ChapterRun
  let digits: DigitParts

  init(_ run: ChapterRun, _ digits: DigitParts) { (self.run, self.digits) = (run, digits) }

  var options: RunOptions { run.options }

  /// Trains on the digits to learn from, and watches those to choose by.
  func train(_ model: Model, epochs book: Int, _ title: String) throws -> History {
    let epochs = options.epochs(book: book, quick: min(book, 2))
    print("\n\(title), \(epochs) epochs")
    return try model.fit(
      digits.train.pictures, digits.train.oneHot, epochs: epochs,
      batchSize: DigitParts.batchSize(options),
      validation: (digits.validation.pictures, digits.validation.oneHot),
      callbacks: run.callbacks())
  }

  /// The share of test digits that a model recognises.
  func testAccuracy(of model: Model) -> Double {
    accuracy(model.predict(digits.test.pictures), digits.test)
  }
}
