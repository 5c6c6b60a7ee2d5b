import ArgumentParser
import DeepLearning
import Figures
import Foundation
import Gallery
import PretrainedModels

/// Reader questions: what do steps, normalisation, jitter and blur do to patterns, and what do score, layer and class
/// do to a class map?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter5-visualizing", "Other ways to climb to filter patterns, and other class maps.",
    discussion: """
      The parts are ways (patterns after 10, 40 and 200 steps, without normalised gradients, with \
      jitter and with blur), objectives (mean, maximum or minimum of a filter's activations), input \
      (the gradient with respect to the picture or to the weights) and maps (class maps of the \
      softmax and of what goes into it, of other layers, and of another class). Figures and a \
      report are written to output/chapter5-visualizing-experiments.
      """)

  @OptionGroup var options: RunOptions

  /// What can be done alone.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case ways, objectives, input, maps
  }

  // The chapter itself has an `--only`, which would read this one's values.
  @Option(help: ArgumentHelp("Do only this part; may be repeated.", valueName: "part"))
  var part: [Part] = []

  @Option(file: "The photograph for the class maps.")
  var image: String?

  @Option(help: ArgumentHelp("The layer whose filters are shown.", valueName: "name"))
  var layer = "block4_conv1"

  func validate() throws {
    if let problem = VGG16Layers.problem(with: layer) { throw ValidationError(problem) }
  }

  func run() throws {
    let run = try ChapterRun(
      "chapter5-visualizing-experiments", section: "5.4", title: "other ways to look inside",
      options)
    Interruption.listen()
    for part in part.isEmpty ? Part.allCases : part where !run.isInterrupted {
      switch part {
      case .ways: try comparePatterns(run)
      case .objectives: try compareObjectives(run)
      case .input: try compareInputAndWeights(run)
      case .maps: try compareMaps(run)
      }
    }
    try run.finish()
  }

  private var variants: [AscentVariant] {
    let steps = options.quick ? [1, 2, 4] : [10, 40, 200]
    return [
      AscentVariant(name: "\(steps[0]) steps", steps: steps[0]),
      AscentVariant(name: "\(steps[1]) steps", steps: steps[1]),
      AscentVariant(name: "\(steps[2]) steps", steps: steps[2]),
      AscentVariant(
        name: "\(steps[1]) steps, gradient as it is", steps: steps[1], isNormalized: false),
      AscentVariant(
        name: "\(steps[1]) steps, from the mean colour", steps: steps[1], darkest: -10),
      AscentVariant(name: "\(steps[1]) steps, jitter", steps: steps[1], jitter: 4),
      AscentVariant(name: "\(steps[1]) steps, blur", steps: steps[1], blur: 0.5),
      AscentVariant(
        name: "\(steps[2]) steps, jitter, blur, from the mean colour", steps: steps[2],
        darkest: -10, jitter: 4, blur: 0.5),
    ]
  }

  /// VGG16 for small pictures up to the layer, what figures say about its weights, and the pictures' side.
  func loadAscent() throws -> (FilterAscent, label: String, side: Int) {
    let side = options.quick ? 32 : 64
    let (base, origin) = try VGG16.load(
      input: [side, side, 3], from: options.location, offline: options.offline, seed: options.seed)
    return (FilterAscent(base, layer: layer), origin.label, side)
  }

  /// One row of patterns for each variant.
  private func comparePatterns(_ run: ChapterRun) throws {
    let (ascent, label, side) = try loadAscent()
    let filters = Array(0..<(options.quick ? 2 : 8))
    let progress = Progress(
      "filter patterns", of: 1, times: variants.reduce(0) { $0 + $1.steps }, run)
    defer { progress.finish() }
    var table = ResultTable("way", "mean activation", "roughness")
    var pictures: [Picture] = []
    for variant in variants where !run.isInterrupted {
      let patterns = ascent.patterns(
        of: filters, variant, seed: options.seed, shouldStop: progress.step)
      let activation = Statistics.mean(patterns.map { Double($0.activation) })
      let roughness = Statistics.mean(patterns.map { Self.roughness(of: $0.pixels, side: side) })
      table.add([variant.name, ResultTable.number(activation), ResultTable.number(roughness)])
      run.result("\(variant.name): mean activation", here: activation, better: .higher)
      run.result("\(variant.name): roughness", here: roughness, better: .lower)
      pictures += patterns.map {
        Picture(pixels: $0.pixels, width: side, height: side, channels: 3, caption: variant.name)
      }
    }
    progress.finish()
    run.add(table, titled: "\(filters.count) filters of \(layer)")
    run.add(
      PictureGrid(
        title: "Ways to patterns: \(filters.count) filters of \(layer)", columns: filters.count,
        footnote: label, pictures: pictures), as: "ways")
  }

  /// The mean difference between neighbours in a row, in grey levels.
  private static func roughness(of pixels: [UInt8], side: Int) -> Double {
    var sum = 0
    for row in 0..<side {
      for index in row * side * 3..<((row + 1) * side - 1) * 3 {
        sum += abs(Int(pixels[index + 3]) - Int(pixels[index]))
      }
    }
    return Double(sum) / Double(side * (side - 1) * 3)
  }

  /// Maps of the same photograph.
  private func compareMaps(_ run: ChapterRun) throws {
    let photograph = try Photograph(image, options)
    let classifier = try Classifier.load(options)
    let classes = try ImageNetClasses.load(from: options.location, offline: options.offline)
    let best = classes.best(2, of: classifier.model(classifier.input(photograph.image)))
    let (first, second) = (best[0], best[1])
    var pictures = [photograph.image.picture(caption: "the photograph")]
    func add(_ caption: String, _ map: GradCAM.Map) {
      pictures.append(photograph.overlaid(with: map).picture(caption: caption))
    }
    func map(
      _ guess: ImageNetClasses.Guess, _ score: ClassScore, _ layer: String? = nil
    ) -> GradCAM.Map {
      classifier.map(of: photograph.image, class: guess.index, score: score, layer: layer)
    }
    let (softmax, logit) = (map(first, .softmax), map(first, .logit))
    add("\(first.name), softmax", softmax)
    add("\(first.name), logit", logit)
    add("\(first.name), without ReLU", logit.shiftedToZero)
    add("\(second.name), softmax", map(second, .softmax))
    add("\(second.name), logit", map(second, .logit))
    for layer in classifier.layers.dropFirst() {
      add("\(first.name), logit, \(layer)", map(first, .logit, layer))
    }
    run.add(
      PictureGrid(
        title: "Class maps of \(photograph.name)", columns: 4, footnote: classifier.origin.label,
        pictures: pictures), as: "maps")
    run.result(
      "softmax and logit: correlation of their maps",
      here: Self.correlation(softmax.values, logit.values), better: .higher)
    run.result(
      "share of places that speak against the class",
      here: Double(logit.values.count { $0 < 0 }) / Double(logit.values.count), better: .lower)
  }

  private static func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let (x, y) = (a.map(Double.init), b.map(Double.init))
    let (meanX, meanY) = (Statistics.mean(x), Statistics.mean(y))
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let spread =
      Statistics.standardDeviation(x) * Statistics.standardDeviation(y) * Double(x.count - 1)
    return spread > 0 ? products / spread : 0
  }
}

extension GradCAM.Map {
  /// The map without ReLU: the least value becomes 0, the greatest 1.
  fileprivate var shiftedToZero: GradCAM.Map {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    let range = greatest - least
    return GradCAM.Map(
      width: width, height: height,
      values: values.map { range > 0 ? ($0 - least) / range : 0 })
  }
}
