import Datasets
import DeepLearning
import Figures
import Gallery

/// Questions about section 7.3.2, answered with the film reviews of section 3.4.
extension SeedRuns {
  /// What came of one choice: for every review held out, and for every test review, whether it was judged rightly.
  private struct Trial: Sendable {
    let held: [Bool]
    let test: [Bool]

    static func share(_ hits: some Collection<Bool>) -> Double {
      Double(hits.count { $0 }) / Double(hits.count)
    }
  }

  /// A grid of two hyperparameters and random draws of four, with the same budget; then how far the best of many
  /// validation scores lies above its test score.
  func compareSearches(_ reviews: (train: Reviews, test: Reviews)) throws {
    run.note("\(reviews.train.origin.name) (\(reviews.train.origin.kind.rawValue)) for the search.")
    let side = options.quick ? 2 : 4
    let budget = side * side
    let grid = (0..<budget).map { index in
      Hyperparameters(
        units: [4, 64, 16, 256][index % side], learningRate: [1e-3, 1e-2, 1e-4, 1e-1][index / side])
    }
    /// One of the searches' trials.
    struct Attempt: Sendable {
      let isRandom: Bool
      let number: Int
    }
    let attempts = [false, true].flatMap { isRandom in
      (0..<budget).map { Attempt(isRandom: isRandom, number: $0) }
    }
    let (partial, held) = reviews.train.split(at: reviews.train.count * 4 / 5)
    let (test, _) = reviews.test.split(at: min(10_000, reviews.test.count))
    let epochs = options.epochs(book: 4, quick: 1)
    let batchSize = options.batchSize(book: 512)
    let trials = try measure("Searches", attempts) { attempt, seed, watch in
      var random = RandomGenerator(seed: seed)
      let draws = (0..<budget).map { _ in Hyperparameters.random(using: &random) }
      let choice = attempt.isRandom ? draws[attempt.number] : grid[attempt.number]
      let model = choice.model(inputs: reviews.train.words, classes: 1, seed: seed)
      try model.fit(
        partial.x, partial.y, epochs: epochs, batchSize: batchSize, callbacks: [watch])
      func hits(_ reviews: Reviews) -> [Bool] {
        zip(model.predict(reviews.x).scalars, reviews.labels).map { ($0 > 0.5) == ($1 == 1) }
      }
      return Trial(held: hits(held), test: hits(test))
    }
    /// The test score of the trial that is best on the reviews held out.
    func chosen(_ trials: ArraySlice<[Trial]>, _ seed: Int) -> Double {
      let some = trials.map { $0[seed] }
      let best = some.max { Trial.share($0.held) < Trial.share($1.held) } ?? some[0]
      return Trial.share(best.test)
    }
    report(
      "Grid and random search with \(budget) trials each", of: "test accuracy",
      [
        ("grid", (0..<seeds).map { chosen(trials[..<budget], $0) }),
        ("random", (0..<seeds).map { chosen(trials[budget...], $0) }),
      ], as: "search")
    reportOptimism(trials.flatMap { $0 })
  }

  /// The best of 1, 2, 4, ... trials by few and by many validation reviews, and what it is worth on the test reviews.
  private func reportOptimism(_ trials: [Trial]) {
    var table = ResultTable(
      "validation reviews", "trials", "best validation", "its test", "difference", words: 0)
    var curves: [(size: Int, counts: [Double], validation: [Double], test: [Double])] = []
    let held = trials[0].held.count
    for size in [100, 500, held] where size <= held && !curves.contains(where: { $0.size == size })
    {
      var curve = (size: size, counts: [Double](), validation: [Double](), test: [Double]())
      var count = 1
      while count <= trials.count {
        let (validation, test) = meanOfBest(of: count, trials, size)
        table.add(
          ["\(size)", "\(count)"]
            + [validation, test, validation - test].map { ResultTable.number($0) })
        curve.counts.append(Double(count))
        curve.validation.append(validation)
        curve.test.append(test)
        count *= 4
      }
      curves.append(curve)
    }
    run.add(table, titled: "The best of many trials")
    run.add(
      Figure(
        title: "The best of many trials: validation score (lines) and test score (dots)",
        x: "Trials", y: "Accuracy", names: curves[0].counts.map { "\(Int($0))" }
      ) {
        for (curve, color) in zip(curves, [Color.vermilion, .blue, .green]) {
          Line(curve.validation, "\(curve.size) validation reviews", color: color)
          Dots(curve.test, color: color)
        }
      }, as: "optimism")
  }

  /// The means over 1,000 draws of this many trials and of a block of validation reviews.
  private func meanOfBest(
    of count: Int, _ trials: [Trial], _ size: Int
  ) -> (validation: Double, test: Double) {
    let blocks = trials[0].held.count / size
    let scores = trials.map { trial in
      (0..<blocks).map { Trial.share(trial.held[$0 * size..<($0 + 1) * size]) }
    }
    let tests = trials.map { Trial.share($0.test) }
    var random = RandomGenerator(seed: options.seed)
    var (validation, test) = (0.0, 0.0)
    let draws = 1_000
    for _ in 0..<draws {
      let block = random.below(blocks)
      let some = random.permutation(trials.count).prefix(count)
      guard let best = some.max(by: { scores[$0][block] < scores[$1][block] }) else { continue }
      validation += scores[best][block] / Double(draws)
      test += tests[best] / Double(draws)
    }
    return (validation, test)
  }
}
