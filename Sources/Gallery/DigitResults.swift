import Datasets
import DeepLearning
import Figures

/// What programs about digits share: the data, and what those that recognise them show of their networks.
extension ChapterRun {
  /// Loads the digits; few of them to learn from are another task than the book's.
  ///
  /// - Parameters:
  ///   - few: how many in a quick run.
  ///   - fashion: photographs of garments instead.
  /// - Throws: `DataError` if the data is there but cannot be used.
  public func loadDigits(quick few: Int, fashion: Bool) throws -> (train: Digits, test: Digits) {
    let (train, test) = try MNIST.load(
      samples: options.quick ? few : nil, from: options.location, fashion: fashion,
      offline: options.offline)
    data = train.origin
    if train.origin.kind == .mirror { markNotComparable("\(train.count) digits to learn from") }
    return (train, test)
  }

  /// Adds `accuracy`, with the test accuracy as a line, and `loss`.
  public func addCurves(of history: History, testAccuracy: Float) {
    add(
      Figure(title: "Accuracy while learning, and on unseen pictures", x: "Epochs", y: "Accuracy") {
        Dots(history["acc"], "Training accuracy")
        Line(history["acc"].map { _ in testAccuracy }, "Test accuracy, at the end")
      }, as: "accuracy", curves: bookCurves("history", ["acc"]))
    add(
      Figure(title: "Training loss", x: "Epochs", y: "Loss") {
        Dots(history["loss"], "Training loss")
      }, as: "loss", curves: bookCurves("history", ["loss"]))
  }

  /// Adds `mistakes`, the pictures of which the network was surest while wrong, and says how many there are.
  ///
  /// - Parameters:
  ///   - probabilities: what the network makes of each picture, `[pictures, 10]`.
  ///   - digits: the pictures.
  ///   - isInverted: whether they are shown dark on light.
  /// - Returns: the numbers of all pictures taken for something else, and for what; the surest mistakes first.
  @discardableResult
  public func addMistakes(
    _ probabilities: Tensor, on digits: Digits, isInverted: Bool
  ) -> [(picture: Int, guess: Int)] {
    let guesses = probabilities.argmax()
    let p = probabilities.scalars
    let sureness = guesses.indices.map { p[$0 * 10 + guesses[$0]] }
    let wrong = guesses.indices
      .filter { guesses[$0] != Int(digits.labels[$0]) }
      .sorted { sureness[$0] > sureness[$1] }
    let mistakes = wrong.map { (picture: $0, guess: guesses[$0]) }
    note("\(mistakes.count) of \(digits.count) test pictures are taken for something else.")
    if mistakes.isEmpty { return [] }
    add(
      PictureGrid(
        title: "Taken for something else, the surest mistakes first", columns: 6,
        isInverted: isInverted,
        pictures: mistakes.prefix(24).map { picture, guess in
          let truth = digits.classNames[Int(digits.labels[picture])]
          return digits.picture(
            picture, caption: "\(truth), taken for \(digits.classNames[guess])")
        }), as: "mistakes")
    return mistakes
  }
}
