import DeepLearning
import Foundation

/// What an unfinished training leaves in the folder of results, so that `--resume` can go on.
public struct TrainingFiles {
  /// All that is needed to go on; see `TrainingCheckpoint`.
  public let state: URL
  /// The best weights so far; see ``BestWeights``.
  public let best: URL

  /// Names the files of a training.
  ///
  /// - Parameters:
  ///   - name: what tells the chapter's trainings apart.
  ///   - folder: the folder of results.
  public init(of name: String, in folder: URL) {
    state = folder.appending(path: "unfinished-\(name).safetensors")
    best = folder.appending(path: "unfinished-\(name)-best.safetensors")
  }

  /// Names the files of a training that is over.
  init(finished name: String, in folder: URL) {
    state = folder.appending(path: "\(name)-training.safetensors")
    best = folder.appending(path: "\(name).safetensors")
  }

  /// Whether there is something to go on from.
  public var exist: Bool {
    [state, best].allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// Removes them, once the training is finished.
  public func remove() {
    for file in [state, best] { try? FileManager.default.removeItem(at: file) }
  }
}

/// Does something once, when the first epoch of a training is over: what earlier trainings have left goes only when
/// there is something new. Belongs before the callbacks that write that.
public final class AfterFirstEpoch: Callback {
  private var body: (() throws -> Void)?

  /// Creates a callback that does it.
  public init(_ body: @escaping () throws -> Void) { self.body = body }

  /// Does it.
  public func epochDidEnd(_ run: TrainingRun) throws {
    try body?()
    body = nil
  }
}

/// Keeps the weights of the epoch with the best measurement in a file, where they outlast the program.
public final class BestWeights: Callback {
  private let url: URL
  private let monitor: String
  private var best: Float
  /// The best epoch so far.
  public private(set) var epoch: Int?

  /// Creates a callback that writes to `url`.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - monitor: the measurement; the smaller the better, unless its name ends in `acc`.
  ///   - past: the epochs of an earlier run, whose best weights are in the file.
  public init(_ url: URL, monitor: String = "val_acc", past: History) {
    self.url = url
    self.monitor = monitor
    let values = past[monitor].map { monitor.hasSuffix("acc") ? -$0 : $0 }
    best = values.min() ?? .infinity
    epoch = values.firstIndex(of: best).map { $0 + 1 }
  }

  /// Saves the weights if no epoch has been better.
  public func epochDidEnd(_ run: TrainingRun) throws {
    guard let measured = run.logs[monitor] else { return }
    let value = monitor.hasSuffix("acc") ? -measured : measured
    guard value < best else { return }
    try run.model.saveWeights(to: url)
    (best, epoch) = (value, run.epoch)
  }

  /// Gives a model the best weights, if there was a whole epoch.
  public func putBack(into model: Model) throws {
    if epoch != nil { try model.loadWeights(from: url) }
  }
}
