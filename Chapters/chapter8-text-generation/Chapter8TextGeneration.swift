// Section 8.1: writing text, character by character.
//
// A network learns which character follows after 60 of a text. What it answers are probabilities; one character is
// drawn by them and appended, and so it goes on. How daring the draw is, the temperature says: when it is low the
// text repeats itself, when it is high words fall apart.

import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter8TextGeneration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter8-text-generation",
    abstract: "Learn to write like a corpus, character by character (section 8.1).",
    usage: "chapter8-text-generation [generate|experiments] [options]",
    discussion: """
      Trains an LSTM of 128 units for 60 epochs and lets it write at four temperatures after each. Takes \
      about 20 minutes; each epoch is kept, and --resume goes on where training stopped. Samples, \
      figures, weights and a report are written to output/chapter8-text-generation.
      """,
    subcommands: [Generate.self, Experiments.self])

  @OptionGroup var options: RunOptions

  @OptionGroup var textOptions: TextOptions

  @Flag(
    help: """
      As the book prints it: each temperature continues what the one before has written, 59 epochs, \
      no clipping of gradients.
      """)
  var asPrinted = false

  @Flag(help: "Go on where an earlier run with the same flags was stopped.")
  var resume = false

  func run() throws {
    let run = try ChapterRun(
      "chapter8-text-generation", section: "8.1", title: "writing text, character by character",
      options)
    let corpus = try textOptions.load(options, atLeast: Network.window + 1, run)
    let (x, y) = corpus.windows()
    var origin = corpus.origin
    origin.trainSamples = x.count
    run.data = origin

    let model = Network.lstm(
      characters: corpus.vocabulary.count, clipNorm: asPrinted ? nil : Network.clipNorm,
      seed: options.seed)
    print(model.summary() + "\n")
    let plan = Plan(
      corpus, seed: options.seed, batchSize: options.batchSize(book: options.quick ? 32 : 128),
      asPrinted: asPrinted,
      length: options.quick ? 120 : 400)
    let samples = SampleWatch(plan, corpus, known: KnownText(corpus), folder: run.folder)
    let files = TrainingFiles(of: "text-generation", in: run.folder)
    let memory = TextMemory(corpus)
    let history = try train(model, x, y, plan, samples, files, memory, run)

    run.add(history)
    run.add(weightsOf: model)
    draw(history, samples.epochs, run)
    drawReweighting(model, corpus, run)
    show(samples.epochs, corpus, run)
    report(history, samples.epochs, run)
    try memory.write(beside: run.folder.appending(path: "weights.safetensors"))
    if !run.isInterrupted {
      files.remove()
      samples.finish()
      TextMemory.remove(beside: files.best)
    }
    try run.finish()
  }

  /// Trains the network, from the start or from where an earlier run came to, and gives it the best epoch's weights.
  private func train(
    _ model: Model, _ x: OneHotWindows, _ y: [Int32], _ plan: Plan, _ samples: SampleWatch,
    _ files: TrainingFiles, _ memory: TextMemory, _ run: ChapterRun
  ) throws -> History {
    var past = History()
    if resume {
      if files.exist {
        past = try model.restoreTraining(from: files.state)
        try samples.resume(after: past.epochs.count)
      }
      run.note(
        past.epochs.isEmpty
          ? "There is nothing to go on from: training starts anew."
          : "Training goes on after epoch \(past.epochs.count).")
    }
    try memory.write(beside: files.best)
    let best = BestWeights(files.best, monitor: "loss", past: past)
    let history = try model.fit(
      x, y, epochs: options.epochs(book: asPrinted ? 59 : 60, quick: 2), batchSize: plan.batchSize,
      resuming: past,
      callbacks: [best, samples, TrainingCheckpoint(files.state)] + run.callbacks())
    try best.putBack(into: model)
    if let epoch = best.epoch {
      run.note("The weights kept are those of epoch \(epoch), the one with the lowest loss.")
    }
    return history
  }
}
