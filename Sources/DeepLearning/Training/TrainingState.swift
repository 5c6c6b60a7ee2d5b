import Foundation

/// The state of one or more models that are being trained, in a file: all that is needed to go on later as if training
/// had never been interrupted.
///
/// One safetensors file with all weights, what the optimizers remember, the state of the random numbers, and a remark of
/// the caller's. ``TrainingCheckpoint`` saves it while `fit` trains one model; a loop of one's own that trains several,
/// such as a generator and its discriminator, saves it itself:
///
/// ```swift
/// let state = TrainingState(url, [
///   ("generator", generator, generatorOptimizer),
///   ("discriminator", discriminator, discriminatorOptimizer),
/// ])
/// try state.save(remark: "step 100")
/// let remark = try state.restore()
/// ```
public struct TrainingState {
  /// A model, what it is called in the file, and what changes its weights.
  public typealias Part = (name: String, model: Model, optimizer: Optimizer)

  private let url: URL
  private let parts: [Part]

  /// Describes a file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - parts: the models, with names that differ. The weights of one without a name can be loaded alone, with
  ///     `loadWeights`.
  public init(_ url: URL, _ parts: [Part]) { (self.url, self.parts) = (url, parts) }

  /// The remark that was saved with the models, to be read before they are made.
  ///
  /// - Throws: `WeightsError`.
  public static func remark(in url: URL) throws -> String {
    try remark(in: TensorFile(contentsOf: url))
  }

  private static func remark(in file: TensorFile) throws -> String {
    guard let remark = file.metadata["remark"], file.metadata["states"] != nil else {
      throw file.bad("it holds weights, but not the state of a training run.")
    }
    return remark
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Parameter remark: whatever else the caller needs in order to go on.
  /// - Throws: `FileError`.
  public func save(remark: String) throws {
    var tensors: [(name: String, value: Tensor)] = []
    var records: [String: Record] = [:]
    for part in parts {
      for weight in part.model.weights {
        tensors.append((name(of: weight, in: part), weight.value))
        for (slot, value) in part.optimizer.state(of: weight).enumerated() {
          tensors.append((name(of: weight, in: part, slot: slot), value))
        }
      }
      records[part.name] = Record(part)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = String(decoding: try encoder.encode(records), as: UTF8.self)
    try TensorFile.write(tensors, metadata: ["remark": remark, "states": json], to: url)
  }

  /// Puts models and optimizers back into the state that was saved; nothing changes if the file does not fit.
  ///
  /// - Returns: the remark.
  /// - Throws: `WeightsError`.
  public func restore() throws -> String { try restore { $0 } }

  /// Restores if the remark can be read.
  func restore<Remark>(reading read: (String) -> Remark?) throws -> Remark {
    let file = try TensorFile(contentsOf: url)
    let text = try Self.remark(in: file)
    guard let json = file.metadata["states"],
      let records = try? JSONDecoder().decode([String: Record].self, from: Data(json.utf8))
    else { throw file.bad("it does not say how far training came.") }
    let restored = try parts.map { try values(of: $0, records, from: file) }
    guard let remark = read(text) else { throw file.bad("its history is damaged.") }
    for (part, (record, values, state)) in zip(parts, restored) {
      for (weight, value) in zip(part.model.weights, values) { weight.value = value }
      part.optimizer.restore(state: state, iterations: record.iterations)
      if let rate = record.learningRate { part.optimizer.learningRate = rate }
      part.model.random = record.random
    }
    return remark
  }

  private func values(
    of part: Part, _ records: [String: Record], from file: TensorFile
  ) throws -> (record: Record, values: [Tensor], state: [(Parameter, [Tensor])]) {
    guard let record = records[part.name] else {
      let names = records.keys.sorted().map { $0.isEmpty ? "one without a name" : $0 }
      throw file.bad(
        part.name.isEmpty
          ? "it holds several models: \(names.joined(separator: ", "))."
          : "it holds no model called \(part.name), but \(names.joined(separator: ", ")).")
    }
    if let saved = record.optimizer, saved != Record(part).optimizer {
      throw file.bad("it was saved with the optimizer \(saved).")
    }
    try Optimizer.check(updates: record.iterations, in: file)
    try Optimizer.check(learningRate: record.learningRate, in: file)
    let values = try part.model.weights.map {
      try file.tensor(name(of: $0, in: part), shape: $0.shape)
    }
    let trained = record.iterations == 0 ? [] : part.model.trainableWeights
    let state = try trained.map { weight in
      let slots = try part.optimizer.state(of: weight, in: file, updates: record.iterations) {
        name(of: weight, in: part, slot: $0)
      }
      return (weight, slots)
    }
    return (record, values, state)
  }

  /// What the file calls a weight, or a tensor that the optimizer remembers of it.
  private func name(of weight: Parameter, in part: Part, slot: Int? = nil) -> String {
    (part.name.isEmpty ? "" : part.name + "/") + (slot.map { "optimizer/\($0)/" } ?? "")
      + part.model.fileName(of: weight)
  }

  /// What a file holds of a part besides tensors.
  private struct Record: Codable {
    /// The type of the optimizer; older files do not have it.
    let optimizer: String?
    let iterations: Int
    /// What callbacks have made of the learning rate; older files do not have it.
    let learningRate: Float?
    let random: RandomGenerator

    init(_ part: Part) {
      optimizer = String(describing: type(of: part.optimizer))
      (iterations, random) = (part.optimizer.iterations, part.model.random)
      learningRate = part.optimizer.learningRate
    }
  }
}
