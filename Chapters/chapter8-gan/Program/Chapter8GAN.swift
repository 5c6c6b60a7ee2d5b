import ArgumentParser
import DataFiles
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
      Trains both networks of the book for 10,000 steps. Ctrl-C keeps the training, and --resume \
      goes on with it; with --steps larger than before a finished training goes on as well. Every \
      100 steps a sheet of samples and a checkpoint are written to output/chapter8-gan.
      """,
    subcommands: [Sample.self, Experiments.self])

  @OptionGroup var options: RunOptions

  @Option(number: "How many steps to train in all. Default: the book's 10,000.")
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
    var recipe = GANTraining.Recipe(options)
    recipe.dataRange = dataRange
    let pictures = try ClassPictures.load(className, options, atLeast: recipe.batchSize, run)
    let training = GANTraining(.init(recipe, pictures, seed: options.seed))
    print(training.gan.generator.summary() + "\n\n" + training.gan.discriminator.summary() + "\n")

    let store = CheckpointStore(in: run.folder, every: options.quick ? 10 : 100)
    if resume { try store.resume(training, run) }
    let failure = try train(training, pictures.pixels, store, run)
    try Results(training, pictures, run).add()
    if !run.isInterrupted { store.finish(training) }
    try run.finish()
    if let failure { throw failure }
  }

  /// Trains until all steps are made or the user has had enough.
  ///
  /// - Returns: what went wrong, if the networks broke down; they are then as the last checkpoint has them.
  private func train(
    _ training: GANTraining, _ images: Pixels, _ store: CheckpointStore, _ run: ChapterRun
  ) throws -> DataError? {
    let steps = steps ?? (options.quick ? 30 : 10_000)
    if training.steps >= steps {
      run.note("All \(steps) steps have been made before: give a larger --steps to go on.")
      return nil
    }
    do {
      try training.train(images, until: steps, run, logEvery: store.interval) { step in
        if step % store.interval == 0 { try store.saveSamples(of: training) }
      }
      try store.save(training)
      return nil
    } catch let breakdown as GANTraining.NotFinite {
      return try store.recover(training, from: breakdown)
    }
  }
}

extension GANTraining {
  /// Takes steps and shows how far it has come, until all are made or the user has had enough.
  func train(
    _ images: Pixels, until steps: Int, _ run: ChapterRun, logEvery interval: Int,
    stepDidEnd: (Int) throws -> Void = { _ in }
  ) throws {
    let progress = StepProgress(
      after: self.steps, of: steps, every: interval, isShown: !run.options.noProgress)
    defer { progress.finish() }
    try run.loop(until: steps, from: self.steps) { number in
      let losses = try step(images)
      progress.stepDidEnd(
        number, [("d loss", losses.discriminator), ("adv loss", losses.adversarial)])
      try stepDidEnd(number)
      return true
    }
  }
}

extension GANTraining.Recipe {
  /// The book's, or in a quick run one with a sixteenth of the channels, so that it takes seconds.
  init(_ options: RunOptions) {
    batchSize = options.batchSize(book: options.quick ? 4 : batchSize)
    if options.quick { channels = 16 }
  }
}

extension GANTraining.Plan {
  /// The plan to learn from pictures.
  init(_ recipe: GANTraining.Recipe, _ pictures: ClassPictures, seed: UInt64) {
    self.init(
      recipe: recipe, seed: seed, className: pictures.className, pictureCount: pictures.count,
      pictureHash: pictures.pixels.bytes.fingerprint)
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
      name, pictures: options.quick ? 200 : nil, from: options.location, offline: options.offline)
    guard pictures.count >= minimum else {
      throw DataError(
        "A step takes \(minimum) pictures, but there are \(pictures.count): give a smaller --batch-size."
      )
    }
    run.data = pictures.origin
    return pictures
  }
}
