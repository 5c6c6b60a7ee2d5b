import ArgumentParser
import DeepLearning
import Foundation
import Gallery

@main
struct Chapter5Visualizing: ParsableCommand {
  static let configuration = CommandConfiguration.chapter(
    "chapter5-visualizing", "See what convnets have learned (book section 5.4).",
    discussion: """
      Three parts: the activations of the network that chapter5-cats-dogs trained, the patterns \
      that activate filters of VGG16, and a map of what a classifier of ImageNet goes by \
      (Grad-CAM); --only activations, filters or gradcam picks one.
      """,
    subcommands: [Experiments.self])

  @OptionGroup var options: RunOptions
  @OptionGroup var variantOptions: VariantOptions

  @Option(
    file: "The weights of the cats-and-dogs network. Default: those of run B in the output folder.")
  var weights: String?

  @Option(file: "The picture to look at, for activations and gradcam (PNG or JPEG).")
  var image: String?

  @Option(
    help: ArgumentHelp(
      "A layer of VGG16 whose filters to show. May be repeated. Default: the first of blocks 1 to 4.",
      valueName: "name"))
  var layer: [String] = []

  @Option(number: "How many filters of each layer. Default: 64.")
  var filters: Int?

  @Option(number: "How many steps of gradient ascent. Default: 40.")
  var steps: Int?

  @Flag(
    help: "Start patterns from noise around the mean colour, as VGG16 was trained, not from grey.")
  var centred = false

  @Option(help: "The score that Grad-CAM explains: softmax as in the book, or logit before it.")
  var score = ClassScore.softmax

  /// The three examples of the section.
  enum Part: String, CaseIterable {
    case activations, filters, gradcam
  }

  private func parts() throws -> [Part] {
    try variantOptions.chosen(from: Part.allCases, name: \.rawValue)
  }

  func validate() throws {
    _ = try parts()
    try check("--filters", filters, in: 1...512)
    try check("--steps", steps, in: 1...100_000)
    for name in layer {
      if let problem = VGG16Layers.problem(with: name) { throw ValidationError(problem) }
    }
    if let image { try checkFile(image, "--image") }
    if let weights { try checkFile(weights, "--weights") }
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter5-visualizing", section: "5.4", title: "what convnets learn", options)
    Interruption.listen()
    for part in try parts() {
      if run.isInterrupted { break }
      let beginning = ContinuousClock.now
      switch part {
      case .activations: try ActivationFigures(weights: weights, image: image, run).show()
      case .filters:
        try FilterFigures(
          layers: layer, filters: filters, steps: steps, isCentred: centred, run
        ).show()
      case .gradcam: try ClassMapFigures(image: image, score: score, run).show()
      }
      let seconds = (ContinuousClock.now - beginning) / .seconds(1)
      run.result("\(part.rawValue): time", here: seconds, unit: "s", better: .lower)
    }
    try run.finish()
  }

  private func checkFile(_ path: String, _ option: String) throws {
    if !FileManager.default.fileExists(atPath: path) {
      throw ValidationError("\(option) names \(path), but there is no such file.")
    }
  }
}
