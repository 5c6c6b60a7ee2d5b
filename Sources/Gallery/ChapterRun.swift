import ArgumentParser
import DataFiles
import DeepLearning
import Figures
import Foundation
import TensorBoard

/// One run of a chapter: collects what it has to show, and writes it all at its end.
///
/// ```swift
/// let run = try ChapterRun("chapter3-imdb", section: "3.4", title: "Film reviews", options)
/// run.data = imdb.origin
/// let history = try model.fit(x, y, epochs: 20, callbacks: run.callbacks())
/// run.add(Figure(...), as: "loss", book: "3.7")
/// run.result("test accuracy", book: 0.88328, here: evaluation.accuracy, better: .higher)
/// try run.finish()
/// ```
///
/// Files are written only by ``finish()``, so that a run that fails leaves an earlier run's
/// output as it was. Ctrl-C during training ends that training; the program goes on with what was
/// learned, and ends before another training or in ``finish()``, with exit code 130.
public final class ChapterRun {
  /// The flags that all chapters share.
  public let options: RunOptions
  /// The folder that will hold the figures and reports; it may not exist before ``finish()``.
  public let folder: URL
  private(set) var record: RunRecord
  private let stopwatch = Stopwatch()
  /// The models whose weights are to be kept.
  private var models: [(name: String, model: Model)] = []
  /// The lists that are to be kept.
  private var lists: [(name: String, lines: [String])] = []
  /// The whole epochs of the latest training.
  private var finishedEpochs = 0
  /// The folder that holds `Chapters`, with the tables of seeds; nil if the program is used elsewhere.
  var checkout = (try? DataLocation())?.checkout.map { URL(fileURLWithPath: $0) }
  /// How many trainings have been given a folder of TensorBoard's.
  private var boards = 0

  /// The data that the chapter runs on; setting it announces it.
  public var data: DataOrigin? {
    get { record.data }
    set {
      record.data = newValue
      print("data: \(record.dataDescription)")
      switch newValue?.kind {
      case .standIn:
        print("This is stand-in data: the program runs as in the book, its numbers mean nothing.")
      case .mirror, .otherContent, .own:
        print("This is not the book's data: numbers are shown and not judged.")
      case .official, .drawn, nil: break
      }
      print()
      fflush(nil)
      var event = ProgressEvent(.data)
      event.text = record.dataDescription
      ProgressEvents.shared?.send(event)
    }
  }

  /// Whether the user has pressed Ctrl-C; loops that train without `fit` watch this.
  public var isInterrupted: Bool { Interruption.isRequested }

  /// Starts a run: prints what is about to happen, and makes sure that its results can be stored.
  ///
  /// - Parameters:
  ///   - name: the chapter's name, which is that of its folder of results.
  ///   - section: the section of the book.
  ///   - title: what the chapter does, in a line.
  ///   - options: the flags that all chapters share.
  ///   - arguments: the command line.
  /// - Throws: `FileError` if the folder of results cannot be written to.
  public init(
    _ name: String, section: String, title: String, _ options: RunOptions,
    arguments: [String] = CommandLine.arguments
  ) throws {
    self.options = options
    folder = URL(fileURLWithPath: options.output).appending(path: name)
    record = RunRecord(
      chapter: name, section: section, title: title, command: CommandText.shell(arguments),
      options: options)
    try folder.checkWritable()
    folder.removeLeftovers()
    Interruption.reserveStack()
    print("\(name), section \(section): \(title)")
    print(
      "seed \(options.seed), \(Engine.threads) threads, \(Engine.kernels), \(Machine.build)")
    if options.quick { print("This is a quick run: a rehearsal, not the book's experiment.") }
    fflush(nil)
    var event = ProgressEvent(.program)
    (event.chapter, event.title, event.seed) = (name, title, options.seed)
    ProgressEvents.shared?.send(event)
  }

  /// What `fit` needs to show its progress, to be timed and to end on Ctrl-C.
  ///
  /// They belong behind those that keep what was learned.
  ///
  /// - Parameter board: with `--tensorboard`, makes the callback that writes into a folder; by default curves and graph.
  public func callbacks(
    board: (URL) -> TensorBoard = { TensorBoard($0) }
  ) -> [any Callback] {
    (options.noProgress ? [] : [ProgressBar()])
      + (options.tensorboard ? [board(boardFolder())] : []) + [RunWatch(self)]
  }

  /// What TensorBoard is to be pointed at.
  private var boardsFolder: URL { folder.appending(path: "tensorboard") }

  /// A folder for the next training; the first takes the place of an earlier run's.
  private func boardFolder() -> URL {
    if boards == 0 { try? FileManager.default.removeItem(at: boardsFolder) }
    boards += 1
    return boardsFolder.appending(path: "training-\(boards)")
  }

