import DeepLearning
import Gallery

/// Small versions of three of the networks on tasks that can be learned, so that a number means something.
struct Tasks {
  private let run: ChapterRun
  private var options: RunOptions { run.options }
  private var sizes: TaskSizes { TaskSizes(options) }

  init(_ run: ChapterRun) { self.run = run }

  /// (d): the book's network, and with a hidden layer behind the join.
  func answerQuestions() throws {
    for (name, hidden) in [("as in the book", nil), ("with a hidden layer", 64)] as [(String, Int?)]
    {
      if run.isInterrupted { return }
      let accuracy = try sizes.questionAccuracy(
        hidden: hidden, seed: options.seed, callbacks: run.callbacks())
      run.result("d, task: \(name), test accuracy", here: accuracy, better: .higher)
    }
  }

  /// (e): the book's weights of losses.
  func guessWriters() throws {
    if run.isInterrupted { return }
    let result = try sizes.writers(
      weights: [0.25, 1, 10], seed: options.seed, callbacks: run.callbacks())
    run.add(result.history, as: "history-writers")
    run.result(
      "e, task: mean error of the age", here: 10 * result.test["age_mae"], unit: "years",
      better: .lower)
    run.result("e, task: income, test accuracy", here: result.test["income_acc"], better: .higher)
    run.result("e, task: gender, test accuracy", here: result.test["gender_acc"], better: .higher)
  }

  /// (i): the book's network, which joins the two codes, and one that compares them.
  func findParaphrases() throws {
    for (name, compares) in [("joined as in the book", false), ("compared", true)] {
      if run.isInterrupted { return }
      let accuracy = try sizes.paraphraseAccuracy(
        compares: compares, seed: options.seed, callbacks: run.callbacks())
      run.result("i, task: \(name), test accuracy", here: accuracy, better: .higher)
    }
  }
}

/// How much of each task there is, and for how long it is trained.
struct TaskSizes: Sendable {
  private let isQuick: Bool

  init(_ options: RunOptions) { isQuick = options.quick }

  /// The share of right answers to questions that the network has not seen.
  func questionAccuracy(
    hidden: Int?, seed: UInt64, callbacks: [any Callback]
  ) throws -> Float {
    let train = QuestionTask(isQuick ? 1000 : 10_000, seed: seed)
    let test = QuestionTask(1000, seed: seed &+ 1_000_003)
    let model = QuestionTask.network(hidden: hidden, seed: seed)
    try model.fit(
      [train.text, train.question], [train.answers], epochs: isQuick ? 2 : 20, batchSize: 64,
      callbacks: callbacks)
    return model.evaluate([test.text, test.question], [test.answers]).accuracy
  }

  /// What the network makes of writers that it has not seen.
  func writers(
    weights: [Float], seed: UInt64, callbacks: [any Callback]
  ) throws -> (history: History, test: Evaluation) {
    let train = PostTask(isQuick ? 500 : 4000, seed: seed)
    let test = PostTask(1000, seed: seed &+ 1_000_003)
    let model = PostTask.network(weights: weights, seed: seed)
    let history = try model.fit(
      [train.posts], train.targets, epochs: isQuick ? 2 : 12, batchSize: 64,
      validation: ([test.posts], test.targets), callbacks: callbacks)
    return (history, model.evaluate([test.posts], test.targets))
  }

  /// The share of right verdicts on pairs that the network has not seen.
  func paraphraseAccuracy(
    compares: Bool, seed: UInt64, callbacks: [any Callback]
  ) throws -> Float {
    let train = ParaphraseTask(isQuick ? 500 : 6000, seed: seed)
    let test = ParaphraseTask(1000, seed: seed &+ 1_000_003)
    let model = ParaphraseTask.network(compares: compares, seed: seed)
    try model.fit(
      [train.left, train.right], [train.same], epochs: isQuick ? 2 : 15, batchSize: 64,
      callbacks: callbacks)
    return model.evaluate([test.left, test.right], [test.same]).accuracy
  }
}
