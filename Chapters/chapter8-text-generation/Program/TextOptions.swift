import ArgumentParser
import Datasets
import Gallery

/// The flag that says what to learn from.
struct TextOptions: ParsableArguments {
  @Option(file: "A text in UTF-8 to learn from. Default: nietzsche.txt in the data folder.")
  var text: String?

  /// The text to learn from; in a quick run the beginning of it.
  ///
  /// - Throws: `DataError` if it cannot be used.
  func load(_ options: RunOptions, atLeast minimum: Int, _ run: ChapterRun) throws -> Corpus {
    let corpus = try Corpus.load(
      text: text, characters: options.quick ? 3_000 : nil, atLeast: minimum,
      from: text == nil ? options.location : nil, offline: options.offline)
    if corpus.origin.kind == .mirror { run.markNotComparable("another text") }
    return corpus
  }
}
