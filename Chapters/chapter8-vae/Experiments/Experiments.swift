import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

/// What does each choice of the book do?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter8-vae",
    "Other weights of the divergence, ten numbers, plain autoencoders, squared error.",
    discussion: """
      Trains eleven kinds of network on 10,000 digits for 4 epochs with each seed, and lets \
      another network that knows digits judge what they draw. --only <name> trains only one of \
      them.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions
  @OptionGroup var variantOptions: VariantOptions

  @Flag(help: "Photographs of garments (Fashion-MNIST) instead of digits.")
  var fashion = false

  /// What came of a network.
  private struct Outcome: Sendable {
    var reconstruction = 0.0
    var divergence = 0.0
    /// What was drawn at points of the standard normal distribution, of the uniform one with its mean and deviation, and
    /// at points spread like the test pictures'.
    var standard: DigitJudge.Opinion
    var uniform: DigitJudge.Opinion
    var own: DigitJudge.Opinion
    var sheet: Picture
    var places: Picture
    var draws: Picture
  }

  func run() throws {
    let isShort = options.quick && variantOptions.only.isEmpty
    let variants = try variantOptions.chosen(
      from: isShort ? Array(Variant.all.prefix(2) + Variant.all.suffix(2)) : Variant.all,
      name: \.name)
    let run = try ChapterRun(
      "chapter8-vae-experiments", section: "8.4", title: "what makes a map without holes?", options)
    let (train, test) = try MNIST.load(
      samples: options.quick ? 160 : 10_000, from: options.location, fashion: fashion,
      offline: options.offline)
    run.data = train.origin
    // It is only asked for predictions, which change nothing.
    nonisolated(unsafe) let judge = try DigitJudge.trained(on: train, test, run)
    let outcomes = try run.outcomes(
      "networks", variants, seeds: seedOptions.count(options)
    ) { variant, seed, callback in
      try outcome(of: variant, seed: seed, train, test, judge: judge, callback)
    }
    show(Array(zip(variants, outcomes)), run)
    try run.finish()
  }

  /// Trains a network, measures it and lets it draw.
  private func outcome(
    of variant: Variant, seed: UInt64, _ train: Digits, _ test: Digits, judge: DigitJudge,
    _ callback: any Callback
  ) throws -> Outcome {
    let vae = variant.network(seed: seed)
    try vae.whole.fit(
      train.pictures, train.pictures, epochs: options.epochs(book: 4, quick: 1),
      batchSize: options.batchSize(book: 16), callbacks: [callback])
    let map = LatentMap(vae, test)
    let drawn = options.quick ? 100 : 1_000
    let own = judge.opinion(
      of: vae, center: map.center, spread: map.spread, count: drawn, seed: seed)
    return Outcome(
      reconstruction: vae.reconstructionLoss(of: test.pictures, at: map.points),
      divergence: variant.isPlain
        ? .nan : map.divergence(logVariances: vae.logVariances(of: test.pictures)),
      standard: judge.opinion(of: vae, count: drawn, seed: seed),
      uniform: judge.opinion(of: vae, isUniform: true, count: drawn, seed: seed), own: own,
      sheet: SampleGrid(columns: 15)
        .sheet(vae.manifold(15, center: map.center, spread: map.spread))
        .picture(caption: variant.name),
      places: map.picture(variant.name),
      draws: SampleGrid(columns: 12).sheet(own.examples).picture(caption: variant.name))
  }

  private func show(_ outcomes: [(variant: Variant, runs: [Outcome])], _ run: ChapterRun) {
    var table = ResultTable(
      "network", "runs", "reconstruction loss", "± sd", "divergence (nats)",
      "recognised, standard normal", "± sd", "recognised, uniform", "± sd",
      "recognised, as its places", "± sd", "kinds")
    for (variant, runs) in outcomes {
      func mean(_ value: (Outcome) -> Double) -> String {
        ResultTable.number(Statistics.mean(runs.map(value)))
      }
      func both(_ value: (Outcome) -> Double) -> [String] {
        [mean(value), ResultTable.number(Statistics.standardDeviation(runs.map(value)))]
      }
      table.add(
        [variant.name, "\(runs.count)"] + both(\.reconstruction) + [mean(\.divergence)]
          + both(\.standard.recognised) + both(\.uniform.recognised) + both(\.own.recognised) + [
            mean(\.own.kinds)
          ])
    }
    run.add(table, titled: "What each choice does")
    let first = outcomes.compactMap { variant, runs in runs.first.map { (variant, $0) } }
    let maps = first.filter { $0.0.latentSize == 2 }.map(\.1)
    run.add(
      PictureGrid(
        title: "Maps, spread like the places of the test pictures", columns: 3,
        pictures: maps.map(\.sheet)), as: "maps")
    run.add(
      PictureGrid(
        title: "Places of the test pictures, four deviations to each side", columns: 3,
        pictures: maps.map(\.places)), as: "planes")
    run.add(
      PictureGrid(
        title: "Pictures of points drawn at random, spread like the test pictures", columns: 2,
        pictures: first.map(\.1.draws)), as: "draws")
  }
}
