import Foundation

/// Saves and restores models that a loop of one's own trains together, such as a generator and its discriminator.
///
/// One safetensors file with all weights, what the optimizers remember, where the models' chance stands, and a remark
/// of the caller's. Training that goes on from it makes the same numbers as training that was never interrupted.
///
/// ```swift
/// let checkpoint = JointCheckpoint(url, [
///   ("generator", generator, generatorOptimizer),
///   ("discriminator", discriminator, discriminatorOptimizer),
/// ])
/// try checkpoint.save(remark: "step 100")
/// let remark = try checkpoint.restore()
/// ```
public struct JointCheckpoint {
  /// A model, what it is called in the file, and what changes its weights.
  public typealias Part = (name: String, model: Model, optimizer: Optimizer)

  private let url: URL
  private let parts: [Part]

  /// Describes a checkpoint.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - parts: the models, with names that differ.
  public init(_ url: URL, _ parts: [Part]) { (self.url, self.parts) = (url, parts) }

  /// The remark that was saved with the models, to be read before they are made.
  ///
  /// - Throws: `TrainingError.badWeights`.
  public static func remark(in url: URL) throws -> String {
    let file = try TensorFile(contentsOf: url)
    guard let remark = file.metadata["remark"] else {
      throw TrainingError.badWeights(url, reason: "it is no checkpoint of models trained together.")
    }
    return remark
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Parameter remark: whatever else the caller needs in order to go on.
  /// - Throws: `TrainingError.notWritten`.
  public func save(remark: String) throws {
    var tensors: [(name: String, value: Tensor)] = []
    var states: [String: State] = [:]
    for (name, model, optimizer) in parts {
      for weight in model.weights {
        tensors.append(("\(name)/\(weight.name)", weight.value))
        for (slot, value) in optimizer.memory(of: weight).enumerated() {
          tensors.append((slotName(name, slot, weight), value))
        }
      }
      states[name] = State(
        iterations: optimizer.iterations, learningRate: optimizer.learningRate,
        random: model.random)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = String(decoding: try encoder.encode(states), as: UTF8.self)
    try TensorFile.write(tensors, metadata: ["remark": remark, "states": json], to: url)
  }

  /// Puts models and optimizers back into the state that was saved; nothing changes if the file does not fit.
  ///
  /// - Returns: the remark.
  /// - Throws: `TrainingError.badWeights`.
  public func restore() throws -> String {
    let remark = try Self.remark(in: url)
    let file = try TensorFile(contentsOf: url)
    guard let json = file.metadata["states"],
      let states = try? JSONDecoder().decode([String: State].self, from: Data(json.utf8))
    else { throw TrainingError.badWeights(url, reason: "it does not say how far training came.") }
    let restored = try parts.map { try read($0, states[$0.name], from: file) }
    for (part, (state, values, memory)) in zip(parts, restored) {
      for (weight, value) in zip(part.model.weights, values) { weight.value = value }
      part.optimizer.restore(memory: memory, iterations: state.iterations)
      if let rate = state.learningRate { part.optimizer.learningRate = rate }
      part.model.random = state.random
    }
    return remark
  }

  private func read(
    _ part: Part, _ state: State?, from file: TensorFile
  ) throws -> (state: State, values: [Tensor], memory: [(Parameter, [Tensor])]) {
    guard let state else { throw file.bad("it holds no model called \(part.name).") }
    try Optimizer.check(updates: state.iterations, in: file)
    try Optimizer.check(learningRate: state.learningRate, in: file)
    let values = try part.model.weights.map {
      try file.tensor("\(part.name)/\($0.name)", shape: $0.shape)
    }
    let trained = state.iterations == 0 ? [] : part.model.trainableWeights
    let memory = try trained.map { weight in
      let slots = try part.optimizer.memory(of: weight, in: file, updates: state.iterations) {
        slotName(part.name, $0, weight)
      }
      return (weight, slots)
    }
    return (state, values, memory)
  }

  private func slotName(_ part: String, _ slot: Int, _ weight: Parameter) -> String {
    "\(part)/optimizer/\(slot)/\(weight.name)"
  }

  /// What a file holds of a part besides tensors.
  private struct State: Codable {
    let iterations: Int
    /// Older files do not have it.
    let learningRate: Float?
    let random: RandomGenerator
  }
}
