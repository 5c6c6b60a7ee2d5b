// The program of section 8.2. The section itself is in DeepDream.swift.

import ArgumentParser
import DeepLearning
import Foundation
import Gallery
import Images

@main
struct Chapter8DeepDream: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chapter8-deepdream",
    abstract: "Let a network dream about a photograph (book section 8.2).",
    usage: "chapter8-deepdream [experiments] [options]",
    discussion: """
      The dream, figures and a report are written to output/chapter8-deepdream. The experiments show what \
      layers, sizes, detail, borders and measures do to a dream.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions
  @OptionGroup var dreaming: DreamOptions

  @Option(
    help: ArgumentHelp(
      "A layer to activate and how much it counts. May be repeated, or have commas between. Default: what suits the network.",
      valueName: "name=weight"))
  var layers: [String] = []

  @Option(number: "In how many sizes the picture is worked on.")
  var octaves = 3

  @Option(number: "How much larger each size is than the one before.", "factor")
  var octaveScale = 1.4

  @Option(number: "Steps in each size. Default: 20.")
  var steps: Int?

  @Option(number: "The mean change of a colour in a step; colours run from -1 to 1.")
  var stepSize: Float = 0.01

  @Option(number: "The loss beyond which a size is left.")
  var maxLoss: Float = 10

  @Option(
    number: "Shift the picture by up to this many pixels before each step, and back after it.",
    "pixels")
  var jitter = 0

  @Option(number: "How many pictures of the ascent the figure shows.")
  var frames = 12

  @Flag(help: "Write the ascent as an animated PNG, film.png.")
  var animate = false

  @Flag(help: "Keep the picture as it is after each step in now.png, for whoever watches.")
  var live = false

  @Flag(help: "Do not put back what smaller sizes have lost of the original.")
  var noReinjection = false

  @Option(help: "What to start from: the image, or noise of its size.")
  var start = Start.image

  /// What to start from.
  enum Start: String, CaseIterable, ExpressibleByArgument {
    case image, noise
  }

  func validate() throws {
    try check("--octaves", octaves, in: 1...20)
    try check("--steps", steps, in: 1...100_000)
    try check("--jitter", jitter, in: 0...500)
    try check("--frames", frames, in: 2...96)
    try check("--octave-scale", octaveScale, in: 1.05...4)
    if !(stepSize > 0) {
      throw ValidationError("--step-size needs a number above 0, not \(stepSize).")
    }
    try check("--step-size", stepSize, in: 0...1e38)
    if maxLoss.isNaN { throw ValidationError("--max-loss needs a number, not \(maxLoss).") }
  }

  func run() throws {
    let input = try InputImage(dreaming.image, size: dreaming.size, options)
    let network = try DreamNetwork.load(dreaming.network, weights: dreaming.weights, options)
    let plan = try plan(for: network)
    let run = try ChapterRun(
      "chapter8-deepdream", section: "8.2", title: "a network dreams about a photograph", options)
    Interruption.listen()
    run.data = input.origin
    run.markNotComparable(
      network.isBooks ? "another photograph" : "another photograph, another network")
    run.note(network.label + " " + plan.description)
    if let remark = input.remark { run.note(remark) }
    let original = start == .image ? input.tensor : input.noise(seed: options.seed)
    let recorder = Recorder(original, plan.dream, isLive: live, run)
    let dream = DreamRun(
      plan, by: network, seed: options.seed, shouldStop: { run.isInterrupted },
      observe: recorder.observe)
    try dream.dream(about: original)
    noteRecovery(of: dream, in: run)
    DreamFigures(input: input, network: network, dream: dream, recorder: recorder)
      .add(to: run, frames: frames)
    BookResults.compare(dream, in: run)
    run.result("time", here: recorder.seconds.reduce(0, +), unit: "s", better: .lower)
    try Image(dream: dream.image).write(to: run.folder.appending(path: "dream.png").path)
    if animate {
      try recorder.animation.animatedPNG()
        .write(to: run.folder.appending(path: "film.png").path)
    }
    try run.finish()
  }

  private func plan(for network: DreamNetwork) throws -> DreamPlan {
    let recipe = DeepDream(
      contributions: try LayerList.contributions(layers, of: network), octaves: octaves,
      octaveScale: octaveScale, iterations: steps ?? (options.quick ? 4 : 20), stepSize: stepSize,
      maxLoss: maxLoss)
    return DreamPlan(
      dream: recipe, tile: dreaming.tile, jitter: jitter, reinjectsDetail: !noReinjection)
  }

  private func noteRecovery(of dream: DreamRun, in run: ChapterRun) {
    for octave in dream.octaves where octave.stopReason == .notFinite {
      run.note(
        """
        The loss at \(octave.width) x \(octave.height) became NaN or infinite after \
        \(octave.losses.count) steps; the last good image is kept. Try a smaller --step-size.
        """)
    }
  }
}
