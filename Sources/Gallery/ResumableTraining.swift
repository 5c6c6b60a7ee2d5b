import DataFiles
import DeepLearning
import Foundation

/// A training with `fit` whose state is kept after each epoch, so that `--resume` can go on with it.
///
/// ```swift
/// let training = try ResumableTraining("b", titled: "Run b", batchSize: 32, resume: resume, in: run)
/// let past = try training.restore(model, epochs: 100)
/// let history = try model.fit(
///   x, y, epochs: 100, batchSize: 32, resuming: past, callbacks: training.callbacks())
/// try training.loadBest(into: model)
/// ...
/// try run.finish()
/// training.finish()
/// ```
///
/// `trained-on.txt` beside the state says with which data, seed and flags the training began; one that began with
/// others is not gone on with. What an earlier run has left stays until the first new epoch is whole.
public final class ResumableTraining {
  /// The files of a training that is not over.
  public let files: TrainingFiles
  /// The epochs of an earlier run that is gone on with.
  public private(set) var past = History()
  private let name: String
  private let title: String?
  private let monitor: String?
  private let finished: TrainingFiles?
  private let isResuming: Bool
  private let run: ChapterRun
  private let circumstances: Circumstances
  private var best: BestWeights?

  /// Finds out whether there is something to go on from. Nothing is changed yet.
  ///
  /// - Parameters:
  ///   - name: what tells the chapter's trainings apart.
  ///   - title: what the training is called in messages; nil if it is the only one.
  ///   - monitor: the measurement by which the best epoch is told, whose weights are kept; nil to keep none.
  ///   - keepsFinished: whether state and weights also stay when the training is over, as `NAME-training.safetensors`
  ///     and `NAME.safetensors`, so that a later run can go on from them; those of an earlier training stay until then.
  ///   - batchSize: the number of samples per step.
  ///   - details: what else must be the same for a training to go on, such as flags of the chapter.
  ///   - resume: the flag.
  ///   - run: the run, which knows its data.
  /// - Throws: `DataError` if what there is to go on from began with other data or flags, or does not say.
  public init(
    _ name: String, titled title: String? = nil, monitor: String? = "val_acc",
    keepsFinished: Bool = false, batchSize: Int, details: String? = nil, resume: Bool,
    in run: ChapterRun
  ) throws {
    (self.name, self.title, self.monitor, self.run) = (name, title, monitor, run)
    files = TrainingFiles(of: name, in: run.folder)
    finished = keepsFinished ? TrainingFiles(finished: name, in: run.folder) : nil
    isResuming = resume
    var facts = ["seed \(run.options.seed)", "batches of \(batchSize)"]
    if let data = run.data {
      facts.insert("\(data.name), \(data.kind.rawValue), \(data.trainSamples) samples", at: 0)
    }
    facts += [details, run.options.quick ? "quick" : nil].compactMap { $0 }
    circumstances = Circumstances(facts.joined(separator: "; "), in: run.folder)
    if resume, let state { try circumstances.check(label(of: state), state: state) }
  }

  /// Where there is something to go on from, if there is.
  private var state: URL? {
    let places = [files, finished].compactMap { $0 }
    // The best weights of a finished training get their place before its state: the program may be killed in between.
    guard monitor == nil || places.contains(where: { $0.best.isFile }) else { return nil }
    return places.map(\.state).first(where: \.isFile)
  }

  /// What the training is called in the list of circumstances.
  private func label(of state: URL) -> String {
    state == files.state ? "unfinished \(name)" : name
  }

  /// Whether `--resume` was given and there is something to go on from.
  public var canResume: Bool { isResuming && state != nil }

