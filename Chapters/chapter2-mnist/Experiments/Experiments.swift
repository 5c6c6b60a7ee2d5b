import ArgumentParser
import DeepLearning
import Figures
import Foundation
import Gallery

/// How do the variants of stochastic gradient descent come down one ravine?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter2-mnist", "SGD, momentum, Nesterov, Adagrad, RMSprop and Adam on one ravine.",
    discussion: """
      Each rule goes down from many starts with each of 16 learning rates, and is judged by its \
      best one; then all of it once more in the same ravine turned by 45 degrees. No data is needed.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions

  /// A rule with a learning rate.
  private struct Configuration: Sendable {
    let rule: Rule
    let rate: Float
  }

  private static let rates: [Float] = [
    0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5,
  ]

  /// As far as anybody waits; who needs longer is counted with this.
  private var limit: Int { options.quick ? 200 : 1_000 }

  func run() throws {
    let run = try ChapterRun(
      "chapter2-mnist-experiments", section: "2.4", title: "six ways down one ravine", options)
    for (ravine, name) in [
      (Ravine(degrees: 0), "straight"), (Ravine(degrees: 45), "turned by 45 degrees"),
    ] {
      try compare(in: ravine, name, run)
    }
    try run.finish()
  }

  /// Finds the best rate of each rule, and draws one way down with it.
  private func compare(in ravine: Ravine, _ name: String, _ run: ChapterRun) throws {
    let configurations = Rule.allCases.flatMap { rule in
      Self.rates.map { Configuration(rule: rule, rate: $0) }
    }
    let seeds = seedOptions.seeds ?? (options.quick ? 2 : 20)
    let steps = try run.measure(name, configurations, seeds: seeds) { configuration, seed, _ in
      let optimizer = configuration.rule.optimizer(configuration.rate)
      // From a random direction, seen from the lowest point.
      var random = RandomGenerator(seed: seed)
      let angle = 2 * Double.pi * Double(random.uniform())
      let start = ravine.weights(along: 10 * cos(angle), across: 10 * sin(angle))
      let descent = ravine.descent(from: start, by: optimizer, atMost: limit)
      return Double(descent.steps ?? limit)
    }
    if run.isInterrupted { return }
    let best = Rule.allCases.indices.map { rule in
      let own = rule * Self.rates.count..<(rule + 1) * Self.rates.count
      return own.min { Statistics.mean(steps[$0]) < Statistics.mean(steps[$1]) } ?? own.lowerBound
    }
    let title = "Steps to a ten-thousandth of the loss, the ravine \(name)"
    let comparison = SeedComparison(
      of: "steps",
      best.map { ("\(configurations[$0].rule.rawValue), \(configurations[$0].rate)", steps[$0]) })
    run.add(comparison.table, titled: title)
    for index in best {
      run.result(
        "\(name), \(configurations[index].rule.rawValue): steps",
        here: Statistics.mean(steps[index]), better: .lower)
    }
    draw(best.map { configurations[$0] }, in: ravine, name, run)
  }

  private func draw(
    _ configurations: [Configuration], in ravine: Ravine, _ name: String, _ run: ChapterRun
  ) {
    let start = ravine.weights(along: -9, across: 1.2)
    let descents = configurations.map {
      ravine.descent(from: start, by: $0.rule.optimizer($0.rate), atMost: limit)
    }
    let word = name.prefix { $0 != " " }
    for (rules, part) in [(0..<3, "momentum"), (3..<6, "adaptive")] {
      run.add(
        Figure(
          title: "Ways down the ravine, \(name)", x: "First weight", y: "Second weight", width: 800
        ) {
          for loss in [Float(2), 10, 30, 76] {
            let points = ravine.contour(loss)
            Line(points.map { $0[1] }, at: points.map { $0[0] }, thin: true, color: .gray)
          }
          for index in rules {
            let places = descents[index].places
            Line(
              places.map { $0[1] }, configurations[index].rule.rawValue,
              at: places.map { Double($0[0]) })
          }
          Dots([0.0], "Lowest point", at: [0], color: .gray)
        }, as: "\(word)-\(part)")
    }
    run.add(
      Figure(
        title: "Loss on the way down the ravine, \(name)", x: "Steps", y: "Loss",
        yScale: .logarithmic
      ) {
        for (configuration, descent) in zip(configurations, descents) {
          Line(
            descent.losses, configuration.rule.rawValue,
            at: descent.losses.indices.map(Double.init))
        }
      }, as: "\(word)-loss")
  }
}
