// Section 8.4: a map of all digits.
//
// An encoder says where on a plane a digit lies, and how exactly that can be told; a point is drawn there, and a
// decoder makes a digit of it again. As each digit is spread over a neighbourhood, and all of them are pulled
// together, the plane has no holes: every point of it becomes a digit, and one digit turns into another on the way
// between them.

import ArgumentParser
import Datasets
import DeepLearning
import Gallery

@main
struct Chapter8VAE: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter8-vae",
    abstract: "Learn a map of handwritten digits and draw new ones (section 8.4).",
    usage: "chapter8-vae [draw|experiments] [options]",
    discussion: """
      Trains a variational autoencoder on 60,000 digits for 10 epochs, which takes about ten minutes; \
      each epoch is kept, and --resume goes on where training stopped. Figures, weights and a report are \
      written to output/chapter8-vae.
      """,
    subcommands: [Draw.self, Experiments.self])

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

    var rules: [Sampling.Rule] {
      Sampling.Rule.allCases.filter { self == .both || rawValue == $0.rawValue }
    }
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter8-vae", section: "8.4", title: "a map of handwritten digits", options)
    let (train, test) = try MNIST.load(
      samples: options.quick ? 320 : nil, from: options.location, fashion: fashion,
      offline: options.offline)
    run.data = train.origin
    // Few digits to learn from are another task.
    if train.origin.kind == .mirror { run.markNotComparable("\(train.count) digits to learn from") }

    let plan = Autoencoder(seed: options.seed)
    print("Encoder\n\n\(plan.encoder.summary())\n\nDecoder\n\n\(plan.decoder.summary())\n")
    print("Together \(plan.whole.parameterCount) parameters.\n")

    let training = try Training(train, test, resume: resume, run)
    var networks: [Trained] = []
    for rule in sampling.rules where !run.isInterrupted {
      let (vae, history) = try training.train(rule)
      networks.append(Trained(rule, vae, history, on: test))
    }
    for network in networks {
      network.show(in: run, isBook: network.rule == .printed && !fashion)
    }
    networks.compare(in: run)
    if !run.isInterrupted { training.removeUnfinished() }
    try run.finish()
  }
}
