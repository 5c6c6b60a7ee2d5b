import Foundation

/// Saves after each epoch all that is needed to go on later as if training had never been interrupted.
///
/// One safetensors file: weights, what the optimizer remembers, the state of chance, and the history so far. Its
/// weights can also be loaded alone, with `loadWeights`.
public final class TrainingCheckpoint: Callback {
  private let url: URL

  /// Creates a callback that writes to `url`, anew after each epoch.
  public init(_ url: URL) { self.url = url }

  /// Saves the state.
  public func epochDidEnd(_ run: TrainingRun) throws {
    try run.model.saveTraining(run.history, to: url)
  }
}

extension Model {
  fileprivate func saveTraining(_ history: History, to url: URL) throws {
    guard let optimizer = training?.optimizer else { return }
    var tensors = weights.map { ($0.name, $0.value) }
    for weight in weights {
      for (index, slot) in optimizer.memory(of: weight).enumerated() {
        tensors.append(("optimizer/\(index)/\(weight.name)", slot))
      }
    }
    let state = SavedState(
      optimizer: String(describing: type(of: optimizer)), iterations: optimizer.iterations,
      learningRate: optimizer.learningRate,
      random: random, history: history)
    let json = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
    try TensorFile.write(tensors, metadata: [SavedState.name: json], to: url)
  }

  /// Puts the model back into the state that a ``TrainingCheckpoint`` saved.
  ///
  /// The model must be compiled with the same optimizer. Nothing changes if the file does not fit. Hand the
  /// history to `fit` to go on.
  ///
  /// - Returns: the history up to then.
  /// - Throws: `TrainingError.badWeights`.
  public func restoreTraining(from url: URL) throws -> History {
    guard let optimizer = training?.optimizer else {
      fail("Call compile(optimizer:loss:metrics:) before restoreTraining.")
    }
    let file = try TensorFile(contentsOf: url)
    guard let json = file.metadata[SavedState.name],
      let state = try? JSONDecoder().decode(SavedState.self, from: Data(json.utf8))
    else {
      throw TrainingError.badWeights(
        url, reason: "it holds weights, but not the state of a training run.")
    }
    guard state.optimizer == String(describing: type(of: optimizer)) else {
      throw TrainingError.badWeights(
        url, reason: "it was saved with the optimizer \(state.optimizer).")
    }
    try Optimizer.check(updates: state.iterations, in: file)
    try Optimizer.check(learningRate: state.learningRate, in: file)
    let values = try weights.map { try file.tensor($0.name, shape: $0.shape) }
    let trained = state.iterations == 0 ? [] : trainableWeights
    let slots = try trained.map { weight in
      try optimizer.memory(of: weight, in: file, updates: state.iterations) {
        "optimizer/\($0)/\(weight.name)"
      }
    }
    for (weight, value) in zip(weights, values) { weight.value = value }
    optimizer.restore(
      memory: zip(trained, slots).map { ($0, $1) }, iterations: state.iterations)
    if let rate = state.learningRate { optimizer.learningRate = rate }
    random = state.random
    return state.history
  }
}

/// What a checkpoint holds besides tensors.
private struct SavedState: Codable {
  static let name = "training"
  let optimizer: String
  let iterations: Int
  /// What callbacks have made of the learning rate; older files do not have it.
  let learningRate: Float?
  let random: RandomGenerator
  let history: History
}

extension RandomGenerator: Codable {
  /// Reads a state that was encoded.
  public init(from decoder: any Decoder) throws {
    let words = try [UInt64](from: decoder)
    guard words.count == 4, words.contains(where: { $0 != 0 }) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "Four words, not all zero."))
    }
    self.init(seed: 0)
    self.words = words
  }

  /// Writes the state, so that the numbers that follow will be the same.
  public func encode(to encoder: any Encoder) throws { try words.encode(to: encoder) }
}

extension History: Codable {
  private enum Key: CodingKey { case names, values, seconds }

  /// Reads a history that was encoded.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let names = try container.decode([String].self, forKey: .names)
    let values = try container.decode([[UInt32]].self, forKey: .values)
    let seconds = try container.decode([Double].self, forKey: .seconds)
    guard seconds.count == values.count, values.allSatisfy({ $0.count == names.count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "Lists of unequal length.")
    }
    self.init()
    for (epoch, seconds) in zip(values, seconds) {
      var logs = Logs()
      for (name, value) in zip(names, epoch) { logs[name] = Float(bitPattern: value) }
      append(logs, seconds: seconds)
    }
  }

  /// Writes the history; numbers by their bits, as JSON knows no infinity.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(names, forKey: .names)
    try container.encode(
      epochs.map { logs in names.map { (logs[$0] ?? .nan).bitPattern } }, forKey: .values)
    try container.encode(seconds, forKey: .seconds)
  }
}
