import DeepLearning
import Figures

extension ChapterRun {
  /// Adds the book's two pictures of a training run, `loss` and `accuracy`: dots are training, lines validation.
  ///
  /// - Parameters:
  ///   - history: the run; with validation.
  ///   - book: the numbers of the book's figures.
  public func addCurves(of history: History, book: (loss: String, accuracy: String)) {
    addLoss(of: history, book: book.loss)
    addAccuracy(of: history, book: book.accuracy)
  }

  /// Adds the picture of a training run's loss: dots are training, the line is validation.
  ///
  /// - Parameters:
  ///   - history: the run; with validation.
  ///   - name: the name of the file.
  ///   - remark: what the title ends in.
  ///   - footnote: what has to be said about the numbers, if anything.
  ///   - book: the number of the book's figure.
  ///   - bookHistory: the file of the history whose numbers the book printed, if it has no such figure.
  public func addLoss(
    of history: History, as name: String = "loss", remark: String = "", footnote: String? = nil,
    book: String?, bookHistory: String? = nil
  ) {
    add(
      Figure(
        title: "Training and validation loss" + remark, x: "Epochs", y: "Loss", footnote: footnote
      ) {
        Dots(history["loss"], "Training loss")
        Line(history["val_loss"], "Validation loss")
      }, as: name, book: book, curves: bookCurves(bookHistory, ["loss", "val_loss"]))
  }

  /// Adds the picture of a training run's accuracy; see ``addLoss(of:as:remark:footnote:book:bookHistory:)``.
  public func addAccuracy(
    of history: History, as name: String = "accuracy", remark: String = "",
    footnote: String? = nil, book: String?, bookHistory: String? = nil
  ) {
    add(
      Figure(
        title: "Training and validation accuracy" + remark, x: "Epochs", y: "Accuracy",
        footnote: footnote
      ) {
        Dots(history["acc"], "Training accuracy")
        Line(history["val_acc"], "Validation accuracy")
      }, as: name, book: book, curves: bookCurves(bookHistory, ["acc", "val_acc"]))
  }

  /// The book's curves of a training of this program's.
  func bookCurves(_ history: String?, _ columns: [String]) -> [BookCurve] {
    history.map { BookCurve.all(of: record.chapter, $0, columns: columns) } ?? []
  }
}
