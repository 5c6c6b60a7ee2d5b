import Foundation

extension Model {
  /// Saves all weights in the safetensors format, whole or not at all.
  ///
  /// - Throws: `FileError`.
  public func saveWeights(to url: URL) throws {
    try TensorFile.write(weights.map { (fileName(of: $0), $0.value) }, to: url)
  }

  /// Loads weights that ``saveWeights(to:)`` saved from a model of the same layers.
  ///
  /// Nothing changes unless every weight of the model is in the file with its shape.
  ///
  /// - Throws: `WeightsError`.
  public func loadWeights(from url: URL) throws {
    let file = try TensorFile(contentsOf: url)
    let values = try weights.map { try file.tensor(fileName(of: $0), shape: $0.shape) }
    for (weight, value) in zip(weights, values) { weight.value = value }
  }
}
