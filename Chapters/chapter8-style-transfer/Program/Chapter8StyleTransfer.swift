// The program of section 8.3. The section itself is in StyleTransfer.swift.

import ArgumentParser
import DeepLearning
import Foundation
import Gallery

@main
struct Chapter8StyleTransfer: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter8-style-transfer", "Paint a photograph in the style of a picture (book section 8.3).",
    discussion: """
      Makes the losses of content, style and total variation small with L-BFGS, 20 times 20 \
      evaluations, starting from the photograph. A picture is kept after each iteration; Ctrl-C \
      keeps the best one so far.
      """,
    results: "Pictures, figures and a report", subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions
  @OptionGroup var pictures: StylePictures

  @Option(number: "How much the content counts. Default: the book's 0.025.")
  var contentWeight: Float?

  @Option(
    number: "How much the style counts, shared by five layers. Default: the book's 1 for VGG19.")
  var styleWeight: Float?

  @Option(number: "How much smoothness counts (total variation). Default: the book's 0.0001.")
  var tvWeight: Float?

  @Option(help: "How to make the loss small: lbfgs or adam.")
  var optimizer = StyleOptimization.Method.lbfgs

  @Option(help: "The first picture: content or noise.")
  var start = Start.content

  @Option(number: "How many iterations. Default: 20.")
  var iterations: Int?

  @Option(number: "How often the loss is computed in each iteration. Default: 20.")
  var evaluations: Int?

  /// What the optimisation starts from.
  enum Start: String, CaseIterable, ExpressibleByArgument {
    case content, noise
  }

  func validate() throws {
    for (weight, flag) in [
      (contentWeight, "--content-weight"), (styleWeight, "--style-weight"),
      (tvWeight, "--tv-weight"),
    ] {
      // Too large a loss is not a number, which ends the run with the last good picture.
      try check(flag, weight, in: 0...3e38)
    }
    for (count, flag) in [(iterations, "--iterations"), (evaluations, "--evaluations")] {
      try check(flag, count, in: 1...10_000)
    }
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter8-style-transfer", section: "8.3", title: "neural style transfer", options)
    Interruption.listen()
    let pair = try pictures.load(options, height: options.quick ? 64 : 400)
    run.data = pair.origin
    let network = try StyleNetwork(height: pair.height, width: pair.width, options)
    run.note("Style and content are seen by \(network.origin.name): \(network.origin.detail)")
    let weights = weights(for: network)
    run.note(
      "Weights: content \(weights.content), style \(weights.style), total variation "
        + "\(weights.variation). \(pair.width) x \(pair.height) pixels.")
    let content = pair.content.networkInput
    let transfer = StyleTransfer(
      network.features(), content: content, style: pair.style.networkInput, weights: weights)
    let first =
      start == .content ? content : StyleNetwork.noise(content.shape, seed: options.seed)
    let recorder = try optimize(transfer, from: first, run)
    try recorder.writeFiles(pair, isComplete: !run.isInterrupted)
    let isBooks = isBooks(pair, network, weights)
    if !isBooks { run.markNotComparable("other pictures or another network than the book's") }
    StyleFigures(pair: pair, network: network, recorder: recorder).add(to: run, isBooks: isBooks)
    BookResults.compare(recorder, in: run)
    try run.finish()
  }

  /// Makes the loss small, and keeps an image after each iteration.
  private func optimize(
    _ transfer: StyleTransfer, from start: Tensor, _ run: ChapterRun
  ) throws -> Recorder {
    let iterations = iterations ?? options.epochs(book: 20, quick: 2)
    let evaluations = evaluations ?? (options.quick ? 3 : 20)
    let left = ExperimentProgress(
      "style transfer", total: iterations * evaluations, unit: "evaluations",
      isShown: !options.noProgress)
    defer { left.finish() }
    let optimization = StyleOptimization(
      from: start, .init(method: optimizer, evaluations: evaluations), loss: transfer.loss
    ) { _ in
      left.advance()
      return !run.isInterrupted
    }
    let recorder = Recorder(optimization, iterations: iterations, folder: run.folder)
    try run.loop(until: iterations) { number in
      do {
        try optimization.iterate()
      } catch let reason as StyleOptimization.StopReason {
        if reason == .notFinite { noteRecovery(after: optimization.evaluations, in: run) }
        return false
      }
      left.finish()
      try recorder.iterationDidEnd(number)
      return true
    }
    return recorder
  }

  private func noteRecovery(after evaluations: Int, in run: ChapterRun) {
    run.note(
      "The loss became NaN or infinite in evaluation \(evaluations); the last good picture is kept. "
        + "Give smaller weights.")
    run.markNotComparable("stopped, as the loss became NaN or infinite")
  }

  /// What counts how much: the book's numbers for the book's network.
  private func weights(for network: StyleNetwork) -> StyleTransfer.Weights {
    let standard = StyleTransfer.Weights()
    return StyleTransfer.Weights(
      content: contentWeight ?? standard.content, style: styleWeight ?? standard.style,
      variation: tvWeight ?? standard.variation)
  }

  /// Whether the loss may be held against the book's.
  private func isBooks(
    _ pair: StylePictures.Pair, _ network: StyleNetwork, _ weights: StyleTransfer.Weights
  ) -> Bool {
    pair.isBooks && network.isBooks && weights == StyleTransfer.Weights() && optimizer == .lbfgs
      && start == .content && pair.height == 400 && (evaluations ?? 20) == 20
      && (iterations ?? 20) == 20
  }
}

extension StyleOptimization.Method: ExpressibleByArgument {}
