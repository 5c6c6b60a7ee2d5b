import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

/// Which of the book's tricks matter?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter8-gan", "The same training with one thing changed at a time.",
    discussion: """
      Trains seven times for 500 steps: as printed, with pictures from -1 to 1, without noise on \
      the labels, without dropout, with ReLU, without clipping, with made and real pictures in \
      batches of their own. Before that checkerboard, which trains nothing: what a transposed \
      convolution is, and figure 8.16. --only <name> does only one of them.
      """)

  @OptionGroup var options: RunOptions

  @Option(number: "How many steps to train each time.")
  var steps: Int?

  @OptionGroup var variantOptions: VariantOptions

  func validate() throws {
    try check("--steps", steps, in: 1...1_000_000)
    if options.epochs != nil {
      throw ValidationError("This training is counted in steps: give --steps instead of --epochs.")
    }
  }

  func run() throws {
    let names = try variantOptions.chosen(
      from: ["checkerboard"] + Variant.all.map(\.name), name: \.self)
    let variants = Variant.all.filter { names.contains($0.name) }
    let run = try ChapterRun(
      "chapter8-gan-experiments", section: "8.5", title: "which of the book's tricks matter?",
      options)
    if names.contains("checkerboard") { Checkerboard.show(run) }
    if !variants.isEmpty { try train(variants, run) }
    try run.finish()
  }

  private func train(_ variants: [Variant], _ run: ChapterRun) throws {
    let recipe = GANTraining.Recipe(options)
    let pictures = try ClassPictures.load("frog", options, atLeast: recipe.batchSize, run)
    let steps = steps ?? (options.quick ? 3 : 500)
    var table = ResultTable("training", "d loss", "adv loss", "nearest made", "taken for real")
    var grid: [Picture] = []
    var names: [String] = []
    for variant in variants where !run.isInterrupted {
      let training = variant.training(recipe, pictures, seed: options.seed)
      run.note("Training \(variant.name).")
      do {
        try training.train(pictures.pixels, until: steps, run, logEvery: 100)
        let made = training.images(at: CheckpointStore.points(seed: options.seed))
        let record = try training.measured(made)
        if run.isInterrupted { break }
        let (state, half) = (training.state, training.steps / 2)
        let numbers = [
          Statistics.median(state.discriminatorLosses[half...]),
          Statistics.median(state.adversarialLosses[half...]), record.madeGap, record.deceptions,
        ]
        table.add([variant.name] + numbers.map { ResultTable.number(Double($0)) })
        grid += made[0..<10].pictures()
        names.append(variant.name)
      } catch is GANTraining.NotFinite {
        table.add([variant.name, "broke down in step \(training.steps)", "–", "–", "–"])
      }
    }
    run.add(table, titled: "Median losses of the second half; difference of the samples; verdict")
    if !grid.isEmpty {
      run.add(
        PictureGrid(
          title: "The same ten points after \(steps) steps", columns: 10,
          footnote: "From top to bottom: \(names.joined(separator: ", ")).", pictures: grid),
        as: "recipes")
    }
  }
}
