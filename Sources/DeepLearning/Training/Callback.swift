import Foundation

/// Watches a training run, and may end it.
///
/// All methods have an empty default; implement those that matter.
public protocol Callback: AnyObject {
  /// Called once, before the first step.
  func trainingWillBegin(_ run: TrainingRun) throws
  /// Called before the first step of each epoch.
  func epochWillBegin(_ run: TrainingRun) throws
  /// Called before each step, with `run.step` steps of the epoch done.
  func stepWillBegin(_ run: TrainingRun) throws
  /// Called after each step; `run.logs` holds the means over the epoch so far.
  func stepDidEnd(_ run: TrainingRun) throws
  /// Called after each epoch, validation included.
  func epochDidEnd(_ run: TrainingRun) throws
  /// Called once, after the last epoch, also if the run was ended early or failed.
  func trainingDidEnd(_ run: TrainingRun) throws
}

extension Callback {
  /// Does nothing.
  public func trainingWillBegin(_ run: TrainingRun) throws {}
  /// Does nothing.
  public func epochWillBegin(_ run: TrainingRun) throws {}
  /// Does nothing.
  public func stepWillBegin(_ run: TrainingRun) throws {}
  /// Does nothing.
  public func stepDidEnd(_ run: TrainingRun) throws {}
  /// Does nothing.
  public func epochDidEnd(_ run: TrainingRun) throws {}
  /// Does nothing.
  public func trainingDidEnd(_ run: TrainingRun) throws {}
}

/// The state of a training run, as callbacks see it.
public final class TrainingRun {
  /// The model being trained.
  public let model: Model
  /// The number of epochs asked for.
  public let epochs: Int
  /// The number of steps in an epoch.
  public let steps: Int
  /// The current epoch, counted from 1.
  public internal(set) var epoch = 0
  /// The number of finished steps of the current epoch.
  public internal(set) var step = 0
  /// The means over the current epoch so far; after it, also the validation's.
  public internal(set) var logs = Logs()
  /// All finished epochs.
  public internal(set) var history = History()
  /// The samples for each input and the targets of each output that each epoch is validated with; nil without
  /// validation.
  public let validation: (x: [Samples], y: [Samples])?
  /// Set this to end training: at once, keeping what has been learned.
  public var shouldStop = false
  /// Set this before the first epoch to have the learning rate of each epoch among its measurements, as `lr`.
  public var recordsLearningRate = false
  private let optimizer: Optimizer

  /// The size of a step, before the optimizer's own decay; what is set holds from the next step on.
  public var learningRate: Float {
    get { optimizer.learningRate }
    set {
      require(
        newValue.isFinite && newValue >= 0,
        "A learning rate of \(newValue) leads nowhere; set a number that is not negative.")
      optimizer.learningRate = newValue
    }
  }

  init(
    model: Model, _ optimizer: Optimizer, epochs: Int, steps: Int,
    validation: (x: [Samples], y: [Samples])?
  ) {
    self.model = model
    self.optimizer = optimizer
    self.epochs = epochs
    self.steps = steps
    self.validation = validation
  }
}

/// Ends training when a measurement has stopped falling.
public final class EarlyStopping: Callback {
  private let monitor: String
  private let patience: Int
  private let restoresBestWeights: Bool
  private var best = Float.infinity
  private var bestEpoch = 0
  private var bestWeights: [Tensor] = []

  /// Creates a callback.
  ///
  /// - Parameters:
  ///   - monitor: the measurement; the smaller the better, unless its name ends in `acc`.
  ///   - patience: for how many epochs it may fail to improve.
  ///   - restoresBestWeights: whether the weights of the best epoch are put back at the end.
  public init(monitor: String = "val_loss", patience: Int = 0, restoresBestWeights: Bool = false) {
    self.monitor = monitor
    self.patience = patience
    self.restoresBestWeights = restoresBestWeights
  }

  /// Forgets an earlier run.
  public func trainingWillBegin(_ run: TrainingRun) throws {
    (best, bestEpoch, bestWeights) = (.infinity, 0, [])
  }

  /// Compares the epoch with the best one.
  public func epochDidEnd(_ run: TrainingRun) throws {
    let value = try measurement(monitor, of: run)
    if value < best {
      best = value
      bestEpoch = run.epoch
      if restoresBestWeights { bestWeights = run.model.weights.map(\.value) }
    } else if run.epoch - bestEpoch > patience {
      run.shouldStop = true
    }
  }

  /// Puts the best weights back.
  public func trainingDidEnd(_ run: TrainingRun) throws {
    for (weight, value) in zip(run.model.weights, bestWeights) { weight.value = value }
  }
}

/// Saves the weights after each epoch, or only after the best so far.
public final class Checkpoint: Callback {
  private let url: URL
  private let monitor: String?
  private var best = Float.infinity

  /// Creates a callback.
  ///
  /// - Parameters:
  ///   - url: the file, replaced each time.
  ///   - monitor: if given, only epochs that improve this measurement are saved.
  public init(_ url: URL, keepingBest monitor: String? = nil) {
    self.url = url
    self.monitor = monitor
  }

  /// Forgets an earlier run.
  public func trainingWillBegin(_ run: TrainingRun) throws { best = .infinity }

  /// Saves the weights.
  public func epochDidEnd(_ run: TrainingRun) throws {
    if let monitor {
      let value = try measurement(monitor, of: run)
      guard value < best else { return }
      best = value
    }
    try run.model.saveWeights(to: url)
  }
}

/// Writes the history as comma-separated values; the file is rewritten after each epoch.
public final class CSVLogger: Callback {
  private let url: URL

  /// Creates a callback that writes to `url`.
  public init(_ url: URL) { self.url = url }

  /// Writes the file.
  public func epochDidEnd(_ run: TrainingRun) throws {
    try Data(run.history.csv.utf8).write(atomicallyTo: url)
  }
}

/// A measurement with its sign such that smaller is better.
func measurement(_ name: String, of run: TrainingRun) throws -> Float {
  guard let value = run.logs[name] else { throw TrainingError.noMeasurement(name, run.logs) }
  return falling(name, value)
}

/// A measured value with its sign such that smaller is better: accuracies should rise, all else should fall.
func falling(_ name: String, _ value: Float) -> Float { name.hasSuffix("acc") ? -value : value }
