import DeepLearning
import Foundation

/// What an unfinished training leaves in the folder of results.
struct TrainingFiles {
  /// All that is needed to go on.
  let state: URL
  /// The best weights so far.
  let best: URL

  init(of plan: Plan, in folder: URL) {
    state = folder.appending(path: "unfinished-\(plan.name).safetensors")
    best = folder.appending(path: "unfinished-\(plan.name)-best.safetensors")
  }

  /// Whether there is something to go on from.
  var exist: Bool {
    [state, best].allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// Removes them, once the training is finished.
  func remove() {
    for file in [state, best] { try? FileManager.default.removeItem(at: file) }
  }
}

/// Keeps the weights of the epoch with the best validation accuracy in a file, where they outlast
/// the program.
final class BestWeights: Callback {
  private let url: URL
  private var best: Float
  /// The best epoch so far.
  private(set) var epoch: Int?

  /// - Parameter past: the epochs of an earlier run, whose best weights are in the file.
  init(_ url: URL, past: History) {
    self.url = url
    let values = past["val_acc"]
    best = values.max() ?? -.infinity
    epoch = values.firstIndex(of: best).map { $0 + 1 }
  }

  func epochDidEnd(_ run: TrainingRun) throws {
    guard let value = run.logs["val_acc"], value > best else { return }
    try run.model.saveWeights(to: url)
    (best, epoch) = (value, run.epoch)
  }

  /// Gives a model the best weights, if there was a whole epoch.
  func putBack(into model: Model) throws {
    if epoch != nil { try model.loadWeights(from: url) }
  }
}
