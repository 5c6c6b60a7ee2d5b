import ArgumentParser
import Figures
import Gallery

/// Reader questions, answered by experiment.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter8-style-transfer",
    "Try other ways, and see what each part of the method is good for.",
    discussion: """
      Three look at a formula: gram, scale (4 N² M²) and shifts (of the total variation). Seven \
      compare a few variants on small pictures: texture, variation, sums, layer, weight, optimizer \
      and start. Figures and a report are written to output/chapter8-style-transfer-experiments.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var pictures: StylePictures
  @OptionGroup var variantOptions: VariantOptions

  @Option(number: "How many iterations of 20 evaluations for each variant. Default: 6.")
  var iterations: Int?

  func validate() throws {
    try check("--iterations", iterations, in: 1...1_000)
  }

  func run() throws {
    let formulas = Demonstration.allCases.map(\.rawValue)
    let names = try variantOptions.chosen(
      from: formulas + Experiment.allCases.map(\.rawValue), name: \.self)
    let run = try ChapterRun(
      "chapter8-style-transfer-experiments", section: "8.3",
      title: "what style transfer is made of",
      options)
    Interruption.listen()
    let pair = try pictures.load(options, height: options.quick ? 32 : 200)
    run.data = pair.origin
    let network = try StyleNetwork(height: pair.height, width: pair.width, options)
    run.note("Style and content are seen by \(network.origin.name): \(network.origin.detail)")
    run.markNotComparable("another experiment than the book's")
    let demonstrations = Demonstrations(pair, network, run)
    for formula in names.compactMap(Demonstration.init) where !run.isInterrupted {
      try demonstrations.show(formula)
    }
    let experiments = names.compactMap(Experiment.init)
    if !experiments.isEmpty {
      let comparison = Comparison(
        pair, network, iterations: iterations ?? options.epochs(book: 6, quick: 1),
        evaluations: options.quick ? 1 : 20, run)
      for experiment in experiments where !run.isInterrupted { try show(experiment, comparison) }
    }
    try run.finish()
  }

  /// Compares the variants of one experiment: a row of pictures, a table, and curves for the optimisers.
  private func show(_ experiment: Experiment, _ comparison: Comparison) throws {
    let run = comparison.run
    var outcomes: [Comparison.Outcome] = []
    for variant in experiment.variants(StyleTransfer.Weights()) {
      guard let outcome = try comparison.outcome(of: variant) else { break }
      outcomes.append(outcome)
    }
    guard !outcomes.isEmpty else { return }
    var table = ResultTable("way", "content loss", "style loss", "variation")
    for outcome in outcomes {
      let parts = outcome.judgement
      table.add(
        [outcome.variant.name] + [parts.content, parts.style, parts.variation].map(LossValues.text))
      let name = "\(experiment.rawValue), \(outcome.variant.name)"
      run.result("\(name): content loss", here: parts.content, better: .lower)
      run.result("\(name): style loss", here: parts.style, better: .lower)
      run.result("\(name): variation", here: parts.variation, better: .lower)
    }
    run.add(table, titled: experiment.title + ": the book's loss of each")
    run.add(
      PictureGrid(
        title: experiment.title, columns: min(outcomes.count, 5),
        footnote: comparison.network.footnote,
        pictures: outcomes.map { $0.image.picture(caption: $0.variant.name) }),
      as: experiment.rawValue)
    if experiment == .optimizer { addLosses(outcomes, comparison) }
  }

  /// The lowest loss so far, by evaluation.
  private func addLosses(_ outcomes: [Comparison.Outcome], _ comparison: Comparison) {
    let figure = Figure(
      title: "The lowest loss so far", x: "Evaluations", y: "Loss", yScale: .logarithmic,
      footnote: comparison.network.footnote
    ) {
      outcomes.map { outcome in
        var lowest = Float.infinity
        return Line(
          outcome.losses.map { loss in
            lowest = min(lowest, loss)
            return lowest
          }, outcome.variant.name)
      }
    }
    comparison.run.add(figure, as: "optimizer-loss")
  }
}
