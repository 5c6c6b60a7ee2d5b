/// Measurements by name, in the order in which they were taken: `loss`, `acc`, `val_loss`, `val_acc`.
public struct Logs: Sendable {
  /// The measurements.
  public private(set) var entries: [(name: String, value: Float)] = []

  /// Creates an empty list.
  public init() {}

  /// The measurement of that name.
  public subscript(name: String) -> Float? {
    get { entries.first { $0.name == name }?.value }
    set {
      if let index = entries.firstIndex(where: { $0.name == name }) {
        if let newValue { entries[index].value = newValue } else { entries.remove(at: index) }
      } else if let newValue {
        entries.append((name, newValue))
      }
    }
  }
}

/// What was measured in each epoch of a training run.
public struct History: Sendable {
  /// One list of measurements per epoch.
  public private(set) var epochs: [Logs] = []
  /// How long each epoch took, validation included.
  public private(set) var seconds: [Double] = []

  /// Creates an empty history.
  public init() {}

  /// One measurement over all epochs, such as `history["val_loss"]`; empty if it was never taken.
  public subscript(name: String) -> [Float] { epochs.compactMap { $0[name] } }

  /// The names of all measurements.
  public var names: [String] { epochs.first?.entries.map(\.name) ?? [] }

  /// The epoch, counted from 1, in which a measurement was smallest.
  public func epochOfMinimum(_ name: String) -> Int? {
    let values = self[name]
    return values.indices.min { values[$0] < values[$1] }.map { $0 + 1 }
  }

  mutating func append(_ logs: Logs, seconds: Double) {
    epochs.append(logs)
    self.seconds.append(seconds)
  }

  /// The history as comma-separated values, one line an epoch.
  public var csv: String {
    let lines = epochs.enumerated().map { epoch, logs in
      ([String(epoch + 1)] + names.map { logs[$0].map { String($0) } ?? "" })
        .joined(separator: ",")
    }
    return ([(["epoch"] + names).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }
}

/// What a model achieves on a set of samples.
public struct Evaluation: Sendable {
  /// The mean loss with all penalties, as Keras reports it.
  public let loss: Float
  /// The penalties' share of the loss.
  public let penalty: Float
  /// The metrics, in the order in which `compile` named them.
  public let metrics: [(metric: Metric, value: Float)]
  /// All measurements by the names that they have in a history without `val_`: `loss`, `age_loss`, `age_mae`.
  public let logs: Logs

  /// One measurement by its name, such as `age_loss`; NaN if it was not taken.
  public subscript(name: String) -> Float { logs[name] ?? .nan }
  /// One metric; NaN if the model was not compiled with it.
  public subscript(metric: Metric) -> Float {
    metrics.first { $0.metric == metric }?.value ?? .nan
  }
  /// The share of right answers; NaN if the model was not compiled with `.accuracy`.
  public var accuracy: Float {
    metrics.first { $0.metric.key == Metric.accuracy.key }?.value ?? .nan
  }
  /// The mean absolute error; NaN if the model was not compiled with `.meanAbsoluteError`.
  public var meanAbsoluteError: Float { self[.meanAbsoluteError] }
}
