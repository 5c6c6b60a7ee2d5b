import DeepLearning
import Figures
import Gallery

extension Chapter4Overfitting {
  /// The book's figures 4.4 to 4.7 and 4.9: each network over the original.
  func draw(_ histories: [String: History], _ run: ChapterRun) {
    func overlay(
      _ name: String, _ label: String, title: String, file: String, book: String? = nil,
      measure: String = "val_loss"
    ) {
      guard let original = histories["original"], let other = histories[name] else { return }
      let y = measure == "loss" ? "Training loss" : "Validation loss"
      run.add(
        Figure(title: title, x: "Epochs", y: y) {
          Crosses(original[measure], "Original network")
          Dots(other[measure], label)
        }, as: file, book: book)
    }
    if let original = histories["original"] {
      run.add(
        Figure(title: "The original network", x: "Epochs", y: "Loss") {
          Dots(original["loss"], "Training loss")
          Line(original["val_loss"], "Validation loss")
        }, as: "original")
    }
    overlay(
      "smaller", "Smaller network", title: "Validation loss of a smaller network", file: "smaller",
      book: "4.4")
    overlay(
      "bigger", "Bigger network", title: "Validation loss of a bigger network", file: "bigger",
      book: "4.5")
    overlay(
      "bigger", "Bigger network", title: "Training loss of a bigger network",
      file: "bigger-training", book: "4.6", measure: "loss")
    overlay(
      "l2", "L2-regularised network", title: "A penalty on large weights (L2)", file: "l2",
      book: "4.7")
    overlay("l1", "L1-regularised network", title: "A penalty on weights (L1)", file: "l1")
    overlay("dropout", "Dropout network", title: "Dropout", file: "dropout", book: "4.9")
    guard let original = histories["original"], let l2 = histories["l2"] else { return }
    // Keras counts the penalty in the validation loss too; only without it are like things compared.
    let bare = zip(l2["val_loss"], l2["penalty"]).map { $0 - $1 }
    run.add(
      Figure(title: "L2, with and without the penalty itself", x: "Epochs", y: "Validation loss") {
        Crosses(original["val_loss"], "Original network")
        Dots(l2["val_loss"], "L2, penalty included (as in the book)")
        Line(bare, "L2, cross-entropy alone")
      }, as: "l2-without-penalty")
  }

  /// How the penalties change the weights of the first layer.
  func drawWeights(_ kernels: [String: [Float]], _ run: ChapterRun) {
    let edges = stride(from: Float(-0.3), through: 0.3, by: 0.01).map { $0 }
    func shares(_ weights: [Float]) -> [Double] {
      var counts = [Double](repeating: 0, count: edges.count)
      for weight in weights {
        let bin = ((weight + 0.305) / 0.01).rounded(.down)
        if bin >= 0, bin < Float(edges.count) { counts[Int(bin)] += 1 }
      }
      return counts.map { $0 == 0 ? .nan : $0 / Double(weights.count) }
    }
    let shown = [("original", "Original"), ("l2", "L2"), ("l1", "L1"), ("l1-l2", "L1 and L2")]
    if shown.contains(where: { kernels[$0.0] == nil }) { return }
    run.add(
      Figure(
        title: "What the penalties do to the first layer",
        x: "Weight", y: "Share of the weights", yScale: .logarithmic
      ) {
        for (name, label) in shown {
          Line(shares(kernels[name] ?? []), label, at: edges.map(Double.init))
        }
      }, as: "weights")
    for (name, label) in shown {
      let weights = kernels[name] ?? []
      let small = weights.count { abs($0) < 0.001 }
      let percent = (100 * Double(small) / Double(max(weights.count, 1)) * 10).rounded() / 10
      run.note("\(label): \(percent)% of the first layer's weights are below 0.001.")
    }
  }
}
