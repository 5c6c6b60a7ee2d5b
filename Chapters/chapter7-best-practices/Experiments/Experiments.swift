import ArgumentParser
import Datasets
import DeepLearning
import Gallery

/// What readers ask about section 7.3, each answered with several seeds.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Readers' questions about normalization, depth, search and ensembles.",
    usage: "chapter7-best-practices experiments [--only <question>] [options]",
    discussion: """
      Every network is trained with several seeds; tables say which differences are more than what \
      another seed would change, and how small a difference could have been seen. The search is about \
      film reviews (section 3.4), the rest about digits.
      """)

  /// A question.
  enum Question: String, CaseIterable, ExpressibleByArgument {
    case normalization, batchSize = "batch-size", separable, depth, ensembles, search
  }

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  @Option(help: ArgumentHelp("Only this question; may be repeated.", valueName: "question"))
  var only: [Question] = []

  func run() throws {
    let run = try ChapterRun(
      "chapter7-best-practices-experiments", section: "7.3",
      title: "which of the best practices pay?", options)
    let questions = only.isEmpty ? Question.allCases : only
    let digits = try DigitParts(options, quick: 160)
    run.data = digits.train.origin
    let runs = SeedRuns(run, digits, seeds: seedOptions.count(options))
    for question in Question.allCases where questions.contains(question) && !run.isInterrupted {
      switch question {
      case .normalization: try runs.compareNormalization()
      case .batchSize: try runs.compareBatchSizes()
      case .separable: try runs.compareSeparable()
      case .depth: try runs.compareDepths()
      case .ensembles: try runs.compareEnsembles()
      case .search: try runs.compareSearches(options.loadReviews())
      }
    }
    try run.finish()
  }
}

/// Trains models on digits, all in the same way.
struct DigitTraining: Sendable {
  let digits: DigitParts
  let epochs: Int
  let batchSize: Int

  /// Trains on the digits to learn from.
  @discardableResult
  func callAsFunction(
    _ model: Model, batchSize: Int? = nil, _ watch: any Callback
  ) throws -> History {
    try model.fit(
      digits.train.pictures, digits.train.oneHot, epochs: epochs,
      batchSize: batchSize ?? self.batchSize, callbacks: [watch])
  }

  /// The share of test digits that a model recognises.
  func testAccuracy(of model: Model) -> Double {
    accuracy(model.predict(digits.test.pictures), digits.test)
  }
}

/// Runs configurations with several seeds each.
struct SeedRuns {
  let run: ChapterRun
  let train: DigitTraining
  let seeds: Int

  init(_ run: ChapterRun, _ digits: DigitParts, seeds: Int) {
    (self.run, self.seeds) = (run, seeds)
    train = DigitTraining(
      digits: digits, epochs: run.options.epochs(book: 5, quick: 1),
      batchSize: DigitParts.batchSize(run.options))
  }

  var options: RunOptions { run.options }
  var digits: DigitParts { train.digits }

  /// What comes out of every configuration with every seed; nothing after Ctrl-C.
  func measure<Configuration: Sendable, Outcome: Sendable>(
    _ title: String, _ configurations: [Configuration],
    _ body:
      @Sendable (Configuration, UInt64, any Callback & Sendable) throws -> Outcome
  ) throws -> [[Outcome]] {
    let outcomes = try run.outcomes(title, configurations, seeds: seeds, body)
    if run.isInterrupted { try run.finish() }
    return outcomes
  }

  /// Adds a table, a figure with a dot for every seed, and how small a difference could have been seen.
  func report(
    _ title: String, of measurement: String, _ values: [(name: String, values: [Double])],
    as file: String
  ) {
    let comparison = SeedComparison(of: measurement, values)
    run.add(comparison.table, titled: title)
    let variance = Statistics.mean(
      values.map { $0.values }.map { Statistics.standardDeviation($0) }.map { $0 * $0 })
    let error = (2 * variance / Double(seeds)).squareRoot()
    run.note(
      """
      \(seeds) seeds: a difference of two means has a standard error of \
      \(ResultTable.number(error)), so one below about \(ResultTable.number(3 * error)) would \
      hardly have been seen.
      """)
    run.add(comparison.figure(title), as: file)
  }
}
