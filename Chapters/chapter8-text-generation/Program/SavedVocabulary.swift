import DataFiles
import Datasets
import DeepLearning
import Foundation

/// What must lie beside saved weights for others to write with them.
struct SavedVocabulary: Codable {
  /// What the network's inputs and outputs stand for.
  let vocabulary: CharacterVocabulary
  /// 60 characters of the corpus that end with a sentence: what stands before a seed text that is too short.
  let opening: String

  init(_ corpus: Corpus) {
    vocabulary = corpus.vocabulary
    let text = Array(corpus.text(0..<min(corpus.count, 10_000)).unicodeScalars)
    let end = (TextGeneration.window...text.count).first {
      text[$0 - 2] == "." && [" ", "\n"].contains(text[$0 - 1])
    }
    opening = corpus.text(
      (end ?? TextGeneration.window) - TextGeneration.window..<(end ?? TextGeneration.window))
  }

  private static func file(beside weights: URL) -> URL {
    weights.deletingPathExtension().appendingPathExtension("vocabulary.json")
  }

  static func remove(beside weights: URL) {
    try? FileManager.default.removeItem(at: file(beside: weights))
  }

  func write(beside weights: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + Data("\n".utf8)).write(atomicallyTo: Self.file(beside: weights))
  }

  /// Reads what lies beside weights.
  ///
  /// - Throws: `DataError` if it is not there or no vocabulary.
  init(beside weights: URL) throws {
    let path = Self.file(beside: weights).path
    let bytes = try InputFile(path: path).readAll(limit: 1 << 20)
    guard let saved = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
      saved.vocabulary.encode(saved.opening).ids.count == TextGeneration.window
    else {
      throw DataError(
        "\(path) is not the vocabulary that a training keeps beside its weights: train again.")
    }
    self = saved
  }

  /// What the network is shown at first, and what there is to say about it.
  ///
  /// - Throws: `DataError` if no character of the seed text is known.
  func beginning(_ seedText: String) throws -> (window: [Int32], remarks: [String]) {
    let (ids, unknown) = vocabulary.encode(seedText)
    guard !ids.isEmpty || seedText.isEmpty else {
      throw DataError(
        "The network knows none of the characters of the seed text \"\(seedText)\": it learned from "
          + "a text without them.")
    }
    var remarks: [String] = []
    if !unknown.isEmpty {
      let list = unknown.map { "\"\($0)\"" }.joined(separator: ", ")
      remarks.append("Left out of the seed text, as the network does not know them: \(list).")
    }
    if ids.count > TextGeneration.window {
      remarks.append(
        "Of the seed text's \(ids.count) characters the network sees the last \(TextGeneration.window)."
      )
    } else if !ids.isEmpty, ids.count < TextGeneration.window {
      remarks.append(
        "The seed text has \(ids.count) characters of \(TextGeneration.window); the end of a sentence of the "
          + "corpus is put before it.")
    }
    return (Array((vocabulary.encode(opening).ids + ids).suffix(TextGeneration.window)), remarks)
  }
}