  /// Times the training of several models side by side.
  ///
  /// - Parameter body: trains, and gives every `fit` the callback it receives: it may be used on several threads,
  ///   notes the first step, and ends training on Ctrl-C.
  /// - Returns: what `body` returns.
  public func sideBySide<Result>(
    _ body: (any Callback & Sendable) throws -> Result
  ) throws -> Result {
    try trainingWillBegin()
    let timer = SharedTrainingTimer(stopwatch)
    let beginning = ContinuousClock.now
    defer {
      record.trainingSeconds += (ContinuousClock.now - beginning) / .seconds(1)
      record.secondsToFirstStep = record.secondsToFirstStep ?? timer.secondsToFirstStep
    }
    return try body(timer)
  }

  /// Times a loop of steps that is not `fit`, and ends it on Ctrl-C.
  ///
  /// ```swift
  /// try run.loop(until: 20, from: 0) { step in try descend() }
  /// ```
  ///
  /// - Parameters:
  ///   - steps: how many steps there are, those of an earlier run included.
  ///   - done: how many of them an earlier run has taken.
  ///   - body: takes the step of the given number, from `done + 1`; returns false to end the loop.
  /// - Throws: what `body` throws.
  public func loop(until steps: Int, from done: Int = 0, _ body: (Int) throws -> Bool) throws {
    try trainingWillBegin()
    let beginning = ContinuousClock.now
    defer { record.trainingSeconds += (ContinuousClock.now - beginning) / .seconds(1) }
    record.finishedSteps = done
    while let step = record.finishedSteps, step < steps, !isInterrupted {
      let goesOn = try body(step + 1)
      firstStepDidEnd()
      record.finishedSteps = step + 1
      if !goesOn { return }
      Interruption.pointReached()
    }
  }

  /// Adds a chart, a grid of pictures or a heat map, to be written as PNG and SVG; a chart of the book's own experiment with the
  /// book's curves beside it, where they are known.
  ///
  /// - Parameters:
  ///   - figure: the figure; if it does not show the book's own experiment, its footnote will say so.
  ///   - name: the name of its files without extension.
  ///   - book: the number of the book's figure.
  ///   - curves: the book's curves if it has no such figure but printed the numbers.
  public func add(
    _ figure: some Drawable, as name: String, book: String? = nil, curves: [BookCurve] = []
  ) {
    record.figures.removeAll { $0.name == name }
    // The book's run stands beside one of as many epochs, not beside a rehearsal.
    let chart = options.quick ? nil : figure as? Figure
    let curves = book.map { BookCurve.all(in: $0) } ?? curves
    let whole: any Drawable =
      if let chart, !curves.isEmpty { BookCurve.drawn(curves, into: chart) } else { figure }
    record.figures.append(.init(name: name, figure: whole, book: book))
  }

  /// Adds the measurements of all epochs, to be written as comma-separated values.
  public func add(_ history: History, as name: String = "history") {
    record.histories.removeAll { $0.name == name }
    record.histories.append((name, history))
    ProgressEvents.shared?.historyWasNamed(name)
  }

  /// Adds what a model has learned, to be written as safetensors.
  public func add(weightsOf model: Model, as name: String = "weights") {
    models.removeAll { $0.name == name }
    models.append((name, model))
  }

  /// Adds a list of words or other short texts, to be written one a line: what the numbers that a model reads stand for.
  public func add(lines: [String], as name: String) {
    lists.removeAll { $0.name == name }
    lists.append((name, lines))
  }

  /// Prints a table, and adds it to the report.
  public func add(_ table: ResultTable, titled title: String) {
    print("\n\(title)\n\n\(table.text)\n")
    fflush(nil)
    record.tables.append((title, table))
  }

  /// Says that the book's numbers are for another task than this run's, so that none is judged by them.
  ///
  /// - Parameter reason: in a few words, such as `43 topics instead of 46`.
  public func markNotComparable(_ reason: String) { record.otherTasks.append(reason) }

  /// Says that the user chose to do something differently from the book, so that no number is judged by the book's.
  ///
  /// - Parameter flag: as on the command line, such as `--steps 500`.
  public func markDeviation(_ flag: String) { record.deviations.append(flag) }

  /// Prints a remark, and adds it to the report.
  public func note(_ text: String) {
    print(text)
    fflush(nil)
    record.notes.append(text)
  }

  /// Adds a number.
  ///
  /// - Parameters:
  ///   - name: what it is, in lower case: `test accuracy`, `augmented: validation loss`.
  ///   - book: the book's number, if it gives one.
  ///   - here: the number of this run.
  ///   - unit: the unit, if there is one.
  ///   - better: whether a large or a small number is good.
  ///   - reservation: why this number is not to be judged by the book's although others are, in a few words.
  public func result(
    _ name: String, book: Double? = nil, here: some BinaryFloatingPoint, unit: String = "",
    better: Better, reservation: String? = nil
  ) {
    // By way of text a Float such as 0.8846 becomes the Double 0.8846, not 0.8845999836921692.
    let here = Double("\(here)") ?? Double(here)
    record.results.append(
      .init(
        name: name, book: book, here: here, unit: unit, better: better, reservation: reservation))
  }

