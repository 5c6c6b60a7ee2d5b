import ArgumentParser
import Datasets
import DeepLearning
import Figures
import Foundation
import Gallery

/// Which temperature, and which network?
struct Experiments: ParsableCommand {
  static let configuration = CommandConfiguration.experiments(
    of: "chapter8-text-generation",
    "Temperatures 0.2 to 1.5; learning rates, clipping, other networks, other steps.",
    discussion: """
      Trains on the first nine tenths of the text for 6 epochs and measures on the last tenth: \
      once for the temperatures, then each network with each seed. --only <name> does only a part.
      """)

  /// The part that is not a comparison of networks, as `--only` has it.
  private static let temperatures = "temperatures"

  @OptionGroup var options: RunOptions
  @OptionGroup var seedOptions: SeedOptions
  @OptionGroup var textOptions: TextOptions
  @OptionGroup var variantOptions: VariantOptions

  func run() throws {
    let all = options.quick ? Array(Variant.all.prefix(3)) : Variant.all
    let names = try variantOptions.chosen(
      from: [Self.temperatures] + all.map(\.name), name: { $0 })
    let variants = all.filter { names.contains($0.name) }
    let run = try ChapterRun(
      "chapter8-text-generation-experiments", section: "8.1",
      title: "which temperature, which network?", options)
    let corpus = try textOptions.load(options, atLeast: 20 * TextGeneration.window, run)
    let cut = corpus.count * 9 / 10
    let held = corpus.windows(cut..<corpus.count)
    var origin = corpus.origin
    origin.trainSamples = corpus.windows(0..<cut).x.count
    origin.testSamples = held.x.count
    run.data = origin

    if names.contains(Self.temperatures) { try sweepTemperatures(corpus, cut, run) }
    let epochs = options.epochs(book: 6, quick: 1)
    let batchSize = options.batchSize(book: 128)
    if variants.isEmpty { return try run.finish() }
    try run.compare(
      "Networks and their training", of: "held-out loss", variants,
      seeds: seedOptions.count(options), name: \.name
    ) { variant, seed, callback in
      let model = variant.network(characters: corpus.vocabulary.count, seed: seed)
      let (x, y) = corpus.windows(0..<cut, step: variant.step)
      do {
        // With windows that begin at every character there are three times as many steps in an epoch.
        try model.fit(
          x, y, epochs: max(1, epochs * variant.step / TextGeneration.step), batchSize: batchSize,
          callbacks: [callback])
      } catch TrainingError.notFinite { return .nan }
      return Double(model.evaluate(held.x, held.y).loss)
    }
    try run.finish()
  }

  /// What the temperature changes: the same network writes from the same seed text at many temperatures.
  private func sweepTemperatures(_ corpus: Corpus, _ cut: Int, _ run: ChapterRun) throws {
    let count = corpus.vocabulary.count
    let model = TextGeneration.network(
      characters: count, optimizer: .clipped(), seed: options.seed)
    let (x, y) = corpus.windows(0..<cut)
    try model.fit(
      x, y, epochs: options.epochs(book: 6, quick: 1),
      batchSize: options.batchSize(book: 128), callbacks: run.callbacks())
    if run.isInterrupted { return }

    let temperatures = (2...15).map { Double($0) / 10 }
    let passages = try TextGeneration(model: model, characters: count)
      .continuations(
        of: Array(corpus.ids[cut..<cut + TextGeneration.window]),
        length: options.quick ? 40 : 2_000,
        temperatures: temperatures, seed: options.seed)
    let known = KnownText(corpus, 0..<cut)
    let surprise = try surprise(of: model, corpus, cut, temperatures)
    let words = passages.map { passage in
      let text = corpus.vocabulary.decode(passage.ids)
      return (real: known.shareOfWords(text) ?? .nan, different: differentWords(text))
    }
    var table = ResultTable(
      "temperature", "bits per character", "real words", "different words", "longest copy",
      "bits for unseen text", words: 0)
    for (index, temperature) in temperatures.enumerated() {
      table.add([
        "\(temperature)", ResultTable.number(passages[index].entropy),
        ResultTable.number(words[index].real), ResultTable.number(words[index].different),
        "\(known.longestCopy(in: passages[index].ids)) characters",
        ResultTable.number(surprise[index]),
      ])
    }
    run.add(table, titled: "Temperatures, from the same seed text")
    run.add(
      Figure(
        title: "Uncertainty of what is written, and of text not seen", x: "Temperature",
        y: "Bits per character"
      ) {
        Line(passages.map(\.entropy), "What the network writes", at: temperatures)
        Line(surprise, "The last tenth of the corpus", at: temperatures, dashed: true)
      }, as: "temperature-entropy")
    run.add(
      Figure(title: "What is written at each temperature", x: "Temperature", y: "Share of words") {
        Line(words.map(\.real), "Occur in the corpus", at: temperatures)
        Line(words.map(\.different), "Differ from all before", at: temperatures, dashed: true)
      }, as: "temperature-words")
  }

  /// How many bits each character of the last tenth takes if it is foretold at a temperature.
  private func surprise(
    of model: Model, _ corpus: Corpus, _ cut: Int, _ temperatures: [Double]
  ) throws -> [Double] {
    let (x, y) = corpus.windows(cut..<corpus.count)
    let (answers, count) = (model.predict(x).scalars, corpus.vocabulary.count)
    return temperatures.map { temperature in
      y.indices.reduce(0) { sum, row in
        let weights = TemperatureSampling.reweighted(
          answers[row * count..<(row + 1) * count], temperature: temperature)
        return sum - log2(max(weights[Int(y[row])], 1e-12)) / Double(y.count)
      }
    }
  }

  private func differentWords(_ text: String) -> Double {
    let words = text.split { !$0.isLetter }
    return words.isEmpty ? .nan : Double(Set(words).count) / Double(words.count)
  }
}
