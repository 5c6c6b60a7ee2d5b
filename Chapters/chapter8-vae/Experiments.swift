import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Gallery

/// What does each choice of the book do?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Other weights of the divergence, ten numbers, plain autoencoders, squared error.",
    usage: "chapter8-vae experiments [options]",
    discussion: """
      Trains eleven kinds of network on 10,000 digits for 4 epochs with each seed, and lets another network \
      that knows digits judge what they draw. Takes about half an hour.
      """)

  @OptionGroup var options: RunOptions

  @OptionGroup var seedOptions: SeedOptions

  @Flag(help: "Photographs of garments (Fashion-MNIST) instead of digits.")
  var fashion = false

  /// What came of a network.
  private struct Outcome: Sendable {
    var reconstruction = 0.0
    var divergence = 0.0
    /// What was drawn at points of the standard normal distribution, and at points spread like the test pictures'.
    var standard: DigitJudge.Opinion
    var own: DigitJudge.Opinion
    var sheet: Picture
    var places: Picture
    var draws: Picture
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter8-vae-experiments", section: "8.4", title: "what makes a map without holes?", options)
    let (train, test) = try MNIST.load(
      samples: options.quick ? 160 : 10_000, from: options.location, fashion: fashion,
      offline: options.offline)
    run.data = train.origin
    let variants =
      options.quick ? Array(Variant.all.prefix(2) + Variant.all.suffix(2)) : Variant.all
    let seeds = seedOptions.count(options)
    let judge = try DigitJudge(train, test, run)
    let progress = ExperimentProgress(
      "networks", total: variants.count * seeds, isShown: !options.noProgress)
    // It is only asked for predictions, which change nothing.
    nonisolated(unsafe) let asked = judge
    let outcomes = try run.sideBySide { watch in
      try Parallel.map(variants.count * seeds) { index -> Outcome? in
        if Interruption.isRequested { return nil }
        let outcome = try outcome(
          of: variants[index / seeds], seed: options.seed &+ UInt64(index % seeds), train, test,
          judge: asked, watch)
        progress.advance()
        return Interruption.isRequested ? nil : outcome
      }
    }
    progress.finish()
    show(
      variants.indices.map { variant in
        (variants[variant], outcomes[variant * seeds..<(variant + 1) * seeds].compactMap { $0 })
      }, run)
    try run.finish()
  }

  /// Trains a network, measures it and lets it draw.
  private func outcome(
    of variant: Variant, seed: UInt64, _ train: Digits, _ test: Digits, judge: DigitJudge,
    _ watch: any Callback
  ) throws -> Outcome {
    let vae = Autoencoder(variant.plan, seed: seed)
    try vae.whole.fit(
      train.pictures, train.pictures, epochs: options.epochs(book: 4, quick: 1),
      batchSize: options.batchSize(book: 16), callbacks: [watch])
    let map = PictureMap(vae, test)
    let drawn = options.quick ? 100 : 1_000
    let own = judge.opinion(
      of: vae, center: map.center, spread: map.spread, count: drawn, seed: seed)
    return Outcome(
      reconstruction: vae.reconstructionLoss(of: test.pictures, at: map.points),
      divergence: variant.plan.rule == nil
        ? .nan : map.divergence(logVariances: vae.logVariances(of: test.pictures)),
      standard: judge.opinion(of: vae, count: drawn, seed: seed), own: own,
      sheet: vae.manifold(15, center: map.center, spread: map.spread).picture(variant.name),
      places: map.picture(variant.name),
      draws: TileSheet(own.examples, columns: 12).picture(variant.name))
  }

  private func show(_ outcomes: [(variant: Variant, runs: [Outcome])], _ run: ChapterRun) {
    var table = ResultTable([
      ("network", .left), ("runs", .right), ("reconstruction loss", .right), ("± sd", .right),
      ("divergence (nats)", .right), ("recognised, standard normal", .right), ("± sd", .right),
      ("recognised, as its places", .right), ("± sd", .right), ("kinds", .right),
    ])
    for (variant, runs) in outcomes {
      func mean(_ value: (Outcome) -> Double) -> String {
        ResultTable.number(Statistics.mean(runs.map(value)))
      }
      func both(_ value: (Outcome) -> Double) -> [String] {
        [mean(value), ResultTable.number(Statistics.standardDeviation(runs.map(value)))]
      }
      table.add(
        [variant.name, "\(runs.count)"] + both(\.reconstruction) + [mean(\.divergence)]
          + both(\.standard.recognised) + both(\.own.recognised) + [mean(\.own.kinds)])
    }
    run.add(table, titled: "What each choice does")
    let first = outcomes.compactMap { variant, runs in runs.first.map { (variant, $0) } }
    let maps = first.filter { $0.0.plan.latent == 2 }.map(\.1)
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
