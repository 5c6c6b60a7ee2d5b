import Synchronization

/// Samples and their targets for one step of training.
public struct Batch: Sendable {
  /// The samples.
  public let x: Samples
  /// Their targets, as many.
  public let y: Samples

  /// Creates a batch.
  public init(x: any SamplesConvertible, y: any SamplesConvertible) {
    (self.x, self.y) = (x.samples, y.samples)
  }
}

/// Batches without end, for data that is made while training goes on, such as augmented pictures.
///
/// `fit` asks for them one after another from a thread of its own, ahead of training.
public protocol BatchStream: AnyObject, Sendable {
  /// Makes the next batch.
  func nextBatch() throws -> Batch
}
