import ArgumentParser
import DeepLearning
import Foundation
import Gallery

@main
struct Chapter5Pretrained: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter5-pretrained",
    "Tell cats from dogs with VGG16, trained on other pictures (section 5.3).",
    discussion: """
      Trains a classifier on what VGG16 makes of the pictures (features), then on top of the \
      frozen VGG16 with augmentation (frozen). On request VGG16's last block learns too \
      (finetune), or all of it (trainable); the time is told at the start. Each epoch is kept, and \
      --resume goes on where training stopped.
      """,
    results: "Figures, weights and a report", subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions

  @Option(
    name: .customLong("run"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "What to train, one or several of: features, frozen, finetune, trainable, all.",
      valueName: "name"))
  var choices: [Plan.Name] = [.features, .frozen]

  @Option(file: "What finetune starts from. Default: what frozen has saved in output/.")
  var start: String?

  @Option(
    help: ArgumentHelp(
      """
      What VGG16 sees: scale (0 to 1, as in the book) or vgg (what it was trained with). Default: \
      scale.
      """, valueName: "how"))
  var preprocessing: Preprocessing?

  @Flag(help: "Go on where an earlier run with the same flags was stopped.")
  var resume = false

  func run() throws {
    let run = try ChapterRun(
      "chapter5-pretrained", section: "5.3", title: "telling cats from dogs with VGG16", options)
    let plans = Plan.book.filter { choices.contains($0.name) || choices.contains(.all) }
    let start = try startOfFineTuning(plans, run)
    let base = try PretrainedBase(options, preprocessing)
    let pictures = try PetPhotographs.load(perClass: options.quick ? 2 : nil, for: run)
    base.announce(in: run)

    // Features are computed and learned from in minutes: that is not kept.
    let resumable = try plans.filter { $0.name != .features }.map { plan in
      (
        name: plan.name,
        training: try ResumableTraining(
          "\(plan.name)", titled: "Run \(plan.name)", batchSize: options.batchSize(book: 20),
          details: "\(base.preprocessing)", resume: resume, in: run)
      )
    }
    var learned = start
    for plan in plans where !run.isInterrupted {
      let model: Model
      let history: History
      print("\nRun \(plan.name): \(plan.introduction).")
      if let resumable = resumable.first(where: { $0.name == plan.name })?.training {
        (model, history) = try trainExtended(plan, pictures, base, from: learned, resumable)
        if plan.name == .frozen, start == nil { learned = model.weights.map(\.value) }
        run.add(weightsOf: model, as: plan.weights)
        if !run.isInterrupted, let test = pictures.test {
          report(test: model.evaluate(test.x, test.y), of: plan, run)
        }
      } else {
        history = try trainOnFeatures(plan, pictures, base, run)
      }
      run.add(history, as: "history-\(plan.name)")
      draw(history, of: plan, footnote: base.footnote, run)
      report(history, of: plan, run)
    }
    try run.finish()
    for (_, training) in resumable { try training.finish() }
  }

  /// The weights that fine-tuning begins with, unless they are made before it or it goes on.
  private func startOfFineTuning(_ plans: [Plan], _ run: ChapterRun) throws -> [Tensor]? {
    guard let plan = plans.first(where: { $0.name == .finetune }) else { return nil }
    let mayWait =
      plans.contains { $0.name == .frozen }
      || resume && TrainingFiles(of: "\(plan.name)", in: run.folder).exist
    if start == nil, mayWait { return nil }
    let file =
      start.map { URL(fileURLWithPath: $0) }
      ?? run.folder.appending(path: "cats_and_dogs_small_3.safetensors")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw WeightsError(
        file,
        reason: "fine-tuning starts from what the run frozen saves, but the file is not there. Add "
          + "frozen to --run, or name a file with --start.")
    }
    return try PretrainedBase.savedWeights(file)
  }
}
