import DeepLearning
import Foundation
import Testing

/// What Keras or PyTorch computed with the same weights and picture.
struct GoldenNetwork: Decodable {
  /// Numbers spread evenly over a tensor.
  struct Sample: Decodable {
    let name: String?
    let shape: [Int]
    let step: Int
    /// The root mean square of all its numbers, not only of those stored.
    let norm: Double
    let values: [Float]
  }

  let parameters: Int
  let side: Int
  let preprocessed: Sample
  let layers: [Sample]

  /// The one of that name in a fixture.
  static func named(_ name: String, in file: String = "networks.json") throws -> GoldenNetwork {
    let all = try JSONDecoder().decode([String: GoldenNetwork].self, from: Data(bytes(of: file)))
    return try #require(all[name])
  }
}

/// Expects a tensor to be the sampled one; the tolerance is a fraction of the tensor's own size.
func expect(
  _ tensor: Tensor, equals sample: GoldenNetwork.Sample, tolerance: Float,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let name = sample.name ?? "preprocessed"
  #expect(Array(tensor.shape) == sample.shape, "\(name)", sourceLocation: sourceLocation)
  let scalars = tensor.scalars
  let squares = scalars.reduce(0.0) { $0 + Double($1) * Double($1) }
  let norm = (squares / Double(scalars.count)).squareRoot()
  #expect(
    abs(norm - sample.norm) <= Double(tolerance) * sample.norm, "\(name): \(norm), \(sample.norm)",
    sourceLocation: sourceLocation)
  let worst =
    zip(stride(from: 0, to: scalars.count, by: sample.step), sample.values)
    .map { abs(scalars[$0] - $1) }.max() ?? .infinity
  #expect(
    worst <= tolerance * Float(sample.norm), "\(name): off by \(worst) of \(sample.norm)",
    sourceLocation: sourceLocation)
}
