/// What checkpoints hold of an optimizer, read as untrusted numbers.
extension Optimizer {
  /// More updates than any training makes: a million each second for eight years.
  private static let mostUpdates = 1 << 48

  /// Refuses a number of updates that no training can have made.
  ///
  /// - Throws: `WeightsError`.
  static func check(updates: Int, in file: TensorFile) throws {
    guard (0...mostUpdates).contains(updates) else {
      throw file.bad(
        "it counts \(updates) updates, which no training makes; it is damaged. Train again without it."
      )
    }
  }

  /// Refuses a learning rate with which no training goes on.
  ///
  /// - Throws: `WeightsError`.
  static func check(learningRate: Float?, in file: TensorFile) throws {
    guard learningRate.map({ $0.isFinite && $0 >= 0 }) ?? true else {
      throw file.bad(
        "its learning rate is not a step size; it is damaged. Train again without it.")
    }
  }

  /// The state of a weight in a file.
  ///
  /// - Parameters:
  ///   - updates: how many updates had been made.
  ///   - name: what a slot of the weight is called in the file.
  /// - Throws: `WeightsError`.
  func state(
    of weight: Parameter, in file: TensorFile, updates: Int, name: (_ slot: Int) -> String
  ) throws -> [Tensor] {
    var tensors = try (0..<slotCount).map { try file.tensor(name($0), shape: weight.shape) }
    // When each row of an embedding was last updated.
    if decayWithoutGradient != nil, weight.shape.rank > 0, file.contains(name(slotCount)) {
      let lastUpdates = try file.tensor(name(slotCount), shape: [weight.shape[0]])
      guard lastUpdates.scalars.allSatisfy({ (0...Float(updates)).contains($0) }) else {
        throw file.bad(
          "\(name(slotCount)) holds last updates that are not among its \(updates) updates; it is damaged. Train again without it."
        )
      }
      tensors.append(lastUpdates)
    }
    return tensors
  }
}
