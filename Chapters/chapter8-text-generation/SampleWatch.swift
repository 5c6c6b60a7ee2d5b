import Datasets
import DeepLearning
import Foundation
import Gallery

/// After each epoch, lets the network write at the book's temperatures, measures what it wrote and keeps it.
final class SampleWatch: Callback {
  /// The book's temperatures.
  static let temperatures = [0.2, 0.5, 1.0, 1.2]

  /// What a later run needs in order to go on.
  private struct State: Codable {
    let plan: Plan
    var epochs: [SampledEpoch]
  }

  private let corpus: Corpus
  private let known: KnownText
  /// Where the pages go, one an epoch.
  private let pages: URL
  private let file: URL
  private var state: State
  /// What was written so far.
  var epochs: [SampledEpoch] { state.epochs }

  /// Creates a callback that writes into `folder`.
  init(_ plan: Plan, _ corpus: Corpus, known: KnownText, folder: URL) {
    (self.corpus, self.known) = (corpus, known)
    pages = folder.appending(path: "samples")
    file = folder.appending(path: "unfinished-text-generation.json")
    state = State(plan: plan, epochs: [])
  }

  /// Takes over what an earlier run has written.
  ///
  /// - Parameter count: how many epochs that run has finished.
  /// - Throws: `DataError` if it was another training.
  func resume(after count: Int) throws {
    let bytes = try InputFile(path: file.path).readAll(limit: 1 << 27)
    guard let past = try? JSONDecoder().decode(State.self, from: Data(bytes)),
      past.epochs.count >= count,
      zip(past.epochs, 1...).allSatisfy({ $0.isPossible(as: $1, length: past.plan.length) })
    else {
      throw DataError(
        "\(file.path) is damaged: remove it, or start anew without --resume.")
    }
    guard past.plan == state.plan else {
      throw DataError(
        "\(file.path) is of a training with another text or other flags: give the same ones, or start "
          + "anew without --resume.")
    }
    // The program may have been killed after it had written, but before it had saved its weights.
    state.epochs = Array(past.epochs.prefix(count))
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
    // Each epoch has its own chance, so that a run that goes on draws what a run in one go would.
    var random = RandomGenerator(seed: state.plan.seed ^ UInt64(run.epoch) << 32)
    let start = random.below(corpus.count - Network.window)
    let writer = TextWriter(model: run.model, characters: corpus.vocabulary.count)
    var beginning = Array(corpus.ids[start..<start + Network.window])
    let seedText = corpus.vocabulary.decode(beginning)
    var passages: [TextWriter.Passage] = []
    // The printed loop overwrites the seed text: each temperature continues what the one before has written.
    for temperatures in state.plan.asPrinted
      ? Self.temperatures.map({ [$0] }) : [Self.temperatures]
    {
      passages += try writer.continuations(
        of: beginning, length: state.plan.length, temperatures: temperatures, seed: random.next())
      if state.plan.asPrinted { beginning += passages.last?.ids ?? [] }
    }
    let samples = zip(Self.temperatures, passages).map(measured)
    state.epochs.append(
      SampledEpoch(
        epoch: run.epoch, loss: run.logs["loss"] ?? .nan, seedText: seedText, samples: samples))
    try save()
  }

  private func measured(
    _ temperature: Double, _ passage: TextWriter.Passage
  ) -> SampledEpoch.Sample {
    let text = corpus.vocabulary.decode(passage.ids)
    return .init(
      temperature: temperature, text: text, entropy: passage.entropy,
      realWords: known.shareOfWords(text), longestCopy: known.longestCopy(in: passage.ids))
  }

  private func save() throws {
    guard let latest = epochs.last else { return }
    try Data(latest.page.utf8).write(atomicallyTo: pages.appending(path: latest.fileName))
    try JSONEncoder().encode(state).write(atomicallyTo: file)
  }
}