  /// Writes all files and prints the book's numbers beside those of this run.
  ///
  /// - Throws: `FileError` or `FigureError` if a file cannot be written; `ExitCode(130)` if the user
  ///   pressed Ctrl-C.
  public func finish() throws {
    if isInterrupted { record.interruptedAfterEpoch = finishedEpochs }
    record.totalSeconds = stopwatch.seconds
    record.peakMemoryBytes = Machine.peakMemoryBytes
    readSeeds()
    let isOfficial = data?.kind ?? .official == .official
    for index in record.figures.indices {
      // What shows other data is not the book's figure.
      if !isOfficial { record.figures[index].book = nil }
      let remarks = [record.figures[index].figure.footnote, record.footnote].compactMap { $0 }
      record.figures[index].figure.footnote =
        remarks.isEmpty ? nil : remarks.joined(separator: " ")
    }
    try write()
    if let interruption = record.interruption { print("\nThis run was \(interruption).") }
    if !record.results.isEmpty { print("\n" + record.comparison.text) }
    if options.tensorboard {
      print(
        boards > 0
          ? "\nTensorBoard: tensorboard --logdir \(options.output)/\(record.chapter)/tensorboard"
          : "\nNothing was written for TensorBoard: this program trains in a loop of its own.")
    }
    print("\n\(record.costDescription)\nreport: \(options.output)/\(record.chapter)/report.html")
    fflush(nil)
    var event = ProgressEvent(.end)
    event.text = record.interruption
    ProgressEvents.shared?.send(event)
    if isInterrupted { throw ExitCode(Interruption.exitCode) }
  }

  /// Finds the results of several seeds. Without a checkout there are none; a damaged table must not cost a run of hours.
  private func readSeeds() {
    guard let checkout, let file = SeedTable.file(of: record.chapter, in: checkout),
      FileManager.default.fileExists(atPath: file.path)
    else { return }
    do { record.seeds = try SeedTable(contentsOf: file) } catch { note("\(error)") }
  }

  /// Writes `metrics.json` last: where it is new, everything is.
  private func write() throws {
    let report = Data(Report(record: record).html.utf8)
    let metrics = try Metrics(record).json()
    for item in record.figures {
      let png = folder.appending(path: item.name + ".png")
      try Data(item.figure.png()).write(atomicallyTo: png)
      let svg = folder.appending(path: item.name + ".svg")
      try Data(item.figure.svg().utf8).write(atomicallyTo: svg)
    }
    for (name, history) in record.histories {
      try Data(history.csv.utf8).write(atomicallyTo: folder.appending(path: name + ".csv"))
    }
    for (name, lines) in lists {
      let text = lines.map { $0 + "\n" }.joined()
      try Data(text.utf8).write(atomicallyTo: folder.appending(path: name + ".txt"))
    }
    for (name, model) in models {
      try model.saveWeights(to: folder.appending(path: name + ".safetensors"))
    }
    try report.write(atomicallyTo: folder.appending(path: "report.html"))
    try metrics.write(atomicallyTo: folder.appending(path: "metrics.json"))
  }

  fileprivate func trainingWillBegin() throws {
    // Training that the user has just ended is not followed by another.
    if isInterrupted { try finish() }
    Interruption.listen()
  }

  fileprivate func firstStepDidEnd() {
    record.secondsToFirstStep = record.secondsToFirstStep ?? stopwatch.seconds
  }

  fileprivate func trainingDidEnd(seconds: Double, epochs: Int) {
    record.trainingSeconds += seconds
    finishedEpochs = epochs
  }
}

/// Times training for the record of a run, and ends it on Ctrl-C.
private final class RunWatch: Callback {
  private let record: ChapterRun
  private var beginning = ContinuousClock.now
  private var hasStepped = false

  init(_ record: ChapterRun) { self.record = record }

  func trainingWillBegin(_ run: TrainingRun) throws {
    try record.trainingWillBegin()
    ProgressEvents.shared?.trainingWillBegin(run)
    beginning = .now
  }

  func stepDidEnd(_ run: TrainingRun) throws {
    if !hasStepped { record.firstStepDidEnd() }
    hasStepped = true
    ProgressEvents.shared?.stepDidEnd(run)
    if record.isInterrupted { run.shouldStop = true }
  }

  func epochDidEnd(_ run: TrainingRun) throws {
    ProgressEvents.shared?.epochDidEnd(run)
    Interruption.pointReached()
    if record.isInterrupted { run.shouldStop = true }
  }

  func trainingDidEnd(_ run: TrainingRun) throws {
    record.trainingDidEnd(
      seconds: (ContinuousClock.now - beginning) / .seconds(1), epochs: run.history.epochs.count)
  }
}
