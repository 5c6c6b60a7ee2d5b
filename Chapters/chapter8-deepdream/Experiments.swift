import ArgumentParser
import Gallery

/// Reader questions: what does each part of the recipe do to a dream?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Dreams of single layers, and of other recipes.",
    usage: "chapter8-deepdream experiments [options]",
    discussion: """
      Single layers beside the mix; with and without lost detail; numbers and distances of sizes; borders, \
      and other measures of excitement; other ceilings; noise at the start. Takes some minutes. Figures and \
      a report are written to output/chapter8-deepdream-experiments.
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup var dreaming: DreamOptions

  @Option(
    help:
      "Which experiments: layers, detail, octaves, measure, ceiling or start. May be repeated. Default: all."
  )
  var part: [Part] = []

  /// The experiments, in their order.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case layers, detail, octaves, measure, ceiling, start

    var title: String {
      switch self {
      case .layers: "Single layers and the mix"
      case .detail: "With and without the detail that smaller sizes have lost"
      case .octaves: "How many sizes, and how far apart"
      case .measure: "What counts as excitement"
      case .ceiling: "When to stop: one size, four times the steps"
      case .start: "From the picture and from noise"
      }
    }
  }

  func run() throws {
    let subject = try Subject(dreaming.image, size: dreaming.size, options)
    let network = try DreamNetwork.load(dreaming.network, options)
    let run = try ChapterRun(
      "chapter8-deepdream-experiments", section: "8.2", title: "other recipes for dreams", options)
    Interruption.listen()
    run.data = subject.origin
    run.note(network.label)
    let laboratory = Laboratory(subject: subject, network: network, run: run, tile: dreaming.tile)
    for part in Part.allCases where self.part.isEmpty || self.part.contains(part) {
      if run.isInterrupted { break }
      laboratory.compare(laboratory.variants(of: part), titled: part.title, as: part.rawValue)
    }
    try run.finish()
  }
}
