import ArgumentParser
import DeepLearning
import Figures
import Gallery

/// How long should one wait before stopping, and does a learning rate that falls help?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter7-callbacks", "Patience from 0 to 5, and learning rates that fall.",
    discussion: """
      Each network is trained for 10 epochs with each seed. Says which differences exceed what \
      another seed would change.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  @Option(help: "Which question to answer: patience or rate. May be repeated.")
  var only: [Question] = []

  /// The questions that can be asked alone.
  enum Question: String, CaseIterable, ExpressibleByArgument {
    case patience, rate
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter7-callbacks-experiments", section: "7.2", title: "when to stop, when to slow down",
      options)
    let reviews = try ReviewSet(options, quick: 500)
    run.data = reviews.origin
    for question in Question.allCases where only.isEmpty || only.contains(question) {
      switch question {
      case .patience: try comparePatience(reviews, run)
      case .rate: try compareRates(reviews, run)
      }
    }
    try run.finish()
  }

  private var epochs: Int { options.epochs(book: 10, quick: 3) }

  /// One training with each seed answers for every patience: it is only stopped in thought.
  private func comparePatience(_ reviews: ReviewSet, _ run: ChapterRun) throws {
    let epochs = epochs
    let all = try run.outcomes("Trainings of \(epochs) epochs", ["convnet"], seeds: seeds) {
      _, seed, watch in
      let test = TestWatch(reviews.test)
      let history = try WatchedReviews.convnet(length: reviews.length, seed: seed).fit(
        reviews.partial.x, reviews.partial.y, epochs: epochs, batchSize: reviews.batchSize,
        validation: (reviews.held.x, reviews.held.y), callbacks: [test, watch])
      return Course(losses: history["val_loss"], testAccuracies: test.accuracies)
    }[0]
    if run.isInterrupted { return }
    var table = ResultTable(
      "patience", "epochs trained", "test acc., last weights", "test acc., best weights", words: 0)
    func mean(_ values: [Double]) -> String { ResultTable.number(Statistics.mean(values)) }
    for patience in 0...5 {
      let stops = all.map { $0.stop(patience: patience) }
      table.add([
        "\(patience)", mean(stops.map { Double($0.last) }),
        mean(zip(all, stops).map { $0.testAccuracies[$1.last - 1] }),
        mean(zip(all, stops).map { $0.testAccuracies[$1.best - 1] }),
      ])
    }
    run.add(table, titled: "Early stopping on the validation loss, mean of \(all.count) seeds")
    let fixed = (1...epochs).map { epoch in
      ("\(epoch) epochs", all.map { $0.testAccuracies[epoch - 1] })
    }
    let stopped = [0, 1, 2].map { patience in
      (
        "stopped with patience \(patience), best weights",
        all.map { $0.testAccuracies[$0.stop(patience: patience).best - 1] }
      )
    }
    run.add(
      SeedComparison(of: "test accuracy", [stopped[1]] + [stopped[0], stopped[2]] + fixed).table,
      titled: "Stopped early or after a fixed number of epochs")
    run.add(
      Figure(title: "Test accuracy by the number of epochs", x: "Epochs", y: "Test accuracy") {
        Band(
          fixed.map { $0.1.min() ?? .nan }, fixed.map { $0.1.max() ?? .nan },
          "Least to greatest of \(all.count) seeds")
        Line(fixed.map { Statistics.mean($0.1) }, "Mean")
      }, as: "fixed-epochs")
  }

  /// The same network with learning rates that stay or fall.
  private func compareRates(_ reviews: ReviewSet, _ run: ChapterRun) throws {
    if run.isInterrupted { return }
    let epochs = epochs
    let title = "Learning rates, test accuracy after \(epochs) epochs"
    let outcomes = try run.outcomes(title, Schedule.allCases, seeds: seeds) {
      schedule, seed, watch in
      let model = WatchedReviews.convnet(length: reviews.length, seed: seed)
      let history = try model.fit(
        reviews.partial.x, reviews.partial.y, epochs: epochs, batchSize: reviews.batchSize,
        validation: (reviews.held.x, reviews.held.y), callbacks: schedule.callbacks + [watch])
      return (
        accuracy: Double(model.evaluate(reviews.test.x, reviews.test.y).accuracy),
        losses: history["val_loss"]
      )
    }
    let courses = zip(Schedule.allCases.map(\.rawValue), outcomes)
    run.add(
      SeedComparison(of: "test accuracy", courses.map { ($0, $1.map(\.accuracy)) }).table,
      titled: title)
    if run.isInterrupted { return }
    run.add(
      Figure(
        title: "Validation loss with learning rates that stay or fall", x: "Epochs",
        y: "Mean validation loss"
      ) {
        for (name, runs) in courses {
          Line(
            (0..<epochs).map { epoch in Statistics.mean(runs.map { Double($0.losses[epoch]) }) },
            name)
        }
      }, as: "rates")
  }

  private var seeds: Int { seedOptions.count(options) }
}
