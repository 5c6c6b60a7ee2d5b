import ArgumentParser
import DeepLearning
import Gallery

/// Where networks should join, and what weights of losses are good for, each with several seeds.
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter7-functional",
    "Join before or behind a hidden layer, compare instead of joining, weigh losses; several seeds.",
    discussion: "Says which differences are more than what another seed alone would change.")

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  func run() throws {
    let run = try ChapterRun(
      "chapter7-functional-experiments", section: "7.1", title: "how should branches join?", options
    )
    run.data = Chapter7Functional.data
    let sizes = TaskSizes(options)
    let seeds = seedOptions.count(options)

    try run.compare(
      "(d) Questions: what stands between the join and the answer", of: "test accuracy",
      [nil, 16, 64], seeds: seeds, name: { $0.map { "\($0) hidden units" } ?? "nothing (book)" }
    ) { hidden, seed, watch in
      Double(try sizes.questionAccuracy(hidden: hidden, seed: seed, callbacks: [watch]))
    }
    for output in ["age_mae", "income_acc", "gender_acc"] {
      try run.compare(
        "(e) Writers: weights of the losses of age, income and gender", of: "test \(output)",
        [[0.25, 1, 10], [1, 1, 1], [10, 1, 0.25]] as [[Float]], seeds: seeds,
        name: { $0.map(\.description).joined(separator: " / ") }
      ) { weights, seed, watch in
        let test = try sizes.writers(weights: weights, seed: seed, callbacks: [watch]).test
        return Double(test[output])
      }
    }
    try run.compare(
      "(i) Paraphrases: how the two codes meet", of: "test accuracy", [false, true], seeds: seeds,
      name: { $0 ? "their distance" : "side by side (book)" }
    ) { compares, seed, watch in
      Double(try sizes.paraphraseAccuracy(compares: compares, seed: seed, callbacks: [watch]))
    }
    try run.finish()
  }
}
