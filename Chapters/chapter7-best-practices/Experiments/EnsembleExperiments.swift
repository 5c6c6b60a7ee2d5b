import DeepLearning
import Figures
import Gallery

extension SeedRuns {
  /// Four equal networks, four different ones, and what a weak but different member adds.
  func compareEnsembles() throws {
    let kinds = Members.Kind.allCases
    /// Four convnets that differ by their seeds alone, then one network of each other kind.
    let crew = [kinds[0], kinds[0], kinds[0]] + kinds
    let members = try measure("Ensembles", Array(crew.enumerated())) {
      [train] numbered, seed, watch in
      let model = numbered.element.model(seed: seed &+ 1_000 &* UInt64(numbered.offset))
      try train(model, watch)
      var members = Members()
      members.add(numbered.element.rawValue, model, train.digits)
      return members
    }
    let teams: [(name: String, members: [Int], isLearned: Bool)] = [
      ("one convnet", [3], false), ("4 convnets", [0, 1, 2, 3], false),
      ("3 kinds", [3, 4, 5], false), ("3 kinds, learned", [3, 4, 5], true),
      ("3 kinds, linear", [3, 4, 5, 6], false), ("3 kinds, linear, learned", [3, 4, 5, 6], true),
      ("4 convnets, linear", [0, 1, 2, 3, 6], false),
      ("all 7, learned", Array(0..<7), true),
    ]
    let (digits, seeds) = (digits, seeds)
    let scores = try Parallel.map(teams.count) { team in
      (0..<seeds).map { seed -> Double in
        let all = members.map { $0[seed] }.reduce(Members()) { $0.joined(with: $1) }
        let chosen = teams[team].members
        let weights = teams[team].isLearned ? all.weights(chosen, on: digits) : nil
        return all.accuracy(chosen, weights: weights, on: digits)
      }
    }
    for (number, kind) in kinds.enumerated() {
      let alone = members[3 + number].map { $0.accuracy([0], on: digits) }
      run.note("\(kind.rawValue) alone: \(ResultTable.number(Statistics.mean(alone)))")
    }
    report(
      "Ensembles", of: "test accuracy", zip(teams, scores).map { ($0.name, $1) }, as: "ensembles")
  }
}
