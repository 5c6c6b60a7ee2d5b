import DeepLearning
import Figures
import Foundation
import Gallery

/// Sections 7.3.2 and 7.3.3.
extension SectionRun {
  /// One configuration that was tried.
  struct Trial: Sendable {
    let choice: Hyperparameters
    /// The accuracy on the few digits that the search chooses by, and on the many that it does not see.
    let validation: Double
    let test: Double
  }

  /// Tries hyperparameters at random, takes those with the best validation accuracy, and says what they are worth.
  func search() throws {
    if run.isInterrupted { return }
    let count = options.quick ? 4 : 30
    let epochs = options.epochs(book: 5, quick: 1)
    // So few that luck decides among the best.
    let (held, _) = digits.validation.split(at: min(200, digits.validation.count))
    var random = RandomGenerator(seed: options.seed)
    let choices = (0..<count).map { _ in Hyperparameters.random(using: &random) }
    print(
      "\nRandom search: \(count) networks, \(epochs) epochs each, chosen by \(held.count) digits")
    let (digits, options) = (digits, options)
    let trials = try run.sideBySide { watch in
      try Parallel.map(count) { index -> Trial in
        let model = choices[index].model(
          inputs: 784, classes: 10, seed: options.seed &+ UInt64(index))
        try model.fit(
          digits.train.x, digits.train.oneHot, epochs: epochs,
          batchSize: DigitParts.batchSize(options), callbacks: [watch])
        return Trial(
          choice: choices[index], validation: accuracy(model.predict(held.x), held),
          test: accuracy(model.predict(digits.test.x), digits.test))
      }
    }
    if run.isInterrupted { return }
    let ranked = trials.sorted { $0.validation > $1.validation }
    run.add(Self.table(ranked.prefix(5)), titled: "The best five of \(count) by validation")
    addFigures(of: trials)
    run.result(
      "random search: best validation accuracy", here: ranked[0].validation, better: .higher)
    run.result("random search: its test accuracy", here: ranked[0].test, better: .higher)
  }

  private static func table(_ trials: some Sequence<Trial>) -> ResultTable {
    var table = ResultTable(
      "layers", "units", "learning rate", "dropout", "validation", "test", words: 0)
    for trial in trials {
      table.add(
        ["\(trial.choice.layers)", "\(trial.choice.units)"]
          + [
            Double(trial.choice.learningRate), Double(trial.choice.dropout), trial.validation,
            trial.test,
          ].map { ResultTable.number($0) })
    }
    return table
  }

  private func addFigures(of trials: [Trial]) {
    run.add(
      Figure(
        title: "Random search: learning rate and validation accuracy",
        x: "Learning rate, power of ten", y: "Validation accuracy"
      ) {
        for layers in 1...3 {
          let some = trials.filter { $0.choice.layers == layers }
          Dots(
            some.map(\.validation), layers == 1 ? "1 layer" : "\(layers) layers",
            at: some.map { Double(log10($0.choice.learningRate)) })
        }
      }, as: "search")
    var best: [Trial] = []
    for trial in trials {
      let leader = best.last ?? trial
      best.append(trial.validation > leader.validation ? trial : leader)
    }
    run.add(
      Figure(title: "The best trial so far", x: "Trials", y: "Accuracy") {
        Dots(best.map(\.validation), "On the validation digits that chose it")
        Line(best.map(\.test), "On test digits")
      }, as: "search-progress")
  }

  /// Four different networks and the means of what they say, the weights learned on validation digits.
  func combine() throws {
    if run.isInterrupted { return }
    var members = Members()
    for kind in Members.Kind.allCases where !run.isInterrupted {
      let model = kind.model(seed: options.seed)
      _ = try train(model, epochs: kind.epochs, "Member of the ensemble: \(kind.rawValue)")
      members.add(kind.rawValue, model, digits)
    }
    if run.isInterrupted { return }
    let scores = members.scores(on: digits)
    var table = ResultTable("who is asked", "test accuracy")
    for score in scores { table.add([score.name, ResultTable.number(score.accuracy)]) }
    run.add(table, titled: "Ensembles")
    run.note("Learned weights: \(members.weightText(on: digits)).")
    for score in scores {
      run.result("ensemble: \(score.name)", here: score.accuracy, better: .higher)
    }
  }
}
