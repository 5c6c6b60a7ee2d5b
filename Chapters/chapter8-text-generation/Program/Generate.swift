import ArgumentParser
import DataFiles
import DeepLearning
import Foundation
import Gallery

/// Writes with a network that was trained before.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write with a trained network.",
    usage: "chapter8-text-generation generate [--seed-text <text>] [options]",
    discussion: """
      Continues the seed text with saved weights. Only the text goes to standard output. The same --seed \
      <number> (default: 42) writes the same text again; --output <folder> names the folder in which the \
      chapter's own is looked for.
      """)

  @Option(number: "How daring: 0 always writes the most probable character.")
  var temperature = 0.5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What to continue, at best 60 characters. Default: the end of a sentence of the corpus.",
      valueName: "text"))
  var seedText = ""

  @Option(number: "How many characters to write.")
  var length = 400

  /// Takes the flags that both have, such as --seed.
  @ParentCommand var chapter: Chapter8TextGeneration

  @Option(file: "The weights. Default: those of the last training in output/.")
  var weights: String?

  func validate() throws {
    try check("--temperature", temperature, in: 0...1_000)
    try check("--length", length, in: 1...1_000_000)
  }

  func run() throws {
    let options = chapter.options
    let weights = weights ?? options.output + "/chapter8-text-generation/weights.safetensors"
    guard FileManager.default.fileExists(atPath: weights) else {
      throw DataError(
        "There are no weights \(weights): train the network with `swift run chapter8-text-generation` "
          + "first, or name a file with --weights.")
    }
    let file = URL(fileURLWithPath: weights)
    let saved = try SavedVocabulary(beside: file)
    let characters = saved.vocabulary.count
    let model = TextGeneration.network(characters: characters, seed: 0)
    try model.loadWeights(from: file)
    let (beginning, remarks) = try saved.beginning(seedText)
    for remark in remarks { standardErrorLine(remark) }
    let passages = try TextGeneration(model: model, characters: characters)
      .continuations(
        of: beginning, length: length, temperatures: [temperature], seed: options.seed)
    let start = seedText.isEmpty ? saved.opening : seedText
    print(start + saved.vocabulary.decode(passages[0].ids))
  }
}
