import ArgumentParser
import DeepLearning
import Figures
import Gallery
import Images

@main
struct Chapter5CatsDogs: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter5-cats-dogs",
    "Tell cats from dogs with a convnet, with and without augmentation (section 5.2).",
    discussion: """
      Run A trains the book's convnet on 2,000 photographs for 30 epochs; run B with augmentation \
      and dropout for 100. Each epoch is kept, and --resume goes on where training stopped.
      """,
    results: "Figures, weights and a report",
    subcommands: [Prepare.self, Predict.self, Experiments.self])

  @OptionGroup var options: RunOptions

  @Option(
    name: .customLong("run"),
    help: "What to train: a (plain), b (augmentation and dropout) or both.")
  var choice = Choice.both

  @Flag(help: "Go on where an earlier run with the same flags was stopped.")
  var resume = false

  /// Which of the book's runs are wanted.
  enum Choice: String, CaseIterable, ExpressibleByArgument {
    case a, b, both
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter5-cats-dogs", section: "5.2", title: "telling cats from dogs with few pictures",
      options)
    let photographs = try PetPhotographs.load(perClass: options.quick ? 10 : nil, for: run)
    run.note(
      "Each epoch is validated on all \(photographs.validation.count) pictures; the book draws about 1,576 of 1,000."
    )
    drawSamples(photographs, run)

    let trainings = Training.book.filter { choice == .both || choice.rawValue == $0.name }
    print("\n" + network(dropout: 0, seed: options.seed).summary())
    let resumable = try trainings.map { training in
      try ResumableTraining(
        training.name, titled: "Run \(training.name)",
        batchSize: options.batchSize(book: training.batchSize), resume: resume, in: run)
    }
    for (training, resumable) in zip(trainings, resumable) where !run.isInterrupted {
      let (model, history) = try train(training, on: photographs, resumable, run)
      run.add(history, as: training.name == "b" ? "history-augmented" : "history")
      run.add(weightsOf: model, as: training.weights)
      draw(history, of: training, run)
      report(history, of: training, run)
      if !run.isInterrupted { test(model, training, on: photographs, run) }
    }
    try run.finish()
    for training in resumable { try training.finish() }
  }

  /// Trains a network, from the start or from where an earlier run came to.
  private func train(
    _ training: Training, on photographs: PetPhotographs, _ resumable: ResumableTraining,
    _ run: ChapterRun
  ) throws -> (Sequential, History) {
    var training = training
    training.epochs = options.epochs(book: training.epochs, quick: training.name == "a" ? 3 : 2)
    training.batchSize = options.batchSize(book: training.batchSize)
    let (train, validation) = (photographs.train, photographs.validation)
    if options.quick, training.stepsPerEpoch != nil {
      training.stepsPerEpoch = train.count > training.batchSize ? 2 : 1
    }
    let model = network(dropout: training.dropout, seed: options.seed)
    let past = try resumable.restore(model, epochs: training.epochs)
    print(
      """

      Run \(training.name): \(training.title), \(training.epochs) epochs on \(train.count) \
      pictures, watched on \(validation.count) others
      """)
    let history = try training.train(
      model, on: train.x, train.labels, watching: (validation.x, validation.y),
      seed: options.seed, after: past, callbacks: resumable.callbacks())
    try resumable.loadBest(into: model)
    resumable.noteBest()
    return (model, history)
  }

  /// Some of the pictures, and what augmentation makes of one of them.
  private func drawSamples(_ photographs: PetPhotographs, _ run: ChapterRun) {
    let train = photographs.train
    let half = train.labels.count { $0 == 0 }
    let cats = (0..<min(4, half)).map { $0 }
    let dogs = (half..<min(half + 4, train.count)).map { $0 }
    run.add(
      PictureGrid(
        title: "Pictures to learn from", columns: 4,
        pictures: (cats + dogs).map { train[$0].picture() }), as: "pictures", book: "5.8")
    var random = RandomGenerator(seed: options.seed)
    let cat = train[min(3, half - 1)]
    run.add(
      PictureGrid(
        title: "A cat, and four random variants of it", columns: 5,
        pictures: [cat.picture()]
          + (0..<4).map { _ in Augmentation.book.apply(to: cat, using: &random).picture() }),
      as: "augmented", book: "5.11")
  }

  /// The book's two figures of a run: dots are training, lines validation.
  private func draw(_ history: History, of training: Training, _ run: ChapterRun) {
    let prefix = training.name == "b" ? "augmented-" : ""
    let remark = training.name == "b" ? ", with augmentation" : ""
    run.addAccuracy(
      of: history, as: prefix + "accuracy", remark: remark,
      book: training.name == "b" ? "5.12" : "5.9")
    run.addLoss(
      of: history, as: prefix + "loss", remark: remark,
      book: training.name == "b" ? "5.13" : "5.10")
  }

  /// The numbers of a run beside the book's.
  private func report(_ history: History, of training: Training, _ run: ChapterRun) {
    guard let best = history["val_acc"].max(), let last = history.epochs.last,
      let lowest = history.epochOfMinimum("val_loss")
    else { return }
    let (title, book) = (training.title, BookResults.ofTrainings[training.name])
    run.result(
      "\(title): best validation accuracy", book: book?.bestAccuracy, here: best, better: .higher)
    run.result(
      "\(title): last validation accuracy", book: book?.lastAccuracy, here: last["val_acc"] ?? .nan,
      better: .higher)
    run.result(
      "\(title): lowest validation loss", book: book?.lowestLoss,
      here: history["val_loss"][lowest - 1], better: .lower)
    run.result(
      "\(title): epoch of lowest validation loss", book: book?.lowestEpoch, here: Double(lowest),
      better: .higher)
    run.result(
      "\(title): last training accuracy", book: book?.trainingAccuracy, here: last["acc"] ?? .nan,
      better: .higher)
  }

  /// What a network achieves on pictures that have had no part in anything, if there are any.
  private func test(
    _ model: Sequential, _ training: Training, on photographs: PetPhotographs, _ run: ChapterRun
  ) {
    let isHeadline = training.name == "b" || choice == .a
    let name = isHeadline ? "test accuracy" : "\(training.title): test accuracy"
    let accuracy =
      photographs.test.map { Double(model.evaluate($0.x, $0.y).accuracy) } ?? .nan
    run.result(name, here: accuracy, better: .higher)
  }
}
