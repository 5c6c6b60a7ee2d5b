import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter8VAE: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter8-vae", "Learn a map of handwritten digits and draw new ones (section 8.4).",
    discussion: """
      Trains a variational autoencoder on 60,000 digits for 10 epochs; each epoch is kept, and \
      --resume goes on where training stopped.
      """,
    results: "Figures, weights and a report", subcommands: [Draw.self, Experiments.self])

  @OptionGroup var options: RunOptions

  @Option(
    help: """
      How points are drawn: printed, with exp(z_log_var); corrected, with exp(z_log_var / 2); or both, one \
      training after the other.
      """)
  var sampling = Choice.printed

  @Flag(help: "Photographs of garments (Fashion-MNIST) instead of digits.")
  var fashion = false

  @Flag(help: "Go on where an earlier run with the same flags was stopped.")
  var resume = false

  /// Which networks to train.
  enum Choice: String, CaseIterable, ExpressibleByArgument {
    case printed, corrected, both

    var rules: [SamplingRule] {
      SamplingRule.allCases.filter { self == .both || rawValue == $0.rawValue }
    }
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter8-vae", section: "8.4", title: "a map of handwritten digits", options)
    let (train, test) = try run.loadDigits(quick: 160, fashion: fashion)

    let book = VariationalAutoencoder(seed: options.seed)
    print("Encoder\n\n\(book.encoder.summary())\n\nDecoder\n\n\(book.decoder.summary())\n")
    print("Together \(book.whole.parameterCount) parameters.\n")

    let rules = sampling.rules
    let batchSize = options.batchSize(book: 16)
    // All are checked before any is trained.
    let trainings = try rules.map { rule in
      try ResumableTraining(
        "vae-\(rule)", titled: rules.count > 1 ? rule.formula : nil, monitor: nil,
        batchSize: batchSize, resume: resume, in: run)
    }
    var networks: [TrainedNetwork] = []
    for (rule, training) in zip(rules, trainings) where !run.isInterrupted {
      let vae = VariationalAutoencoder(sampling: rule.layer, seed: options.seed)
      let epochs = options.epochs(book: 10, quick: 4)
      let past = try training.restore(vae.whole, epochs: epochs)
      let history = try vae.fit(
        train.pictures, test: test.pictures, epochs: epochs, batchSize: batchSize, resuming: past,
        callbacks: training.callbacks())
      networks.append(TrainedNetwork(rule, vae, history, on: test))
    }
    for network in networks {
      network.show(in: run, isBook: network.rule == .printed && !fashion)
    }
    networks.compare(in: run)
    try run.finish()
    for training in trainings { try training.finish() }
  }
}
