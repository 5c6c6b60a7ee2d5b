import DeepLearning
import Figures

extension ChapterRun {
  /// Adds the book's two pictures of a training run, `loss` and `accuracy`: dots are training, lines validation.
  ///
  /// - Parameters:
  ///   - history: the run; with validation.
  ///   - book: the numbers of the book's figures.
  public func addCurves(of history: History, book: (loss: String, accuracy: String)) {
    add(
      Figure(title: "Training and validation loss", x: "Epochs", y: "Loss") {
        Dots(history["loss"], "Training loss")
        Line(history["val_loss"], "Validation loss")
      }, as: "loss", book: book.loss)
    add(
      Figure(title: "Training and validation accuracy", x: "Epochs", y: "Accuracy") {
        Dots(history["acc"], "Training accuracy")
        Line(history["val_acc"], "Validation accuracy")
      }, as: "accuracy", book: book.accuracy)
  }
}
