import Foundation

/// Saves the ``TrainingState`` of the model after each epoch, with the history so far.
///
/// The weights in the file can also be loaded alone, with `loadWeights`.
public final class TrainingCheckpoint: Callback {
  private let url: URL

  /// Creates a callback that rewrites `url` after each epoch.
  public init(_ url: URL) { self.url = url }

  /// Saves the state.
  public func epochDidEnd(_ run: TrainingRun) throws {
    guard let optimizer = run.model.training?.optimizer else { return }
    let history = String(decoding: try JSONEncoder().encode(run.history), as: UTF8.self)
    try TrainingState(url, [("", run.model, optimizer)]).save(remark: history)
  }
}

extension Model {
  /// Puts the model back into the state that a ``TrainingCheckpoint`` saved.
  ///
  /// The model must be compiled with the same optimizer. Nothing changes if the file does not fit. Hand the
  /// history to `fit` to go on.
  ///
  /// - Returns: the history up to then.
  /// - Throws: `WeightsError`.
  public func restoreTraining(from url: URL) throws -> History {
    guard let optimizer = training?.optimizer else {
      fail("Call compile(optimizer:loss:metrics:) before restoreTraining.")
    }
    return try TrainingState(url, [("", self, optimizer)]).restore {
      try? JSONDecoder().decode(History.self, from: Data($0.utf8))
    }
  }
}