  /// Puts a compiled model back to where an earlier run came to, if that is wanted, and says so.
  ///
  /// - Parameter epochs: how many epochs there will be in all.
  /// - Returns: the epochs of the earlier run, for `fit`; none if training starts from the beginning.
  /// - Throws: `WeightsError`.
  @discardableResult
  public func restore(_ model: Model, epochs: Int) throws -> History {
    guard isResuming else { return past }
    if let state {
      past = try model.restoreTraining(from: state)
      // Best weights without a state are of a training that was killed in its first epoch.
      if state != files.state { try? FileManager.default.removeItem(at: files.best) }
    }
    if past.epochs.count >= epochs {
      let trained = "trained before, in \(past.epochs.count) epochs."
      run.note(title.map { "\($0): \(trained)" } ?? "The network was \(trained)")
    } else {
      run.noteResuming(title, after: past.epochs.count)
    }
    return past
  }

  /// What `fit` needs to keep each epoch, and all that ``ChapterRun/callbacks()`` has.
  ///
  /// - Parameter others: what else is to be kept of each epoch, before its state is.
  public func callbacks(keeping others: [any Callback] = []) -> [any Callback] {
    let beginning = AfterFirstEpoch { [self] in
      if past.epochs.isEmpty { files.remove() }
      try circumstances.add("unfinished \(name)")
    }
    best = monitor.map { BestWeights(files.best, monitor: $0, past: past) }
    return [beginning] + (best.map { [$0] } ?? []) + others + [TrainingCheckpoint(files.state)]
      + run.callbacks()
  }

  /// The best epoch so far, if there was a whole one.
  public var bestEpoch: Int? { best?.epoch }

  /// Gives a model the weights of the best epoch, if there was a whole one.
  ///
  /// - Throws: `WeightsError`.
  public func loadBest(into model: Model) throws {
    guard bestEpoch != nil else { return }
    // Where no new epoch was better, the finished training still has them.
    let place = files.best.isFile ? files.best : finished?.best ?? files.best
    try model.loadWeights(from: place)
  }

  /// Says which epoch's weights are kept.
  public func noteBest() {
    guard let bestEpoch else { return }
    let kept = "weights kept are those of epoch \(bestEpoch), the best one."
    run.note(title.map { "\($0): the \(kept)" } ?? "The \(kept)")
  }

  /// Removes what only an unfinished training needs, or puts it in the place of that of the finished one before. To be
  /// called when the training is over and its results are written.
  ///
  /// - Throws: `FileError`.
  public func finish() throws {
    if let finished {
      if files.state.isFile { try circumstances.add(name) }
      // The state last: as long as it is there, it is what --resume goes on from.
      for (new, old) in [(files.best, finished.best), (files.state, finished.state)]
      where new.isFile {
        guard rename(new.path, old.path) == 0 else {
          throw FileError(old, reason: String(cString: strerror(errno)) + ".")
        }
      }
    }
    files.remove()
    try circumstances.remove("unfinished \(name)")
  }
}

extension ChapterRun {
  /// Says from where a training goes on, or that it starts from the beginning though `--resume` was given.
  ///
  /// - Parameters:
  ///   - title: what the training is called; nil if it is the only one.
  ///   - count: how many epochs or steps an earlier run has made.
  ///   - unit: what is counted.
  public func noteResuming(_ title: String? = nil, after count: Int, unit: String = "epoch") {
    let text =
      count > 0
      ? "Training goes on after \(unit) \(count)."
      : "There is nothing to go on from: training starts over."
    note(title.map { "\($0): \(text.prefix(1).lowercased())\(text.dropFirst())" } ?? text)
  }
}

extension DataError {
  /// The refusal to go on with a training that began with other data or flags.
  ///
  /// - Parameters:
  ///   - file: the file that says so.
  ///   - training: what that training is about, if it can be said in a few words.
  public static func otherTraining(_ file: URL, about training: String? = nil) -> DataError {
    DataError(
      "\(file.path) is about a training with other data or flags"
        + (training.map { " (\($0.prefix(200).filter { !$0.isNewline }))" } ?? "")
        + ": repeat the flags of that run, or start over without --resume.")
  }
}

extension URL {
  /// Whether there is such a file.
  var isFile: Bool { FileManager.default.fileExists(atPath: path) }
}
