import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter8TextGeneration: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter8-text-generation",
    "Learn to write like a corpus, character by character (section 8.1).",
    discussion: """
      Trains an LSTM of 128 units for 60 epochs and lets it write at four temperatures after each. \
      Each epoch is kept, and --resume goes on where training stopped.
      """,
    results: "Samples, figures, weights and a report",
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
    let corpus = try textOptions.load(options, atLeast: TextGeneration.window + 1, run)
    let (x, y) = corpus.windows()
    var origin = corpus.origin
    origin.trainSamples = x.count
    run.data = origin
    if !asPrinted {
      run.markDeviation("gradients clipped to norm \(Int(RMSprop.clipNorm)), without --as-printed")
    }

    let characters = corpus.vocabulary.count
    let model = TextGeneration.network(
      characters: characters, optimizer: asPrinted ? RMSprop(learningRate: 0.01) : .clipped(),
      seed: options.seed)
    print(model.summary() + "\n")
    let writer = SampleWriter(
      corpus, seed: options.seed, length: options.quick ? 120 : 400, isChained: asPrinted,
      folder: run.folder)
    let vocabulary = SavedVocabulary(corpus)
    let batchSize = options.batchSize(book: options.quick ? 32 : 128)
    let training = try ResumableTraining(
      "text-generation", monitor: "loss", batchSize: batchSize,
      details: "\(corpus.count) characters (\(corpus.ids.fingerprint)); as printed: \(asPrinted)",
      resume: resume, in: run)
    let epochs = options.epochs(book: asPrinted ? 59 : 60, quick: 2)
    let past = try training.restore(model, epochs: epochs)
    if !past.epochs.isEmpty { try writer.resume(after: past.epochs.count) }
    let history = try model.fit(
      x, y, epochs: epochs, batchSize: batchSize, resuming: past,
      callbacks: training.callbacks(keeping: [
        AfterFirstEpoch { try vocabulary.write(beside: training.files.best) }, writer,
      ]))
    try training.loadBest(into: model)
    training.noteBest()

    run.add(history)
    run.add(weightsOf: model)
    draw(history, writer.epochs, run)
    drawReweighting(model, corpus, run)
    show(writer.epochs, corpus, run)
    report(history, writer.epochs, run)
    try vocabulary.write(beside: run.folder.appending(path: "weights.safetensors"))
    try run.finish()
    try training.finish()
    writer.finish()
    SavedVocabulary.remove(beside: training.files.best)
  }
}

extension RMSprop {
  /// To which norm gradients are scaled down that exceed it.
  static let clipNorm: Float = 1

  /// The book's optimizer with clipped gradients, so that training does not break down in its last epochs.
  static func clipped(learningRate: Float = 0.01) -> RMSprop {
    let optimizer = RMSprop(learningRate: learningRate)
    optimizer.clipNorm = clipNorm
    return optimizer
  }
}
