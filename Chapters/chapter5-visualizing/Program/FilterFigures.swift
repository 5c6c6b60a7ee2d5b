import DeepLearning
import Figures
import Gallery
import PretrainedModels

/// Part two: the patterns that activate the filters of VGG16 most.
struct FilterFigures {
  private let layers: [String]
  private let filters: Int
  private let steps: Int
  /// Whether the noise at the start is around the mean colour: -10 is then its darkest grey. The book's 128 is far from
  /// what VGG16 was trained on, whose pictures had the mean colour taken off.
  private let isCentred: Bool
  private let base: Model
  private let label: String
  private let run: ChapterRun

  /// Pixels along a side of the single pattern, and of each in a grid.
  private static let (large, small) = (150, 64)
  /// So many pictures are changed at once: enough to keep the machine busy, few enough for its memory.
  private static let batchSize = 16

  /// The layers that the book shows, and in which figure.
  private static let book = [
    "block1_conv1": "5.30", "block2_conv1": "5.31", "block3_conv1": "5.32", "block4_conv1": "5.33",
  ]

  /// Loads the network.
  ///
  /// - Throws: `DataError` if its file cannot be used.
  init(
    layers: [String], filters: Int?, steps: Int?, isCentred: Bool, _ run: ChapterRun
  ) throws {
    let options = run.options
    let usual = Self.book.keys.sorted()
    self.layers = layers.isEmpty ? (options.quick ? Array(usual.prefix(2)) : usual) : layers
    self.filters = filters ?? (options.quick ? 4 : 64)
    self.steps = steps ?? (options.quick ? 4 : 40)
    self.isCentred = isCentred
    let origin: WeightsOrigin
    (base, origin) = try VGG16.load(
      input: [Self.large, Self.large, 3], from: options.location, offline: options.offline,
      seed: options.seed)
    label = origin.label
    run.note("Filters: \(label)")
    self.run = run
  }

  /// Draws one pattern large, and a grid of patterns for each layer.
  func show() {
    let progress = Progress(
      "filter patterns", of: 1 + layers.count * ((filters + Self.batchSize - 1) / Self.batchSize),
      times: steps, run)
    defer { progress.finish() }
    showOne(progress)
    let base = VGG16.base(input: [Self.small, Self.small, 3])
    for (own, loaded) in zip(base.weights, self.base.weights) { own.value = loaded.value }
    for layer in layers where !run.isInterrupted { show(layer, of: base, progress) }
  }

  /// The book's first pattern: filter 0 of block3_conv1.
  private func showOne(_ progress: Progress) {
    let ascent = FilterAscent(base, layer: "block3_conv1")
    let pattern = patterns(of: [0], by: ascent, progress)[0]
    add(
      "What filter 0 of block3_conv1 answers to",
      Picture(pixels: pattern.pixels, width: Self.large, height: Self.large, channels: 3),
      as: "filter-block3-conv1-0", book: "5.29")
    run.result(
      "block3_conv1, filter 0: mean activation", here: pattern.activation, better: .higher)
  }

  private func show(_ layer: String, of base: Model, _ progress: Progress) {
    let ascent = FilterAscent(base, layer: layer)
    let chosen = Array(0..<min(filters, ascent.filterCount))
    let beginning = ContinuousClock.now
    var patterns: [FilterAscent.Pattern] = []
    for start in stride(from: 0, to: chosen.count, by: Self.batchSize) where !run.isInterrupted {
      let batch = Array(chosen[start..<min(start + Self.batchSize, chosen.count)])
      patterns += self.patterns(of: batch, by: ascent, progress)
    }
    if patterns.isEmpty { return }
    let seconds = (ContinuousClock.now - beginning) / .seconds(1)
    run.note("\(layer): \(patterns.count) patterns in \(ResultTable.number(seconds)) s")
    let silent = patterns.count { $0.activation == 0 }
    let remark =
      silent > 0 ? " Without an answer to the noise at the start: \(silent) of them." : ""
    // Square tiles in rows of eight, with a black margin between them, as in the book.
    let tiles = Tensor(
      patterns.flatMap(\.pixels).map { Float($0) / 255 },
      shape: [patterns.count, Self.small, Self.small, 3])
    add(
      "What the first \(patterns.count) filters of \(layer) answer to",
      SampleGrid(columns: 8, gap: 5, frame: 0, background: 0).sheet(tiles).picture(),
      remark, as: "filters-" + layer.replacing("_", with: "-"), book: Self.book[layer])
    run.result("\(layer): filters without an answer", here: Double(silent), better: .lower)
  }

  private func patterns(
    of filters: [Int], by ascent: FilterAscent, _ progress: Progress
  ) -> [FilterAscent.Pattern] {
    ascent.patterns(
      of: filters, steps: steps, darkest: isCentred ? -10 : 128, seed: run.options.seed,
      shouldStop: progress.step)
  }

  private func add(
    _ title: String, _ picture: Picture, _ remark: String = "", as name: String, book: String?
  ) {
    let number = steps == 40 ? "" : " After \(steps) steps, not 40."
    let start = isCentred ? " Started from noise around the mean colour." : ""
    run.add(
      PictureGrid(title: title, footnote: label + number + start + remark, pictures: [picture]),
      as: name, book: book)
  }
}

extension WeightsOrigin {
  /// What every figure says about the weights: one short sentence.
  var label: String {
    switch kind {
    case .official: "\(name) with its official weights."
    case .mirror: "\(name) with its authors' weights (mirror), not the book's VGG16."
    case .otherContent, .own, .drawn: "\(name), not known to have its official weights."
    case .standIn: "\(name) with random weights: it has learned nothing."
    }
  }
}
