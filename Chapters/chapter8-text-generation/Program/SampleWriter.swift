import DataFiles
import Datasets
import DeepLearning
import Foundation
import Gallery

/// After each epoch, lets the network write at the book's temperatures, measures what it wrote and keeps it.
final class SampleWriter: Callback {
  /// What a later run needs in order to go on.
  private struct State: Codable {
    var epochs: [SampledEpoch]
  }

  private let corpus: Corpus
  private let known: KnownText
  private let seed: UInt64
  private let length: Int
  private let isChained: Bool
  /// Where the pages go, one an epoch.
  private let pages: URL
  private let file: URL
  /// What was written so far.
  private(set) var epochs: [SampledEpoch] = []

  /// Creates a callback that writes into a folder.
  ///
  /// - Parameters:
  ///   - corpus: the text whose passages are continued.
  ///   - seed: the seed of the draws.
  ///   - length: how many characters are written at each temperature.
  ///   - isChained: whether each temperature continues what the one before has written, as in the printed loop, which
  ///     overwrites the seed text.
  ///   - folder: the folder.
  init(_ corpus: Corpus, seed: UInt64, length: Int, isChained: Bool, folder: URL) {
    (self.corpus, known) = (corpus, KnownText(corpus))
    (self.seed, self.length, self.isChained) = (seed, length, isChained)
    pages = folder.appending(path: "samples")
    file = folder.appending(path: "unfinished-text-generation.json")
  }

  /// Takes over what an earlier run has written.
  ///
  /// - Parameter count: how many epochs that run has finished.
  /// - Throws: `DataError` if the file cannot be read or is damaged.
  func resume(after count: Int) throws {
    let bytes = try InputFile(path: file.path).readAll(limit: 1 << 27)
    guard let past = try? JSONDecoder().decode(State.self, from: Data(bytes)),
      past.epochs.count >= count,
      zip(past.epochs, 1...).allSatisfy({ $0.isPossible(as: $1, length: length) })
    else {
      throw DataError(
        "\(file.path) is damaged: remove it, or start over without --resume.")
    }
    // The program may have been killed after it had written, but before it had saved its weights.
    epochs = Array(past.epochs.prefix(count))
  }

  /// Removes what only an unfinished training needs, and the pages of an earlier one now that all of this one are there.
  func finish() {
    try? FileManager.default.removeItem(at: file)
    pages.removeFiles(except: Set(epochs.map(\.fileName))) {
      $0.wholeMatch(of: /epoch-\d+\.txt/) != nil
    }
  }

  /// Writes.
  func epochDidEnd(_ run: TrainingRun) throws {
    // Each epoch has random numbers of its own, so that a run that goes on draws what a run in one go would.
    var random = RandomGenerator(seed: seed ^ UInt64(run.epoch) << 32)
    let start = random.below(corpus.count - TextGeneration.window)
    let generation = TextGeneration(model: run.model, characters: corpus.vocabulary.count)
    let seedText = Array(corpus.ids[start..<start + TextGeneration.window])
    let temperatures = TextGeneration.temperatures
    var passages: [TextGeneration.Passage] = []
    for group in isChained ? temperatures.map({ [$0] }) : [temperatures] {
      passages += try generation.continuations(
        of: seedText + (passages.last?.ids ?? []), length: length, temperatures: group,
        seed: random.next())
    }
    let samples = zip(temperatures, passages).map(measured)
    epochs.append(
      SampledEpoch(
        epoch: run.epoch, loss: run.logs["loss"] ?? .nan,
        seedText: corpus.vocabulary.decode(seedText), samples: samples))
    try save()
  }

  private func measured(
    _ temperature: Double, _ passage: TextGeneration.Passage
  ) -> SampledEpoch.Sample {
    let text = corpus.vocabulary.decode(passage.ids)
    return .init(
      temperature: temperature, text: text, entropy: passage.entropy,
      realWords: known.shareOfWords(text), longestCopy: known.longestCopy(in: passage.ids))
  }

  private func save() throws {
    guard let latest = epochs.last else { return }
    try Data(latest.page.utf8).write(atomicallyTo: pages.appending(path: latest.fileName))
    try JSONEncoder().encode(State(epochs: epochs)).write(atomicallyTo: file)
  }
}
