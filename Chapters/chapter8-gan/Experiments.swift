import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery

/// Which of the book's tricks matter?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The same training with one thing changed at a time.",
    usage: "chapter8-gan experiments [options]",
    discussion: """
      Trains seven times for 500 steps: as printed, with pictures from -1 to 1, without noise on the labels, \
      without dropout, with ReLU, without clipping, with made and real pictures in batches of their own. \
      Takes hours.
      """)

  @OptionGroup var options: RunOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many steps to train each time.", valueName: "number"))
  var steps: Int?

  func validate() throws {
    try check("--steps", steps, in: 1...1_000_000)
    if options.epochs != nil {
      throw ValidationError("This training is counted in steps: give --steps instead of --epochs.")
    }
  }

  /// A recipe and what is special about it.
  private static func variants(_ book: Recipe) -> [(name: String, recipe: Recipe)] {
    func variant(_ name: String, _ change: (inout Recipe) -> Void) -> (String, Recipe) {
      var recipe = book
      change(&recipe)
      return (name, recipe)
    }
    return [
      ("as printed", book),
      variant("pictures from -1 to 1") { $0.dataRange = .tanh },
      variant("no noise on labels") { $0.labelNoise = 0 },
      variant("no dropout") { $0.dropout = 0 },
      variant("ReLU") { $0.slope = 0 },
      variant("no clipping") { $0.clipValue = nil },
      variant("made and real apart") { $0.mixesBatches = false },
    ]
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter8-gan-experiments", section: "8.5", title: "which of the book's tricks matter?",
      options)
    let book = Recipe(options)
    let pictures = try ClassPictures.load("frog", options, atLeast: book.batchSize, run)
    var table = ResultTable([
      ("training", .left), ("d loss", .right), ("adv loss", .right),
      ("nearest made", .right), ("taken for real", .right),
    ])
    var grid: [Picture] = []
    var names: [String] = []
    for (name, recipe) in Self.variants(book) where !run.isInterrupted {
      let training = AdversarialTraining(.init(recipe, pictures, seed: options.seed))
      run.note("Training \(name).")
      let made: Tensor
      let record: SheetRecord
      do {
        try train(training, pictures.pixels, run)
        made = training.pictures(at: SampleSheet.points(seed: options.seed))
        record = try training.measured(made)
      } catch is AdversarialTraining.NotFinite {
        table.add([name, "broke down in step \(training.steps)", "–", "–", "–"])
        continue
      }
      if run.isInterrupted { break }
      let half = training.steps / 2
      table.add([
        name, ResultTable.number(Double(median(training.state.discriminatorLosses[half...]))),
        ResultTable.number(Double(median(training.state.adversarialLosses[half...]))),
        ResultTable.number(Double(record.madeGap)), ResultTable.number(Double(record.deceptions)),
      ])
      let bytes = made.bytes
      grid += (0..<10).map { picture(Array(bytes[$0 * 3072..<($0 + 1) * 3072])) }
      names.append(name)
    }
    run.add(table, titled: "Median losses of the second half; difference of the samples; verdict")
    if !grid.isEmpty {
      run.add(
        PictureGrid(
          title: "The same ten points after \(steps ?? defaultSteps) steps", columns: 10,
          footnote: "From top to bottom: \(names.joined(separator: ", ")).", pictures: grid),
        as: "recipes")
    }
    try run.finish()
  }

  private var defaultSteps: Int { options.quick ? 3 : 500 }

  private func train(
    _ training: AdversarialTraining, _ pictures: Pixels, _ run: ChapterRun
  ) throws {
    let steps = steps ?? defaultSteps
    let progress = StepProgress(of: steps, every: 100, isShown: !options.noProgress)
    defer { progress.finish() }
    try run.loop(until: steps) { step in
      let losses = try training.step(pictures)
      progress.stepDidEnd(
        step, [("d loss", losses.discriminator), ("adv loss", losses.adversarial)])
      return true
    }
  }
}
