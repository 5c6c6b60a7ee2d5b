// Section 4.4: how to keep a network from learning by heart.
//
// The film reviews of section 3.4 once more, with the test reviews to watch. A smaller network overfits later, a
// bigger one at once; a penalty on large weights and dropout hold it back. As in the book, each is drawn over the
// original.

import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

@main
struct Chapter4Overfitting: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter4-overfitting",
    abstract: "Hold back networks that learn by heart: size, penalties, dropout (section 4.4).",
    usage: "chapter4-overfitting [experiments] [options]",
    discussion: """
      Trains seven networks on 25,000 film reviews for 20 epochs and watches them on 25,000 others. \
      Takes about a minute. Figures and a report are written to output/chapter4-overfitting.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter4-overfitting", section: "4.4", title: "networks that learn by heart", options)
    let (train, test) = try options.loadReviews()
    run.data = train.origin
    run.note(
      "As in the book, the test reviews serve to watch: harmless here, as nothing is chosen by them."
    )

    var histories: [String: History] = [:]
    var kernels: [String: [Float]] = [:]
    for network in Network.book where !run.isInterrupted {
      let model = network.model(seed: options.seed &+ network.seedOffset)
      let epochs = options.epochs(book: 20, quick: 6)
      let size = model.summary().split(separator: "\n").last ?? ""
      print("\n\(network.title), \(epochs) epochs: \(size)")
      let history = try model.fit(
        train.x, train.y, epochs: epochs, batchSize: options.batchSize(book: 512),
        validation: (test.x, test.y), callbacks: run.callbacks())
      histories[network.name] = history
      kernels[network.name] = model.weights.first?.value.scalars
      run.add(history, as: network.name == "original" ? "history" : "history-\(network.name)")
      if network.name == "original" { run.add(weightsOf: model) }
      report(network, history, run)
    }
    draw(histories, run)
    drawWeights(kernels, run)
    try run.finish()
  }

  /// The lowest loss on unseen reviews, when it came, and what became of it.
  private func report(_ network: Network, _ history: History, _ run: ChapterRun) {
    guard let best = history.epochOfMinimum("val_loss"), let last = history["val_loss"].last else {
      return
    }
    run.result(
      "\(network.name): lowest validation loss", book: network.book?.lowest,
      here: history["val_loss"][best - 1], better: .lower, tolerance: 0.02)
    run.result(
      "\(network.name): its epoch", book: network.book?.epoch, here: Double(best),
      better: .higher, tolerance: 2)
    run.result(
      "\(network.name): last validation loss", book: network.book?.last, here: last,
      better: .lower, tolerance: 0.15)
  }

  /// The book's figures 4.4 to 4.7 and 4.9: each network over the original.
  private func draw(_ histories: [String: History], _ run: ChapterRun) {
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
        Figure(title: "The original network learns by heart", x: "Epochs", y: "Loss") {
          Dots(original["loss"], "Training loss")
          Line(original["val_loss"], "Validation loss")
        }, as: "original")
    }
    overlay(
      "smaller", "Smaller network", title: "A smaller network overfits later", file: "smaller",
      book: "4.4")
    overlay(
      "bigger", "Bigger network", title: "A bigger network overfits at once", file: "bigger",
      book: "4.5")
    overlay(
      "bigger", "Bigger network", title: "A bigger network learns by heart at once",
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
  private func drawWeights(_ kernels: [String: [Float]], _ run: ChapterRun) {
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
