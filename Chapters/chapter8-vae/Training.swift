import Datasets
import DeepLearning
import Foundation
import Gallery

/// Trains networks on the same pictures, each from the start or from where an earlier run came to.
struct Training {
  private let train: Digits
  private let test: Digits
  private let run: ChapterRun
  /// Whether there may be something to go on from.
  private let isResuming: Bool
  /// Says what the unfinished trainings are about.
  private let circumstances: URL
  /// What this one is about.
  private let these: String

  /// Nothing is changed yet: what is there goes when the first new epoch is whole.
  ///
  /// - Throws: `DataError` if what is to be gone on with began with other pictures or other flags, or does not say.
  init(_ train: Digits, _ test: Digits, resume: Bool, _ run: ChapterRun) throws {
    (self.train, self.test, self.run) = (train, test, run)
    circumstances = run.folder.appending(path: "unfinished-vae.txt")
    let (origin, options) = (train.origin, run.options)
    these =
      "\(origin.name), \(origin.kind.rawValue), \(origin.trainSamples) pictures; seed \(options.seed); "
      + "batches of \(options.batchSize(book: 16))\n"
    let files = FileManager.default
    isResuming =
      resume
      && (Sampling.Rule.allCases.map { Self.file($0, run) } + [circumstances])
        .contains { files.fileExists(atPath: $0.path) }
    guard isResuming else {
      if resume { run.note("There is nothing to go on from: training starts anew.") }
      return
    }
    guard let bytes = try? InputFile(path: circumstances.path).readAll(limit: 1 << 16) else {
      throw DataError(
        "\(circumstances.path) cannot be read, which says what the training to go on with is about: mend "
          + "that, or leave out --resume to start anew.")
    }
    let those = String(decoding: bytes, as: UTF8.self)
    guard those == these else {
      throw DataError(
        "\(circumstances.path) says that the training to go on with is another one "
          + "(\(those.prefix(200).filter { !$0.isNewline })): repeat the flags of that run, or leave out "
          + "--resume to start anew.")
    }
  }

  /// Trains a network with a rule of sampling.
  func train(_ rule: Sampling.Rule) throws -> (vae: Autoencoder, history: History) {
    let options = run.options
    let vae = Autoencoder(.init(rule: rule), seed: options.seed)
    let file = Self.file(rule, run)
    var past = History()
    if isResuming, FileManager.default.fileExists(atPath: file.path) {
      past = try vae.whole.restoreTraining(from: file)
      run.note("\(rule.formula): training goes on after epoch \(past.epochs.count).")
    } else if isResuming {
      run.note("\(rule.formula): there is nothing to go on from.")
    }
    let history = try vae.whole.fit(
      train.pictures, train.pictures, epochs: options.epochs(book: 10, quick: 4),
      batchSize: options.batchSize(book: 16), validation: (test.pictures, test.pictures),
      resuming: past,
      callbacks: [AfterFirstEpoch(replaceOthers), TrainingCheckpoint(file)] + run.callbacks())
    return (vae, history)
  }

  /// Removes what trainings under other circumstances have left, and says what those of this run are about.
  private func replaceOthers() throws {
    if let those = try? Data(contentsOf: circumstances), those == Data(these.utf8) { return }
    removeUnfinished()
    try Data(these.utf8).write(atomicallyTo: circumstances)
  }

  /// Removes what only unfinished trainings need.
  func removeUnfinished() {
    for file in Sampling.Rule.allCases.map({ Self.file($0, run) }) + [circumstances] {
      try? FileManager.default.removeItem(at: file)
    }
  }

  private static func file(_ rule: Sampling.Rule, _ run: ChapterRun) -> URL {
    TrainingFiles(of: "vae-\(rule)", in: run.folder).state
  }
}
