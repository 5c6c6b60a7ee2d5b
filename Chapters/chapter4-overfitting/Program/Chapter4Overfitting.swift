import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter4Overfitting: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter4-overfitting",
    "Hold back networks that learn by heart: size, penalties, dropout (section 4.4).",
    discussion: """
      Trains seven networks on 25,000 film reviews for 20 epochs and watches them on 25,000 \
      others.
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
      let model = network.model(seed: options.seed)
      let epochs = options.epochs(book: 20, quick: 6)
      let size = model.summary().split(separator: "\n").last ?? ""
      print("\n\(network.title), \(epochs) epochs: \(size)")
      let history = try fit(
        model, on: train, watching: test, epochs: epochs,
        batchSize: options.batchSize(book: 512), callbacks: run.callbacks())
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

  /// The book's lowest validation loss, its epoch, and the last one.
  private static let book: [String: (lowest: Double, epoch: Double, last: Double)] = [
    "original": (0.2827, 3, 0.7694), "smaller": (0.2772, 6, 0.4744),
    "bigger": (0.2742, 2, 0.8896), "l2": (0.3306, 3, 0.4200), "dropout": (0.2772, 4, 0.5358),
  ]

  /// The lowest loss on unseen reviews, when it came, and what became of it.
  private func report(_ network: Network, _ history: History, _ run: ChapterRun) {
    guard let best = history.epochOfMinimum("val_loss"), let last = history["val_loss"].last else {
      return
    }
    let book = Self.book[network.name]
    run.result(
      "\(network.name): lowest validation loss", book: book?.lowest,
      here: history["val_loss"][best - 1], better: .lower)
    run.result(
      "\(network.name): its epoch", book: book?.epoch, here: Double(best),
      better: .higher)
    run.result(
      "\(network.name): last validation loss", book: book?.last, here: last,
      better: .lower)
  }
}
