import Synchronization

/// Samples and their targets for one step of training.
public struct Batch: Sendable {
  /// The samples, one part per input of the model.
  public let inputs: [Samples]
  /// Their targets, as many, one part per output.
  public let targets: [Samples]
  /// The samples for the first input.
  public var x: Samples { inputs[0] }
  /// The targets for the first output.
  public var y: Samples { targets[0] }

  /// Creates a batch.
  public init(x: any SamplesConvertible, y: any SamplesConvertible) {
    (inputs, targets) = ([x.samples], [y.samples])
  }

  /// Creates a batch for several inputs or outputs, in their order.
  public init(inputs: [any SamplesConvertible], targets: [any SamplesConvertible]) {
    require(
      !inputs.isEmpty && !targets.isEmpty,
      "A batch needs samples and targets, at least one of each.")
    (self.inputs, self.targets) = (inputs.map(\.samples), targets.map(\.samples))
  }
}

/// Batches without end, for data that is made while training goes on, such as augmented pictures.
///
/// `fit` asks for them one after another from a thread of its own, ahead of training.
public protocol BatchStream: AnyObject, Sendable {
  /// Makes the next batch.
  func nextBatch() throws -> Batch
}
