import Datasets
import DeepLearning
import Figures
import Gallery

extension Chapter3BostonHousing {
  /// The book's two figures of the mean validation error, and the error after 100 epochs.
  func show(_ histories: [History], _ run: ChapterRun) {
    // After Ctrl-C some folds may not have begun.
    let curves = histories.map { $0["val_mae"] }.filter { !$0.isEmpty }
    let length = curves.map(\.count).min() ?? 0
    guard length > 0 else { return }
    let mean = (0..<length).map { epoch in
      curves.reduce(0) { $0 + $1[epoch] } / Float(curves.count)
    }
    run.add(
      Figure(
        title: "Validation error by epoch, mean of 4 folds", x: "Epochs",
        y: "Mean absolute error (thousand dollars)"
      ) {
        Line(mean, "Validation MAE")
      }, as: "validation-mae", book: "3.12")

    let smooth = Statistics.smoothed(Array(mean.dropFirst(10)), factor: 0.9)
    if let lowest = smooth.indices.min(by: { smooth[$0] < smooth[$1] }) {
      let places = smooth.indices.map { Double($0 + 11) }
      run.add(
        Figure(
          title: "Validation error, smoothed, from epoch 11 on", x: "Epochs",
          y: "Mean absolute error (thousand dollars)"
        ) {
          Line(smooth, "Smoothed validation MAE", at: places)
          VerticalMarker(at: places[lowest], "Lowest: epoch \(lowest + 11)")
        }, as: "validation-mae-smoothed", book: "3.13")
      run.result(
        "smoothed: epoch of lowest validation MAE", book: 80, here: Double(lowest + 11),
        better: .lower)
    }

    // The first 100 epochs of a run are the same whether it goes on or not.
    if length >= 100 {
      let scores = curves.map { $0[99] }
      run.note(
        "Validation MAE of the folds after 100 epochs: "
          + scores.map { ResultTable.number(Double($0)) }.joined(separator: ", "))
      run.result(
        "100 epochs: validation MAE", book: 2.38, here: scores.reduce(0, +) / Float(scores.count),
        unit: "k$", better: .lower)
    }
  }

  /// What the network says of the test houses, beside what they cost.
  func showPredictions(of model: Model, on test: Houses, _ run: ChapterRun) {
    let predictions = model.predict(test.x).scalars
    let range = [Double(test.y.min()), Double(test.y.max())]
    run.add(
      Figure(
        title: "Test houses: what they cost and what the network says",
        x: "Price (thousand dollars)", y: "Prediction (thousand dollars)"
      ) {
        Dots(predictions, "Test house", at: test.y.scalars.map(Double.init))
        Line(range, "Right", at: range)
      }, as: "predictions")
  }
}
