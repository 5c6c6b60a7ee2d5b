// Section 8.3: neural style transfer.
//
// One picture keeps its content and takes on the style of another. A network that knows photographs judges: content is
// what its upper layers see, style is which of its channels are strong together, whatever the place. The picture
// itself is what is learned: its pixels change until both are right, and neighbours do not differ too much.

import ArgumentParser
import DeepLearning
import Foundation
import Gallery

@main
struct Chapter8StyleTransfer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter8-style-transfer",
    abstract: "Paint a photograph in the style of a picture (book section 8.3).",
    usage: "chapter8-style-transfer [study] [options]",
    discussion: """
      Makes the losses of content, style and total variation small with L-BFGS, 20 times 20 \
      evaluations, starting from the photograph. Takes some minutes. A picture is kept after each \
      iteration; Ctrl-C keeps the best one so far. Pictures, figures and a report are written to \
      output/chapter8-style-transfer.
      """,
    subcommands: [Study.self])

  @OptionGroup var options: RunOptions

  @OptionGroup var pictures: StylePictures

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much the content counts. Default: the book's 0.025.", valueName: "number"))
  var contentWeight: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much the style counts, shared by five layers. Default: the book's 1 for VGG19.",
      valueName: "number"))
  var styleWeight: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much smoothness counts (total variation). Default: the book's 0.0001.",
      valueName: "number"))
  var tvWeight: Float?

  @Option(help: "How to make the loss small: lbfgs or adam.")
  var optimizer = Descent.Method.lbfgs

  @Option(help: "The first picture: content or noise.")
  var start = Start.content

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many iterations. Default: 20.", valueName: "number"))
  var iterations: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often the loss is computed in each iteration. Default: 20.", valueName: "number"))
  var evaluations: Int?

  /// What the descent starts from.
  enum Start: String, CaseIterable, ExpressibleByArgument {
    case content, noise
  }

  func validate() throws {
    for (weight, flag) in [
      (contentWeight, "--content-weight"), (styleWeight, "--style-weight"),
      (tvWeight, "--tv-weight"),
    ] {
      // Too large a loss is no number, which ends the run with the last good picture.
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
    let loss = StyleLoss(
      network, content: pair.content.networkInput, style: pair.style.networkInput, weights: weights)
    let iterations = iterations ?? options.epochs(book: 20, quick: 2)
    let evaluations = evaluations ?? (options.quick ? 3 : 20)
    var results = Results(pair, network, iterations: iterations, run)
    let left = ExperimentProgress(
      "style transfer", total: iterations * evaluations, unit: "evaluations",
      isShown: !options.noProgress)
    let descent = Descent(
      from: startPicture(pair), loss, .init(method: optimizer, evaluations: evaluations)
    ) { _ in
      left.advance()
      return !run.isInterrupted
    }
    try run.loop(until: iterations) { number in
      do {
        try descent.iterate()
      } catch let obstacle as Descent.Obstacle {
        if obstacle == .notFinite { results.stop(after: descent.evaluations) }
        return false
      }
      left.finish()
      try results.add(descent, iteration: number)
      return true
    }
    left.finish()
    try results.finish(descent, isBooks: isBooks(pair, network, weights))
  }

  /// What counts how much: the book's numbers for the book's network.
  private func weights(for network: StyleNetwork) -> StyleLoss.Weights {
    let standard = network.weights
    return StyleLoss.Weights(
      content: contentWeight ?? standard.content, style: styleWeight ?? standard.style,
      variation: tvWeight ?? standard.variation)
  }

  private func startPicture(_ pair: StylePictures.Pair) -> Tensor {
    if start == .content { return pair.content.networkInput }
    var random = RandomGenerator(seed: options.seed)
    return .uniform([1, pair.height, pair.width, 3], in: -100..<100, using: &random)
  }

  /// Whether the loss may be held against the book's.
  private func isBooks(
    _ pair: StylePictures.Pair, _ network: StyleNetwork, _ weights: StyleLoss.Weights
  ) -> Bool {
    pair.isBooks && network.isBooks && weights == StyleLoss.Weights() && optimizer == .lbfgs
      && start == .content && pair.height == 400 && (evaluations ?? 20) == 20
  }
}

extension Descent.Method: ExpressibleByArgument {}
