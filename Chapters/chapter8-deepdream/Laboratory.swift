import Figures
import Gallery
import Images

/// Makes dreams of one picture by many recipes.
struct Laboratory {
  /// A recipe with a name.
  struct Variant {
    let name: String
    let recipe: DreamRecipe
    var startsFromNoise = false
  }

  let subject: Subject
  let network: DreamNetwork
  let run: ChapterRun
  let tile: Int

  /// The usual recipe, but that every dream takes all its steps: each changes colours by as much as any other.
  private var usual: DreamRecipe {
    var recipe = DreamRecipe(contributions: network.contributions)
    recipe.maxLoss = .infinity
    recipe.steps = run.options.quick ? 2 : 20
    recipe.tile = tile
    return recipe
  }

  private func variant(
    _ name: String, fromNoise: Bool = false, _ change: (inout DreamRecipe) -> Void = { _ in }
  ) -> Variant {
    var recipe = usual
    change(&recipe)
    return Variant(name: name, recipe: recipe, startsFromNoise: fromNoise)
  }

  /// The recipes of an experiment.
  func variants(of part: Experiments.Part) -> [Variant] {
    switch part {
    case .layers:
      return network.kind.singleLayers.map { layer in
        variant(layer) { $0.contributions = [.init(layer: layer, weight: 1)] }
      } + [variant("the mix")]
    case .detail:
      return [
        variant("with lost detail"), variant("without") { $0.reinjectsDetail = false },
        variant("sizes 2 apart, with") { $0.octaveScale = 2 },
        variant("sizes 2 apart, without") { ($0.octaveScale, $0.reinjectsDetail) = (2, false) },
      ]
    case .octaves:
      return [1, 2, 3, 5].map { count in
        variant("\(count) \(count == 1 ? "size" : "sizes"), 1.4 apart") { $0.octaves = count }
      } + [1.2, 1.8].map { scale in variant("3 sizes, \(scale) apart") { $0.octaveScale = scale } }
    case .measure:
      return [
        variant("squares, without a border of 2"),
        variant("squares, with it") { $0.margin = 0 },
        variant("squares, not divided by size") { $0.measure = .undividedSquares },
        variant("mean activation") { $0.measure = .mean },
      ]
    case .ceiling:
      return [2.5, 5, 10, Float.infinity].map { ceiling in
        variant(ceiling.isFinite ? "until a loss of \(ceiling)" : "all steps") {
          ($0.maxLoss, $0.octaves, $0.steps) = (ceiling, 1, 4 * usual.steps)
        }
      }
    case .start:
      return [
        variant("the picture"), variant("noise", fromNoise: true),
        variant("noise, 5 sizes", fromNoise: true) { $0.octaves = 5 },
      ]
    }
  }

  /// Dreams by all recipes, and draws the dreams side by side.
  func compare(_ variants: [Variant], titled title: String, as name: String) {
    var table = ResultTable([
      ("recipe", .left), ("steps", .right), ("change", .right), ("at the border", .right),
      ("roughness", .right),
    ])
    var pictures: [Picture] = []
    let progress = ExperimentProgress(
      name, total: variants.count, unit: "dreams", isShown: !run.options.noProgress)
    defer { progress.finish() }
    for variant in variants {
      let original =
        variant.startsFromNoise ? subject.noise(seed: run.options.seed) : subject.tensor
      let dream = Dream(
        of: original, by: network, variant.recipe, seed: run.options.seed,
        shouldStop: { run.isInterrupted },
        watch: { moment in if case .step = moment.stage { Interruption.pointReached() } })
      if run.isInterrupted { return }
      let image = Image(dream: dream.picture)
      let difference = Difference(Image(dream: original), image)
      let steps = dream.octaves.reduce(0) { $0 + $1.losses.count }
      table.add(
        [variant.name, "\(steps)"]
          + [difference.mean, difference.atBorder, image.roughness].map(ResultTable.number))
      run.result("\(variant.name): mean change", here: difference.mean, better: .higher)
      pictures.append(image.limited(to: 480).picture(caption: variant.name))
      progress.advance()
    }
    progress.finish()
    run.add(table, titled: title + " (change and roughness in grey levels)")
    var grid = PictureGrid(
      title: title, columns: pictures.count == 4 ? 2 : 3, pictures: pictures)
    grid.footnote = network.label
    run.add(grid, as: name, book: name == "layers" ? "8.6" : nil)
  }
}
