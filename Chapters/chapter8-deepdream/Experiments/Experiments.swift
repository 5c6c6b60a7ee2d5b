import ArgumentParser
import DeepLearning
import Figures
import Gallery
import Images

/// Reader questions: what does each part of the recipe do to a dream?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter8-deepdream", "Dreams of single layers, and of other recipes.",
    discussion: """
      Six experiments: layers (single ones beside the mix), detail (with and without what sizes \
      have lost), octaves (numbers of sizes, and factors between them), measure (other losses), \
      ceiling (other maximum losses) and start (from noise). Figures and a report are written to \
      output/chapter8-deepdream-experiments.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var dreaming: DreamOptions
  @OptionGroup var variantOptions: VariantOptions

  func run() throws {
    let experiments = try variantOptions.chosen(from: Experiment.allCases, name: \.rawValue)
    let input = try InputImage(dreaming.image, size: dreaming.size, options)
    let network = try DreamNetwork.load(dreaming.network, weights: dreaming.weights, options)
    let run = try ChapterRun(
      "chapter8-deepdream-experiments", section: "8.2", title: "other recipes for dreams", options)
    Interruption.listen()
    run.data = input.origin
    run.note(network.label)
    // Every dream takes all its steps: each changes colours by as much as any other.
    let recipe = DeepDream(
      contributions: network.contributions, iterations: options.quick ? 2 : 20, maxLoss: .infinity)
    let usual = DreamPlan(dream: recipe, tile: dreaming.tile)
    for experiment in experiments {
      if run.isInterrupted { break }
      try compare(
        experiment.variants(of: usual, by: network), in: experiment, input, network, run)
    }
    try run.finish()
  }

  /// Dreams in all ways, and shows the dreams side by side.
  private func compare(
    _ variants: [Variant], in experiment: Experiment, _ input: InputImage, _ network: DreamNetwork,
    _ run: ChapterRun
  ) throws {
    var table = ResultTable("recipe", "steps", "change", "at the border", "roughness")
    var pictures: [Picture] = []
    let progress = ExperimentProgress(
      experiment.rawValue, total: variants.count, unit: "dreams", isShown: !options.noProgress)
    defer { progress.finish() }
    for variant in variants {
      let original = variant.startsFromNoise ? input.noise(seed: options.seed) : input.tensor
      let dream = DreamRun(
        variant.plan, by: network, seed: options.seed, shouldStop: { run.isInterrupted }
      ) { event, _, _ in if case .step = event { Interruption.pointReached() } }
      try dream.dream(about: original)
      if run.isInterrupted { return }
      let image = Image(dream: dream.image)
      let difference = ImageDifference(Image(dream: original), image)
      let steps = dream.octaves.reduce(0) { $0 + $1.losses.count }
      table.add(
        [variant.name, "\(steps)"]
          + [difference.mean, difference.atBorder, image.roughness].map(ResultTable.number))
      run.result("\(variant.name): mean change", here: difference.mean, better: .higher)
      pictures.append(image.limited(to: 480).picture(caption: variant.name))
      progress.advance()
    }
    progress.finish()
    run.add(table, titled: experiment.title + " (change and roughness in grey levels)")
    run.add(
      PictureGrid(
        title: experiment.title, columns: pictures.count == 4 ? 2 : 3, footnote: network.label,
        pictures: pictures), as: experiment.rawValue, book: experiment == .layers ? "8.6" : nil)
  }
}
