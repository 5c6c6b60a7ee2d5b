// Section 8.5: two networks that teach each other to draw frogs.
//
// The generator makes pictures out of 32 numbers drawn by chance. The discriminator is shown made and real pictures
// and learns to tell them apart; the generator learns what the discriminator takes for real. Neither is ever shown
// what a good picture is, and there is no loss that falls: both losses stay where they are while the pictures change.

import ArgumentParser
import Datasets
import DeepLearning
import Foundation
import Gallery

@main
struct Chapter8GAN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter8-gan",
    abstract: "Dream up frogs: a generator against a discriminator (section 8.5).",
    usage: "chapter8-gan [sample|experiments] [options]",
    discussion: """
      Trains both networks of the book for 10,000 steps, which takes hours. Ctrl-C keeps the training, \
      and --resume goes on with it; with --steps larger than before a finished training goes on as well. \
      Every 100 steps a sheet of samples and a checkpoint are written to output/chapter8-gan.
      """,
    subcommands: [Sample.self, Experiments.self])

  @OptionGroup var options: RunOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many steps to train in all. Default: the book's 10,000.", valueName: "number"))
  var steps: Int?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("What is on the pictures: a class of CIFAR-10.", valueName: "name"))
  var className = "frog"

  @Option(
    help: ArgumentHelp(
      """
      unit: pictures from 0 to 1, as printed, though a tanh reaches from -1 to 1. tanh: pictures from -1 to 1.
      """, valueName: "unit|tanh"))
  var dataRange = DataRange.unit

  @Flag(help: "Go on where an earlier run with the same flags was stopped.")
  var resume = false

  func validate() throws {
    try check("--steps", steps, in: 1...1_000_000)
    if options.epochs != nil {
      throw ValidationError("This training is counted in steps: give --steps instead of --epochs.")
    }
    guard CIFAR10.classNames.contains(className) else {
      let names = CIFAR10.classNames.joined(separator: ", ")
      throw ValidationError("--class knows \(names), but not \"\(className)\".")
    }
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter8-gan", section: "8.5", title: "two networks that teach each other to draw", options)
    var recipe = Recipe(options)
    recipe.dataRange = dataRange
    let pictures = try ClassPictures.load(className, options, atLeast: recipe.batchSize, run)
    let training = AdversarialTraining(.init(recipe, pictures, seed: options.seed))
    print(training.generator.summary() + "\n\n" + training.discriminator.summary() + "\n")

    let keeping = Keeping(in: run.folder, every: options.quick ? 10 : 100)
    try keeping.begin(training, resume: resume, run)
    let failure = try train(training, pictures.pixels, keeping, run)
    try Results(training, pictures, run).add()
    if !run.isInterrupted { keeping.finish(training) }
    try run.finish()
    if let failure { throw failure }
  }

  /// Trains until all steps are made or the user has had enough.
  ///
  /// - Returns: what went wrong, if the networks broke down; they are then as the last checkpoint has them.
  private func train(
    _ training: AdversarialTraining, _ pictures: Pixels, _ keeping: Keeping, _ run: ChapterRun
  ) throws -> DataError? {
    let steps = steps ?? (options.quick ? 30 : 10_000)
    if training.steps >= steps {
      run.note("All \(steps) steps have been made before: give a larger --steps to go on.")
      return nil
    }
    let progress = StepProgress(
      after: training.steps, of: steps, every: keeping.interval, isShown: !options.noProgress)
    do {
      try run.loop(until: steps, from: training.steps) { step in
        let losses = try training.step(pictures)
        progress.stepDidEnd(
          step, [("d loss", losses.discriminator), ("adv loss", losses.adversarial)])
        if step % keeping.interval == 0 { try keeping.keepSheet(of: training) }
        return true
      }
      progress.finish()
      try keeping.keep(training)
      return nil
    } catch let breakdown as AdversarialTraining.NotFinite {
      progress.finish()
      return try keeping.recover(training, from: breakdown)
    }
  }
}

extension Recipe {
  /// The book's, or in a quick run one with a sixteenth of the channels, so that it takes seconds.
  init(_ options: RunOptions) {
    batchSize = options.batchSize(book: options.quick ? 8 : batchSize)
    if options.quick { channels = 16 }
  }
}

extension ClassPictures {
  /// The pictures to learn from.
  ///
  /// - Throws: `DataError` if there are not enough of them.
  static func load(
    _ name: String, _ options: RunOptions, atLeast minimum: Int, _ run: ChapterRun
  ) throws -> ClassPictures {
    let pictures = try CIFAR10.load(
      name, pictures: options.quick ? 400 : nil, from: options.location, offline: options.offline)
    guard pictures.count >= minimum else {
      throw DataError(
        "A step takes \(minimum) pictures, but there are \(pictures.count): give a smaller --batch-size."
      )
    }
    run.data = pictures.origin
    return pictures
  }
}
